/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NIC's attributes in sysfs.
 */
#ifndef CDNA_SYSFS_H
#define CDNA_SYSFS_H

struct attribute_group;

extern const struct attribute_group *cdna_sysfs_groups[];

#endif /* CDNA_SYSFS_H */
