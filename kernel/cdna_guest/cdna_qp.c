// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue pair's life, interrupt and poll.
 */
#include <linux/interrupt.h>

#include "cdna_enqueue.h"
#include "cdna_qp.h"

/* Until somebody says otherwise: short against a round trip, long against the
 * time that a batch takes on the wire.
 */
#define QP_USECS			100
#define QP_FRAMES			64

const char * const cdna_qp_count_names[CDNA_NR_COUNTS] = {
	[CDNA_COUNT_TX_PACKETS] = "tx_packets",
	[CDNA_COUNT_TX_BYTES] = "tx_bytes",
	[CDNA_COUNT_TX_CSUM] = "tx_csum",
	[CDNA_COUNT_TX_GSO] = "tx_gso",
	[CDNA_COUNT_TX_GSO_SEGS] = "tx_gso_segs",
	[CDNA_COUNT_TX_VLAN] = "tx_vlan",
	[CDNA_COUNT_TX_LINEARIZED] = "tx_linearized",
	[CDNA_COUNT_TX_DROP_MAP] = "tx_drop_map",
	[CDNA_COUNT_TX_DROP_LENGTH] = "tx_drop_length",
	[CDNA_COUNT_TX_STOPS] = "tx_stops",
	[CDNA_COUNT_TX_WAKES] = "tx_wakes",
	[CDNA_COUNT_TX_INVALID_INDEX] = "tx_invalid_index",
	[CDNA_COUNT_RX_PACKETS] = "rx_packets",
	[CDNA_COUNT_RX_BYTES] = "rx_bytes",
	[CDNA_COUNT_RX_CSUM_OK] = "rx_csum_ok",
	[CDNA_COUNT_RX_CSUM_BAD] = "rx_csum_bad",
	[CDNA_COUNT_RX_LRO] = "rx_lro",
	[CDNA_COUNT_RX_LRO_SEGS] = "rx_lro_segs",
	[CDNA_COUNT_RX_VLAN] = "rx_vlan",
	[CDNA_COUNT_RX_COPIED] = "rx_copied",
	[CDNA_COUNT_RX_DROP_MEMORY] = "rx_drop_memory",
	[CDNA_COUNT_RX_POSTED] = "rx_posted",
	[CDNA_COUNT_RX_ALLOC_FAILED] = "rx_alloc_failed",
	[CDNA_COUNT_RX_INVALID_COMPLETION] = "rx_invalid_completion",
	[CDNA_COUNT_INTERRUPTS] = "interrupts",
	[CDNA_COUNT_POLLS] = "polls",
	[CDNA_COUNT_TRAPS_PAGE] = "traps_page",
	[CDNA_COUNT_TRAPS_REGISTER] = "traps_register",
	[CDNA_COUNT_TRAPS_REFILL] = "traps_refill",
	[CDNA_COUNT_TX_DEFERRED] = "tx_deferred",
	[CDNA_COUNT_MAILBOX_WRITES] = "mailbox_writes",
};

/**
 * cdna_qp_invalid - the device told something that cannot be
 * @qp: queue pair; is not polled for news any more until it is started anew
 * @what: which counter tells of it
 *
 * Called from the poll.
 */
void cdna_qp_invalid(struct cdna_qp *qp, enum cdna_count what)
{
	qp->broken = true;
	cdna_qp_count(qp, CDNA_BY_POLL, what);
	cdna_recover_kick(qp->dev);
}

/* The interrupt tells of faults too. */
static void qp_check_state(struct cdna_qp *qp)
{
	if (cdna_qp_status(qp, tx_state) == CDNA_QUEUE_FAULTED ||
	    cdna_qp_status(qp, rx_state) == CDNA_QUEUE_FAULTED)
		cdna_recover_kick(qp->dev);
}

/* The event is read before the indices. Pairs with the NIC, which writes them
 * in the order of addresses or all at once: they are as new as the event at
 * least, so what re-arming with it keeps silent about has been dealt with.
 */
static u32 qp_event(struct cdna_qp *qp)
{
	u32 event = cdna_qp_status(qp, event);

	dma_rmb();
	return event;
}

static int qp_look(struct cdna_qp *qp, int budget)
{
	int done = 0;

	cdna_reclaim_run(qp, budget);
	if (budget) {
		done = cdna_rx_poll(qp, budget);
		cdna_refill_run(qp);
	}
	if (!qp->broken)
		qp_check_state(qp);
	return done;
}

/* A poll that has completed may be followed by another one at once, on another
 * processor: what comes after is under a lock, or harmless if it is late.
 */
static int qp_poll(struct napi_struct *napi, int budget)
{
	struct cdna_qp *qp = container_of(napi, struct cdna_qp, napi);
	u32 event = qp_event(qp);
	bool complete;
	int done;

	cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_POLLS);
	cdna_enqueue_hold(qp);
	done = qp_look(qp, budget);
	if (done < budget)
		cdna_dim_look(qp);
	complete = done < budget && napi_complete_done(napi, done);
	cdna_enqueue_release(qp);
	if (complete)
		cdna_enqueue_rearm(qp, event);
	return done;
}

static irqreturn_t qp_irq(int irq, void *data)
{
	struct cdna_qp *qp = data;

	cdna_qp_count(qp, CDNA_BY_IRQ, CDNA_COUNT_INTERRUPTS);
	napi_schedule_irqoff(&qp->napi);
	return IRQ_HANDLED;
}

/**
 * cdna_qp_init - what lives as long as the device
 * @qp: queue pair, all zero
 * @dev: of which device
 * @id: its number
 */
void cdna_qp_init(struct cdna_qp *qp, struct cdna_dev *dev, u32 id)
{
	u32 i;

	qp->dev = dev;
	qp->id = id;
	qp->usecs = QP_USECS;
	qp->frames = QP_FRAMES;
	spin_lock_init(&qp->lock);
	cdna_dim_init(qp);
	for (i = 0; i < CDNA_NR_COUNTERS; i++)
		u64_stats_init(&qp->counters[i].syncp);
}

/**
 * cdna_qp_alloc - memory of both rings, as large as the device wants them
 * @qp: queue pair
 *
 * Return: 0, or -errno with nothing allocated
 */
int cdna_qp_alloc(struct cdna_qp *qp)
{
	int ret;

	netif_napi_add(qp->dev->netdev, &qp->napi, qp_poll);
	ret = cdna_reclaim_alloc(qp);
	if (!ret)
		ret = cdna_refill_alloc(qp);
	if (ret)
		cdna_qp_free(qp);
	return ret;
}

/**
 * cdna_qp_free - give back frames, pages and memory
 * @qp: queue pair; is quiet, and the device has forgotten its queues
 */
void cdna_qp_free(struct cdna_qp *qp)
{
	cdna_refill_free(qp);
	cdna_reclaim_free(qp);
	netif_napi_del(&qp->napi);
}

static void qp_associate(struct cdna_qp *qp, struct napi_struct *napi)
{
	struct net_device *netdev = qp->dev->netdev;

	netif_queue_set_napi(netdev, qp->id, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(netdev, qp->id, NETDEV_QUEUE_TYPE_TX, napi);
}

static int qp_request_irq(struct cdna_qp *qp)
{
	int irq = pci_irq_vector(qp->dev->pdev, CDNA_VDEV_VECTOR_QP(qp->id));
	int ret;

	if (irq < 0)
		return irq;
	ret = request_irq(irq, qp_irq, 0, qp->dev->netdev->name, qp);
	if (ret) {
		netdev_err(qp->dev->netdev,
			   "cannot request the interrupt of queue pair %u: %pe\n", qp->id,
			   ERR_PTR(ret));
		return ret;
	}
	qp->irq = irq;
	netif_napi_set_irq(&qp->napi, irq);
	return 0;
}

/**
 * cdna_qp_start - make the queues, post buffers, poll
 * @qp: queue pair; the device is active. Its transmit queue is still stopped
 *
 * Return: 0, or -errno; then the queue pair is quiet, but queues may exist
 */
int cdna_qp_start(struct cdna_qp *qp)
{
	int ret;

	qp->broken = false;
	memset(cdna_qp_page(qp), 0, sizeof(struct cdna_qp_status));
	cdna_enqueue_reset(qp);
	ret = cdna_reclaim_start(qp);
	if (!ret)
		ret = cdna_refill_start(qp);
	if (!ret)
		ret = cdna_dim_apply(qp);
	if (!ret)
		ret = qp_request_irq(qp);
	if (ret)
		return ret;

	napi_enable(&qp->napi);
	qp_associate(qp, &qp->napi);
	/* The first poll posts buffers, and finds what came too early. */
	local_bh_disable();
	napi_schedule(&qp->napi);
	local_bh_enable();
	return 0;
}

/* Nobody wakes the queue any more. Whoever is in ndo_start_xmit leaves it
 * before the lock is ours.
 */
static void qp_stop_tx(struct cdna_qp *qp)
{
	struct netdev_queue *txq = netdev_get_tx_queue(qp->dev->netdev, qp->id);

	__netif_tx_lock_bh(txq);
	netif_tx_stop_queue(txq);
	__netif_tx_unlock_bh(txq);
}

/**
 * cdna_qp_quiet - no interrupt, poll or transmit from here on
 * @qp: queue pair; may be quiet already
 *
 * Its transmit queue is stopped; whoever starts the pair again starts that.
 */
void cdna_qp_quiet(struct cdna_qp *qp)
{
	if (!qp->irq)
		return;
	netif_napi_set_irq(&qp->napi, -1);
	free_irq(qp->irq, qp);
	qp->irq = 0;
	qp_associate(qp, NULL);
	napi_disable(&qp->napi);
	/* Works that polls start, once there are none any more */
	cdna_refill_quiet(qp);
	cdna_dim_quiet(qp);
	qp_stop_tx(qp);
}

/**
 * cdna_qp_read_counts - sum of all counters of a queue pair
 * @qp: queue pair
 * @counts: filled; CDNA_NR_COUNTS
 */
void cdna_qp_read_counts(struct cdna_qp *qp, u64 *counts)
{
	const struct cdna_counters *counters;
	u64 seen[CDNA_NR_COUNTS];
	unsigned int start;
	u32 by, i;

	memset(counts, 0, CDNA_NR_COUNTS * sizeof(*counts));
	for (by = 0; by < CDNA_NR_COUNTERS; by++) {
		counters = &qp->counters[by];
		do {
			start = u64_stats_fetch_begin(&counters->syncp);
			for (i = 0; i < CDNA_NR_COUNTS; i++)
				seen[i] = u64_stats_read(&counters->value[i]);
		} while (u64_stats_fetch_retry(&counters->syncp, start));
		for (i = 0; i < CDNA_NR_COUNTS; i++)
			counts[i] += seen[i];
	}
}

/**
 * cdna_qp_add_stats - add a queue pair's share to the interface's statistics
 * @qp: queue pair
 * @stats: added to
 */
void cdna_qp_add_stats(struct cdna_qp *qp, struct rtnl_link_stats64 *stats)
{
	u64 counts[CDNA_NR_COUNTS];

	cdna_qp_read_counts(qp, counts);
	stats->tx_packets += counts[CDNA_COUNT_TX_PACKETS];
	stats->tx_bytes += counts[CDNA_COUNT_TX_BYTES];
	stats->tx_dropped += counts[CDNA_COUNT_TX_DROP_MAP] +
			     counts[CDNA_COUNT_TX_DROP_LENGTH];
	stats->rx_packets += counts[CDNA_COUNT_RX_PACKETS];
	stats->rx_bytes += counts[CDNA_COUNT_RX_BYTES];
	stats->rx_dropped += counts[CDNA_COUNT_RX_DROP_MEMORY];
	stats->rx_errors += counts[CDNA_COUNT_RX_INVALID_COMPLETION];
}
