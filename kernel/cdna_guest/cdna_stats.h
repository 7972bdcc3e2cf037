/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters, for ethtool and for the stack.
 */
#ifndef CDNA_STATS_H
#define CDNA_STATS_H

#include "cdna_dev.h"

struct netdev_stat_ops;

extern const struct netdev_stat_ops cdna_stats_ops;

int cdna_stats_count(const struct cdna_dev *dev);
void cdna_stats_names(const struct cdna_dev *dev, u8 *data);
void cdna_stats_values(struct cdna_dev *dev, u64 *data);
void cdna_stats_get64(struct net_device *netdev,
		      struct rtnl_link_stats64 *stats);

#endif /* CDNA_STATS_H */
