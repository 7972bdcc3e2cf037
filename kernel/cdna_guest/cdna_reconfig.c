// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator changes and what needs new queues.
 */
#include <linux/rtnetlink.h>

#include "cdna_queues.h"
#include "cdna_reconfig.h"
#include "cdna_recover.h"

/**
 * cdna_reconfig_rings - change the sizes of the rings
 * @dev: the device
 * @tx_slots: of transmit rings, a power of two within the limits
 * @rx_slots: of receive rings, the same
 *
 * If rings of these sizes cannot be created, the old sizes stay. If those
 * cannot be created again either, the recovery retries.
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0 or an error.
 */
int cdna_reconfig_rings(struct cdna_dev *dev, u32 tx_slots, u32 rx_slots)
{
	bool up = test_bit(CDNA_DEV_UP, &dev->flags);
	u32 old_tx = dev->tx_slots;
	u32 old_rx = dev->rx_slots;
	int ret = 0;

	ASSERT_RTNL();

	if (up)
		cdna_queues_down(dev);
	dev->tx_slots = tx_slots;
	dev->rx_slots = rx_slots;
	if (up)
		ret = cdna_queues_up(dev);
	if (!ret)
		return 0;
	dev->tx_slots = old_tx;
	dev->rx_slots = old_rx;
	if (cdna_queues_up(dev))
		cdna_recover_retry(dev);
	return ret;
}

/**
 * cdna_reconfig_restart - create new queues, if there are any
 * @dev: the device
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0, or an error; the recovery then retries.
 */
int cdna_reconfig_restart(struct cdna_dev *dev)
{
	return cdna_reconfig_rings(dev, dev->tx_slots, dev->rx_slots);
}
