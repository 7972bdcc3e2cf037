// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which frames to other addresses are received. The stack changes that with a
 * spinlock held, but a command may sleep, so a work sets the filter.
 */
#include <linux/crc32.h>
#include <linux/rtnetlink.h>

#include "cdna_filter.h"
#include "cdna_vcmd.h"

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

/**
 * cdna_filter_work - set the receive filter after a change
 * @work: cdna_dev.filter
 *
 * Context: Work. Takes rtnl.
 */
void cdna_filter_work(struct work_struct *work)
{
	struct cdna_dev *dev = container_of(work, struct cdna_dev, filter);

	rtnl_lock();
	if (test_bit(CDNA_DEV_UP, &dev->flags))
		cdna_filter_set(dev);
	rtnl_unlock();
}
