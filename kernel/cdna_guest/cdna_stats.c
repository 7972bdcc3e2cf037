// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, as `ethtool -S` and the stack's queue statistics show them.
 *
 * Sums include the pairs that are no longer in use: they never shrink.
 */
#include <linux/ethtool.h>
#include <net/netdev_queues.h>

#include "cdna_queue_pair.h"
#include "cdna_stats.h"

/**
 * struct stats_field - a counter of the whole device
 * @name: as shown
 * @offset: of the u64 in struct cdna_recovery
 */
struct stats_field {
	const char *name;
	size_t offset;
};

#define STATS_FIELD(field) { #field, offsetof(struct cdna_recovery, field) }

static const struct stats_field stats_device[] = {
	STATS_FIELD(restarts),
	STATS_FIELD(faults),
	STATS_FIELD(timeouts),
	STATS_FIELD(detaches),
};

/**
 * cdna_stats_count - the number of counters
 * @dev: the device
 *
 * Those of the device, then sums over all queue pairs, then those of each pair
 * in use.
 *
 * Return: the number of counters of `ethtool -S`.
 */
int cdna_stats_count(const struct cdna_dev *dev)
{
	return ARRAY_SIZE(stats_device) + (1 + dev->nr_qps) * CDNA_NR_COUNTS;
}

/**
 * cdna_stats_names - the names of the counters
 * @dev: the device
 * @data: room for cdna_stats_count() of them
 */
void cdna_stats_names(const struct cdna_dev *dev, u8 *data)
{
	u32 i, qp;

	for (i = 0; i < ARRAY_SIZE(stats_device); i++)
		ethtool_puts(&data, stats_device[i].name);
	for (i = 0; i < CDNA_NR_COUNTS; i++)
		ethtool_puts(&data, cdna_counters_names[i]);
	for (qp = 0; qp < dev->nr_qps; qp++)
		for (i = 0; i < CDNA_NR_COUNTS; i++)
			ethtool_sprintf(&data, "q%u_%s", qp,
					cdna_counters_names[i]);
}

/* Add up a counter of some queue pairs. */
static void stats_sum(const struct cdna_dev *dev, u32 first, u32 end, u64 *sum)
{
	u64 counts[CDNA_NR_COUNTS];
	u32 i, qp;

	memset(sum, 0, sizeof(counts));
	for (qp = first; qp < end; qp++) {
		cdna_counters_read(dev->qp[qp].counters, counts);
		for (i = 0; i < CDNA_NR_COUNTS; i++)
			sum[i] += counts[i];
	}
}

/**
 * cdna_stats_values - the values of the counters
 * @dev: the device
 * @data: room for cdna_stats_count() of them
 */
void cdna_stats_values(struct cdna_dev *dev, u64 *data)
{
	u64 *sum = data + ARRAY_SIZE(stats_device);
	u64 *counts = sum + CDNA_NR_COUNTS;
	u32 i, qp;

	for (i = 0; i < ARRAY_SIZE(stats_device); i++)
		data[i] = READ_ONCE(*(u64 *)((void *)&dev->recovery +
					     stats_device[i].offset));
	stats_sum(dev, 0, dev->caps.max_qps, sum);
	for (qp = 0; qp < dev->nr_qps; qp++, counts += CDNA_NR_COUNTS)
		cdna_counters_read(dev->qp[qp].counters, counts);
}

/**
 * cdna_stats_get64 - ndo_get_stats64
 * @netdev: the interface
 * @stats: added to
 */
void cdna_stats_get64(struct net_device *netdev,
		      struct rtnl_link_stats64 *stats)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	u64 counts[CDNA_NR_COUNTS];

	stats_sum(dev, 0, dev->caps.max_qps, counts);
	stats->tx_packets += counts[CDNA_COUNT_TX_PACKETS];
	stats->tx_bytes += counts[CDNA_COUNT_TX_BYTES];
	stats->tx_dropped += counts[CDNA_COUNT_TX_DROP_MAP] +
			     counts[CDNA_COUNT_TX_DROP_LENGTH];
	stats->rx_packets += counts[CDNA_COUNT_RX_PACKETS];
	stats->rx_bytes += counts[CDNA_COUNT_RX_BYTES];
	stats->rx_dropped += counts[CDNA_COUNT_RX_DROP_MEMORY];
	stats->rx_missed_errors += counts[CDNA_COUNT_RX_MISSED];
	stats->rx_errors += counts[CDNA_COUNT_RX_INVALID_COMPLETION];
}

static void stats_queue(struct net_device *netdev, int queue, u64 *counts)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	cdna_counters_read(dev->qp[queue].counters, counts);
}

static void stats_rx(const u64 *counts, struct netdev_queue_stats_rx *stats)
{
	stats->packets = counts[CDNA_COUNT_RX_PACKETS];
	stats->bytes = counts[CDNA_COUNT_RX_BYTES];
	stats->alloc_fail = counts[CDNA_COUNT_RX_ALLOC_FAILED];
	stats->csum_unnecessary = counts[CDNA_COUNT_RX_CSUM_OK];
	stats->csum_bad = counts[CDNA_COUNT_RX_CSUM_BAD];
	stats->hw_drops = counts[CDNA_COUNT_RX_MISSED];
	stats->hw_gro_packets = counts[CDNA_COUNT_RX_LRO];
	stats->hw_gro_wire_packets = counts[CDNA_COUNT_RX_LRO_SEGS];
}

static void stats_queue_rx(struct net_device *netdev, int queue,
			   struct netdev_queue_stats_rx *stats)
{
	u64 counts[CDNA_NR_COUNTS];

	stats_queue(netdev, queue, counts);
	stats_rx(counts, stats);
}

static void stats_tx(const u64 *counts, struct netdev_queue_stats_tx *stats)
{
	stats->packets = counts[CDNA_COUNT_TX_PACKETS];
	stats->bytes = counts[CDNA_COUNT_TX_BYTES];
	stats->needs_csum = counts[CDNA_COUNT_TX_CSUM];
	stats->hw_gso_packets = counts[CDNA_COUNT_TX_GSO];
	stats->hw_gso_wire_packets = counts[CDNA_COUNT_TX_GSO_SEGS];
	stats->stop = counts[CDNA_COUNT_TX_STOPS];
	stats->wake = counts[CDNA_COUNT_TX_WAKES];
}

static void stats_queue_tx(struct net_device *netdev, int queue,
			   struct netdev_queue_stats_tx *stats)
{
	u64 counts[CDNA_NR_COUNTS];

	stats_queue(netdev, queue, counts);
	stats_tx(counts, stats);
}

/* Queue pairs and their counters live as long as the interface: what is not in
 * its queues is in those that are not in use. A counter that is set here is one
 * that we have.
 */
static void stats_base(struct net_device *netdev,
		       struct netdev_queue_stats_rx *rx,
		       struct netdev_queue_stats_tx *tx)
{
	const struct cdna_dev *dev = netdev_priv(netdev);
	u64 counts[CDNA_NR_COUNTS];

	stats_sum(dev, dev->nr_qps, dev->caps.max_qps, counts);
	stats_rx(counts, rx);
	stats_tx(counts, tx);
}

const struct netdev_stat_ops cdna_stats_ops = {
	.get_queue_stats_rx = stats_queue_rx,
	.get_queue_stats_tx = stats_queue_tx,
	.get_base_stats = stats_base,
};
