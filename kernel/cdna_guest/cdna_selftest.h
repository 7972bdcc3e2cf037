/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Self-test.
 */
#ifndef CDNA_SELFTEST_H
#define CDNA_SELFTEST_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>

int cdna_selftest_count(void);
void cdna_selftest_names(u8 *data);
void cdna_selftest_run(struct net_device *netdev, struct ethtool_test *test,
		       u64 *data);

#endif /* CDNA_SELFTEST_H */
