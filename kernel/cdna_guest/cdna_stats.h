/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What administrators look at: counters, self-test, ethtool.
 */
#ifndef CDNA_STATS_H
#define CDNA_STATS_H

#include "cdna_qp.h"

/* cdna_stats.c */
extern const struct netdev_stat_ops cdna_stats_ops;
int cdna_stats_count(const struct cdna_dev *dev);
void cdna_stats_names(const struct cdna_dev *dev, u8 *data);
void cdna_stats_values(struct cdna_dev *dev, u64 *data);

/* cdna_selftest.c */
struct ethtool_test;

int cdna_selftest_count(void);
void cdna_selftest_names(u8 *data);
void cdna_selftest_run(struct net_device *netdev, struct ethtool_test *test,
		       u64 *data);

/* cdna_ethtool.c */
extern const struct ethtool_ops cdna_ethtool_ops;

#endif /* CDNA_STATS_H */
