/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmit.
 */
#ifndef CDNA_TX_H
#define CDNA_TX_H

#include <linux/netdevice.h>

netdev_tx_t cdna_tx_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t cdna_tx_features_check(struct sk_buff *skb,
					 struct net_device *netdev,
					 netdev_features_t features);

#endif /* CDNA_TX_H */
