// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which frames to other addresses are received. The stack changes that with a
 * spinlock held, but a command may sleep, so a work sets the filter. Nobody asks
 * again if the command fails, so the work repeats it, until it succeeds or the
 * queues go: those that come instead get the filter from the start.
 */
#include <linux/crc32.h>
#include <linux/rtnetlink.h>

#include "cdna_filter.h"
#include "cdna_vcmd.h"

#define FILTER_MAX_BACKOFF	64

/* Hash group addresses; see struct cdna_admin_filter. */
static void filter_hash(struct net_device *netdev, u64 *hash)
{
	struct netdev_hw_addr *ha;
	u32 bit;

	netdev_for_each_mc_addr(ha, netdev) {
		bit = ether_crc(ETH_ALEN, ha->addr) >> 24;
		hash[bit / 64] |= BIT_ULL(bit % 64);
	}
}

/**
 * cdna_filter_set - set the receive filter of the interface in the device
 * @dev: the device, active
 *
 * Whether a guest gets frames to other addresses is the host's decision, which
 * it does not report.
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0 or an error.
 */
int cdna_filter_set(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;
	u64 hash[CDNA_VCMD_MC_WORDS] = {};
	u32 flags = 0;

	ASSERT_RTNL();

	netif_addr_lock_bh(netdev);
	if (netdev->flags & IFF_BROADCAST)
		flags |= CDNA_FILTER_BROADCAST;
	if (netdev->flags & (IFF_ALLMULTI | IFF_PROMISC))
		flags |= CDNA_FILTER_ALLMULTI;
	if (netdev->flags & IFF_PROMISC)
		flags |= CDNA_FILTER_PROMISC;
	filter_hash(netdev, hash);
	netif_addr_unlock_bh(netdev);

	return cdna_vcmd_filter(dev, flags, hash);
}

/* Later each time. A change of the filter meanwhile does not wait. */
static void filter_retry(struct cdna_dev *dev)
{
	dev->filter_backoff = dev->filter_backoff ?
			      min(dev->filter_backoff * 2,
				  FILTER_MAX_BACKOFF) : 1;
	schedule_delayed_work(&dev->filter, dev->filter_backoff * HZ);
}

/**
 * cdna_filter_work - set the receive filter after a change, or a failure
 * @work: cdna_dev.filter
 *
 * Context: Work. Takes rtnl.
 */
void cdna_filter_work(struct work_struct *work)
{
	struct cdna_dev *dev = container_of(to_delayed_work(work),
					    struct cdna_dev, filter);

	rtnl_lock();
	if (test_bit(CDNA_DEV_UP, &dev->flags)) {
		if (cdna_filter_set(dev))
			filter_retry(dev);
		else
			dev->filter_backoff = 0;
	}
	rtnl_unlock();
}

/**
 * cdna_filter_quiesce - repeat no command any longer
 * @dev: the device, no longer up
 *
 * The work may still run, and finds that. Does not wait for it: it takes rtnl.
 *
 * Context: Process context, under rtnl.
 */
void cdna_filter_quiesce(struct cdna_dev *dev)
{
	dev->filter_backoff = 0;
	cancel_delayed_work(&dev->filter);
}
