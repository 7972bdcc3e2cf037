// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling. The device chooses a queue pair by a Toeplitz hash and a table;
 * the settings are the interface's, and the device has them while it has queues. One without
 * CDNA_VFEAT_RSS spreads flows as it likes.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "cdna_rss.h"
#include "cdna_vcmd.h"

/**
 * cdna_rss_spread - have each queue pair in use receive as much as another
 * @dev: the device
 *
 * A table that a user has chosen stays: the stack refuses to take queue pairs away that
 * it names.
 *
 * Context: Process context, under rtnl, or at probe.
 */
void cdna_rss_spread(struct cdna_dev *dev)
{
	u32 i;

	if (netif_is_rxfh_configured(dev->netdev))
		return;
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		dev->rss.table[i] = ethtool_rxfh_indir_default(i, dev->nr_qps);
}

/**
 * cdna_rss_init - a key, and a table for the queue pairs in use
 * @dev: the device, its capabilities known
 */
void cdna_rss_init(struct cdna_dev *dev)
{
	netdev_rss_key_fill(dev->rss.key, sizeof(dev->rss.key));
	dev->rss.types = cpu_to_le32(CDNA_RSS_TYPES);
	cdna_rss_spread(dev);
}

/**
 * cdna_rss_set - set the scaling of the interface in the device
 * @dev: the device, active
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0, also if the device cannot do it, or need not because there is one queue
 * pair; or an error.
 */
int cdna_rss_set(struct cdna_dev *dev)
{
	ASSERT_RTNL();

	if (!(dev->features & CDNA_VFEAT_RSS) || dev->nr_qps < 2)
		return 0;
	return cdna_vcmd_set_rss(dev, &dev->rss);
}
