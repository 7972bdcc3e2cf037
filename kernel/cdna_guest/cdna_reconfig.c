// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator changes and what needs new queues.
 */
#include <linux/rtnetlink.h>

#include "cdna_queues.h"
#include "cdna_reconfig.h"
#include "cdna_recover.h"
#include "cdna_rss.h"

/**
 * struct reconfig_shape - number and sizes of queues
 * @nr_qps: queue pairs
 * @tx_slots: of transmit rings
 * @rx_slots: of receive rings
 */
struct reconfig_shape {
	u32 nr_qps;
	u32 tx_slots;
	u32 rx_slots;
};

static struct reconfig_shape reconfig_now(const struct cdna_dev *dev)
{
	return (struct reconfig_shape) {
		.nr_qps = dev->nr_qps,
		.tx_slots = dev->tx_slots,
		.rx_slots = dev->rx_slots,
	};
}

/* Without queues. A shape that was in use before is taken without an error: the
 * stack has memory for it.
 */
static int reconfig_take(struct cdna_dev *dev,
			 const struct reconfig_shape *shape)
{
	int ret = 0;

	if (shape->nr_qps != dev->nr_qps)
		ret = netif_set_real_num_queues(dev->netdev, shape->nr_qps,
						shape->nr_qps);
	if (ret)
		return ret;
	dev->nr_qps = shape->nr_qps;
	cdna_rss_spread(dev);
	dev->tx_slots = shape->tx_slots;
	dev->rx_slots = shape->rx_slots;
	return 0;
}

/* If queues of the new shape cannot be created, the old shape stays. If that
 * fails as well, the recovery retries.
 */
static int reconfig_apply(struct cdna_dev *dev,
			  const struct reconfig_shape *shape)
{
	const struct reconfig_shape old = reconfig_now(dev);
	bool up = test_bit(CDNA_DEV_UP, &dev->flags);
	int ret;

	ASSERT_RTNL();

	if (up)
		cdna_queues_down(dev);
	ret = reconfig_take(dev, shape);
	if (!ret && up)
		ret = cdna_queues_up(dev);
	if (!ret)
		return 0;
	reconfig_take(dev, &old);
	if (up && cdna_queues_up(dev))
		cdna_recover_retry(dev);
	return ret;
}

/**
 * cdna_reconfig_rings - change the sizes of the rings
 * @dev: the device
 * @tx_slots: of transmit rings, a power of two within the limits
 * @rx_slots: of receive rings, the same
 *
 * If rings of these sizes cannot be created, the old sizes stay.
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0 or an error.
 */
int cdna_reconfig_rings(struct cdna_dev *dev, u32 tx_slots, u32 rx_slots)
{
	struct reconfig_shape shape = reconfig_now(dev);

	shape.tx_slots = tx_slots;
	shape.rx_slots = rx_slots;
	return reconfig_apply(dev, &shape);
}

/**
 * cdna_reconfig_pairs - change the number of queue pairs
 * @dev: the device
 * @nr_qps: from 1 to what the device allows
 *
 * If so many cannot be created, the old number stays.
 *
 * Context: Process context, under rtnl. May sleep.
 * Return: 0 or an error.
 */
int cdna_reconfig_pairs(struct cdna_dev *dev, u32 nr_qps)
{
	struct reconfig_shape shape = reconfig_now(dev);

	shape.nr_qps = nr_qps;
	return reconfig_apply(dev, &shape);
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
	const struct reconfig_shape shape = reconfig_now(dev);

	return reconfig_apply(dev, &shape);
}
