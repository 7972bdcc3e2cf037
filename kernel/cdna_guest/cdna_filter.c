// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which frames that are not for our address are received. The stack says so
 * with a spinlock held; a command may sleep: a work tells the device.
 */
#include <linux/crc32.h>
#include <linux/rtnetlink.h>

#include "cdna_dev.h"
#include "cdna_vcmd.h"

/* Places of group addresses; see struct cdna_admin_filter. */
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
 * cdna_filter_set - tell the device what the interface wants to receive
 * @dev: the device, active
 *
 * Whether a guest gets frames for others is up to the host, and not told.
 *
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
 * cdna_filter_work - the filter has changed
 * @work: cdna_dev.filter
 */
void cdna_filter_work(struct work_struct *work)
{
	struct cdna_dev *dev = container_of(work, struct cdna_dev, filter);

	rtnl_lock();
	if (test_bit(CDNA_DEV_UP, &dev->flags))
		cdna_filter_set(dev);
	rtnl_unlock();
}
