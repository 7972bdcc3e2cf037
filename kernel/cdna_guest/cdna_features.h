/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Offloads, as the stack and as the device name them. Called under rtnl.
 */
#ifndef CDNA_FEATURES_H
#define CDNA_FEATURES_H

#include "cdna_dev.h"

u32 cdna_features_offloads(const struct cdna_dev *dev, u32 dir);
bool cdna_features_need_queues(netdev_features_t changed);
netdev_features_t cdna_features_fix(struct net_device *netdev,
				    netdev_features_t features);
bool cdna_features_owed(const struct cdna_dev *dev);
void cdna_features_return(struct cdna_dev *dev);
void cdna_features_announce(struct cdna_dev *dev);

#endif /* CDNA_FEATURES_H */
