/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NIC as a devlink instance.
 */
#ifndef CDNA_DEVLINK_H
#define CDNA_DEVLINK_H

struct cdna_nic;
struct device;

struct cdna_nic *cdna_devlink_alloc(struct device *dev);
void cdna_devlink_free(struct cdna_nic *nic);

#endif /* CDNA_DEVLINK_H */
