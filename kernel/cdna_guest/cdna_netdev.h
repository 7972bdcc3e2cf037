/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network interface.
 */
#ifndef CDNA_NETDEV_H
#define CDNA_NETDEV_H

#include "cdna_dev.h"

struct cdna_dev *cdna_netdev_create(struct device *device,
				    const struct cdna_bus_ops *bus);
int cdna_netdev_register(struct cdna_dev *dev);
void cdna_netdev_unregister(struct cdna_dev *dev);

#endif /* CDNA_NETDEV_H */
