// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offloads, by the names of the stack and by those of the device.
 */
#include <linux/rtnetlink.h>

#include "cdna_dev.h"

/* What queues are made for: a change means new ones */
#define FEATURES_OF_QUEUES \
	(NETIF_F_LRO | NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_RX)

/**
 * struct features_offload - what an offload is called on both sides
 * @feature: NETIF_F_*
 * @offload: CDNA_OFFLOAD_*
 * @dir: CDNA_DIR_* of the queues that do it
 */
struct features_offload {
	netdev_features_t feature;
	u32 offload;
	u32 dir;
};

static const struct features_offload features_offloads[] = {
	{ NETIF_F_SG, CDNA_OFFLOAD_SG, CDNA_DIR_TX },
	{ NETIF_F_HW_CSUM, CDNA_OFFLOAD_TX_CSUM, CDNA_DIR_TX },
	{ NETIF_F_TSO | NETIF_F_TSO_ECN, CDNA_OFFLOAD_TSO4, CDNA_DIR_TX },
	{ NETIF_F_TSO6, CDNA_OFFLOAD_TSO6, CDNA_DIR_TX },
	{ NETIF_F_HW_VLAN_CTAG_TX, CDNA_OFFLOAD_TX_VLAN, CDNA_DIR_TX },
	{ NETIF_F_RXCSUM, CDNA_OFFLOAD_RX_CSUM, CDNA_DIR_RX },
	{ NETIF_F_LRO, CDNA_OFFLOAD_LRO, CDNA_DIR_RX },
	{ NETIF_F_HW_VLAN_CTAG_RX, CDNA_OFFLOAD_RX_VLAN, CDNA_DIR_RX },
};

/**
 * cdna_features_offloads - what to make a queue for
 * @dev: the device
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 *
 * Transmit offloads are asked for by each frame, receive offloads by the
 * interface's features.
 *
 * Return: CDNA_OFFLOAD_*.
 */
u32 cdna_features_offloads(const struct cdna_dev *dev, u32 dir)
{
	const struct features_offload *row;
	u32 offloads = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(features_offloads); i++) {
		row = &features_offloads[i];
		if (row->dir == dir && (dir == CDNA_DIR_TX ||
					dev->netdev->features & row->feature))
			offloads |= row->offload;
	}
	return offloads & dev->caps.offloads;
}

/**
 * cdna_features_fix - ndo_fix_features
 * @netdev: the interface
 * @features: wanted
 *
 * Return: what can be had of them.
 */
netdev_features_t cdna_features_fix(struct net_device *netdev,
				    netdev_features_t features)
{
	/* Only frames whose sums were verified are merged. */
	if (!(features & NETIF_F_RXCSUM))
		features &= ~NETIF_F_LRO;
	return features;
}

/**
 * cdna_features_set - ndo_set_features
 * @netdev: the interface
 * @features: what it should have from now on
 *
 * Return: 0, or an error if queues could not be made for them.
 */
int cdna_features_set(struct net_device *netdev, netdev_features_t features)
{
	netdev_features_t old = netdev->features;
	int ret;

	if (!((old ^ features) & FEATURES_OF_QUEUES))
		return 0;
	netdev->features = features;
	ret = cdna_netdev_restart(netdev_priv(netdev));
	if (!ret)
		return 0;
	/* Queues that could be made after all are still those of the new. */
	netdev->features = old;
	cdna_netdev_restart(netdev_priv(netdev));
	return ret;
}

/**
 * cdna_features_announce - tell the stack what the device can do
 * @dev: the device, identified
 */
void cdna_features_announce(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;
	netdev_features_t features = NETIF_F_RXHASH;
	const struct features_offload *row;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(features_offloads); i++) {
		row = &features_offloads[i];
		if (dev->caps.offloads & row->offload)
			features |= row->feature;
	}
	if (dev->caps.max_chain <= 3)
		features &= ~NETIF_F_ALL_TSO;
	netdev->hw_features = features;
	netdev->features = cdna_features_fix(netdev, features) |
			   NETIF_F_HIGHDMA;
	netdev->vlan_features = (features & (NETIF_F_SG | NETIF_F_HW_CSUM |
					     NETIF_F_ALL_TSO)) |
				NETIF_F_HIGHDMA;
}
