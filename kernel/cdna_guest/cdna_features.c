// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offloads, as the stack and as the device name them.
 *
 * The NIC merges only what can be cut into the same frames again, and what it
 * merged reaches the stack as a frame to be segmented. So merging is hardware
 * GRO, not LRO: forwarding and bridges leave it on. Generic XDP switches it off,
 * because programs see each frame, but nobody switches it on again when the
 * program goes: that is done here.
 */
#include <linux/rtnetlink.h>

#include "cdna_features.h"

/* Queues are created for these; a change needs new queues. */
#define FEATURES_OF_QUEUES \
	(NETIF_F_GRO_HW | NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_RX)

/* What the NIC does for frames within tunnels, too: a checksum is that of the
 * bytes from an offset, wherever the headers are. Segmentation is not.
 */
#define FEATURES_OF_TUNNELS \
	(NETIF_F_SG | NETIF_F_HW_CSUM)

/**
 * struct features_offload - the names of an offload on both sides
 * @feature: NETIF_F_*
 * @offload: CDNA_OFFLOAD_*
 * @dir: CDNA_DIR_* of the queues that it concerns
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
	{ NETIF_F_GRO_HW, CDNA_OFFLOAD_LRO, CDNA_DIR_RX },
	{ NETIF_F_HW_VLAN_CTAG_RX, CDNA_OFFLOAD_RX_VLAN, CDNA_DIR_RX },
};

/**
 * cdna_features_offloads - the offloads to create a queue with
 * @dev: the device
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 *
 * Each frame requests its transmit offloads; receive offloads follow from the
 * features of the interface.
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
 * cdna_features_need_queues - whether a change of features needs new queues
 * @changed: NETIF_F_*
 *
 * Return: whether it does.
 */
bool cdna_features_need_queues(netdev_features_t changed)
{
	return changed & FEATURES_OF_QUEUES;
}

static bool features_has_xdp(const struct net_device *netdev)
{
	return rcu_access_pointer(netdev->xdp_prog);
}

/* Does generic XDP switch merging off, which is on? */
static void features_lend(struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	if (features_has_xdp(netdev) && netdev->features & NETIF_F_GRO_HW &&
	    !(netdev->wanted_features & NETIF_F_GRO_HW))
		set_bit(CDNA_DEV_MERGE_LENT, &dev->flags);
}

/**
 * cdna_features_owed - whether merging can be switched on again
 * @dev: the device
 *
 * Context: Any; the poll asks this.
 * Return: whether generic XDP switched it off, and is gone.
 */
bool cdna_features_owed(const struct cdna_dev *dev)
{
	return test_bit(CDNA_DEV_MERGE_LENT, &dev->flags) &&
	       !features_has_xdp(dev->netdev);
}

/**
 * cdna_features_return - switch merging on again, if generic XDP is gone
 * @dev: the device
 *
 * Context: Process context, under rtnl. May sleep, and create new queues.
 */
void cdna_features_return(struct cdna_dev *dev)
{
	ASSERT_RTNL();

	if (!cdna_features_owed(dev))
		return;
	clear_bit(CDNA_DEV_MERGE_LENT, &dev->flags);
	dev->netdev->wanted_features |= NETIF_F_GRO_HW;
	netdev_update_features(dev->netdev);
}

/**
 * cdna_features_fix - ndo_fix_features
 * @netdev: the interface
 * @features: requested
 *
 * Return: those of them that can be enabled together.
 */
netdev_features_t cdna_features_fix(struct net_device *netdev,
				    netdev_features_t features)
{
	features_lend(netdev);
	/* Only frames whose checksums were verified are merged, and only where
	 * the stack may merge frames.
	 */
	if (!(features & NETIF_F_RXCSUM) || !(features & NETIF_F_GRO))
		features &= ~NETIF_F_GRO_HW;
	return features;
}

/**
 * cdna_features_announce - set the features of the interface
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
	/* Those that depend on others are fixed when the stack registers it. */
	netdev->features = features | NETIF_F_HIGHDMA;
	netdev->vlan_features = (features & (NETIF_F_SG | NETIF_F_HW_CSUM |
					     NETIF_F_ALL_TSO)) |
				NETIF_F_HIGHDMA;
	netdev->hw_enc_features = (features & FEATURES_OF_TUNNELS) |
				  NETIF_F_HIGHDMA;
}
