// SPDX-License-Identifier: GPL-2.0-only
/*
 * All queue pairs of the device together: up and down.
 *
 * The device is up (CDNA_DEV_UP) while it has queues. Between going down and
 * coming up again for a restart, the interface stays up for its users, with its
 * queues stopped and without a carrier.
 */
#include <linux/rtnetlink.h>

#include "cdna_filter.h"
#include "cdna_link.h"
#include "cdna_qp.h"
#include "cdna_queues.h"
#include "cdna_rss.h"
#include "cdna_vcmd.h"

static int queues_start(struct cdna_dev *dev)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < dev->nr_qps && !ret; i++)
		ret = cdna_qp_start(&dev->qp[i]);
	/* Frames come all the same if it cannot be set, which was logged. */
	if (!ret && cdna_rss_set(dev) == -ENODEV)
		ret = -ENODEV;
	if (!ret)
		ret = cdna_filter_set(dev);
	if (!ret)
		return 0;
	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_quiesce(&dev->qp[i]);
	return ret;
}

static int queues_alloc(struct cdna_dev *dev)
{
	int ret;
	u32 i;

	for (i = 0; i < dev->nr_qps; i++) {
		ret = cdna_qp_alloc(&dev->qp[i]);
		if (ret)
			goto err_free;
	}
	return 0;

err_free:
	netdev_err(dev->netdev,
		   "no memory for rings of %u and %u slots; make them smaller with ethtool -G\n",
		   dev->tx_slots, dev->rx_slots);
	while (i--)
		cdna_qp_free(&dev->qp[i]);
	return ret;
}

static void queues_free(struct cdna_dev *dev)
{
	u32 i;

	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_free(&dev->qp[i]);
}

/* No DMA may reach the memory of the queues when it is released: either the
 * host has confirmed the reset, or the device is gone. If the reset fails
 * otherwise, clear bus mastering.
 */
static void queues_destroy(struct cdna_dev *dev)
{
	if (cdna_vcmd_reset(dev))
		dev->bus->set_master(dev, false);
	queues_free(dev);
}

/* A reset has the device return to the address that the host assigned. */
static int queues_restore_mac(struct cdna_dev *dev)
{
	const u8 *mac = dev->netdev->dev_addr;

	return ether_addr_equal(mac, dev->caps.mac) ?
	       0 : cdna_vcmd_set_mac(dev, mac);
}

/**
 * cdna_queues_up - create the queues and start traffic
 * @dev: the device, in any state
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0, or an error; then there are no queues.
 */
int cdna_queues_up(struct cdna_dev *dev)
{
	int ret;

	ASSERT_RTNL();

	ret = cdna_vcmd_reset(dev);
	if (ret)
		return ret;
	dev->bus->set_master(dev, true);
	ret = queues_alloc(dev);
	if (ret)
		return ret;
	ret = cdna_vcmd_activate(dev);
	if (!ret)
		ret = queues_restore_mac(dev);
	if (!ret)
		ret = queues_start(dev);
	if (ret) {
		queues_destroy(dev);
		return ret;
	}

	/* Requests for new queues are fulfilled. */
	clear_bit(CDNA_DEV_RESTART, &dev->flags);
	set_bit(CDNA_DEV_UP, &dev->flags);
	netif_tx_wake_all_queues(dev->netdev);
	cdna_link_update(dev);
	return 0;
}

/**
 * cdna_queues_down - stop traffic and destroy the queues
 * @dev: the device; may be down already, or gone
 *
 * Context: Process context, under rtnl. May sleep.
 */
void cdna_queues_down(struct cdna_dev *dev)
{
	u32 i;

	ASSERT_RTNL();
	might_sleep();

	netif_carrier_off(dev->netdev);
	if (!test_and_clear_bit(CDNA_DEV_UP, &dev->flags))
		return;
	cdna_filter_quiesce(dev);
	netif_tx_disable(dev->netdev);
	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_quiesce(&dev->qp[i]);
	queues_destroy(dev);
}
