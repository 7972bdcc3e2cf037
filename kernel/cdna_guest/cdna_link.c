// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the link: carrier and speed.
 */
#include "cdna_link.h"
#include "cdna_vreg.h"

/**
 * cdna_link_update - have the carrier follow the link
 * @dev: the device
 *
 * Context: Process context, under rtnl.
 */
void cdna_link_update(struct cdna_dev *dev)
{
	u32 link = cdna_vreg_read(dev, CDNA_VREG_LINK);
	u32 speed = cdna_vreg_read(dev, CDNA_VREG_SPEED);
	struct net_device *netdev = dev->netdev;
	bool up;

	up = link & CDNA_LINK_UP && test_bit(CDNA_DEV_UP, &dev->flags) &&
	     !test_bit(CDNA_DEV_GONE, &dev->flags);
	dev->speed = speed <= INT_MAX ? speed : 0;
	if (up)
		netif_carrier_on(netdev);
	else
		netif_carrier_off(netdev);
	/* Restarts switch the carrier off for a moment; do not log those. */
	if (up != dev->link_logged && net_ratelimit())
		netdev_info(netdev, "link is %s\n", up ? "up" : "down");
	dev->link_logged = up;
}
