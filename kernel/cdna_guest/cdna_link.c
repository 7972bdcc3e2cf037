// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the link: carrier and speed.
 */
#include "cdna_link.h"
#include "cdna_vreg.h"

/* Both states are logged alike, and what a limit of messages kept out of the log
 * is logged later. A restart switches the carrier off for a moment, which is not.
 */
static void link_log(struct cdna_dev *dev, bool up)
{
	enum cdna_link_log news = up ? CDNA_LINK_LOG_UP : CDNA_LINK_LOG_DOWN;

	if (news == dev->link_logged || !net_ratelimit())
		return;
	netdev_info(dev->netdev, "link is %s\n", up ? "up" : "down");
	dev->link_logged = news;
}

/**
 * cdna_link_stop - log that the link is down, because the interface is
 * @dev: the device, down
 *
 * Context: Process context, under rtnl.
 */
void cdna_link_stop(struct cdna_dev *dev)
{
	link_log(dev, false);
}

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
	/* Who stops the interface logs that. */
	if (netif_running(netdev))
		link_log(dev, up);
}
