// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a queue pair, its interrupt and its poll.
 */
#include <linux/interrupt.h>

#include "cdna_dim.h"
#include "cdna_enqueue.h"
#include "cdna_features.h"
#include "cdna_qp.h"
#include "cdna_reclaim.h"
#include "cdna_refill.h"
#include "cdna_rx.h"

/* Default moderation: short compared to a round trip, long compared to the time
 * that a batch takes on the wire.
 */
#define QP_USECS			100
#define QP_FRAMES			64

/* The interrupt reports faults, too. */
static void qp_check_state(struct cdna_qp *qp)
{
	if (cdna_qp_status(qp, tx_state) == CDNA_QUEUE_FAULTED ||
	    cdna_qp_status(qp, rx_state) == CDNA_QUEUE_FAULTED)
		cdna_dev_kick(qp->dev);
}

/* The event is read before the indices. Pairs with the NIC, which writes them
 * in the order of addresses or all in one store: they are at least as new as
 * the event, so what re-arming with it does not report has been processed.
 */
static u32 qp_event(struct cdna_qp *qp)
{
	u32 event = cdna_qp_status(qp, event);

	dma_rmb();
	return event;
}

static int qp_process(struct cdna_qp *qp, int budget)
{
	int done = 0;

	cdna_reclaim_run(qp, budget);
	if (budget) {
		done = cdna_rx_poll(qp, budget);
		cdna_refill_run(qp);
	}
	if (!qp->broken)
		qp_check_state(qp);
	if (cdna_features_owed(qp->dev))
		cdna_dev_kick(qp->dev);
	return done;
}

/* After napi_complete_done(), another processor may poll immediately: what
 * follows it here is under a lock, or harmless if it is late.
 */
static int qp_poll(struct napi_struct *napi, int budget)
{
	struct cdna_qp *qp = container_of(napi, struct cdna_qp, napi);
	u32 event = qp_event(qp);
	bool complete;
	int done;

	cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_POLLS);
	cdna_enqueue_hold(qp);
	done = qp_process(qp, budget);
	if (done < budget)
		cdna_dim_sample(qp);
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
 * cdna_qp_init - initialize what lives as long as the interface
 * @qp: queue pair, all zero
 * @dev: the device
 * @id: its number
 *
 * That includes its NAPI instance, so what a user set for it, its number and its
 * thread survive a restart. free_netdev() deletes it.
 */
void cdna_qp_init(struct cdna_qp *qp, struct cdna_dev *dev, u32 id)
{
	qp->dev = dev;
	qp->id = id;
	qp->usecs = QP_USECS;
	qp->frames = QP_FRAMES;
	spin_lock_init(&qp->lock);
	cdna_dim_init(qp);
	cdna_counters_init(qp->counters);
	netif_napi_add(dev->netdev, &qp->napi, qp_poll);
}

/**
 * cdna_qp_alloc - allocate both rings, of the device's sizes
 * @qp: queue pair
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno with nothing allocated
 */
int cdna_qp_alloc(struct cdna_qp *qp)
{
	int ret;

	ret = cdna_reclaim_alloc(qp);
	if (!ret)
		ret = cdna_refill_alloc(qp);
	if (ret)
		cdna_qp_free(qp);
	return ret;
}

/**
 * cdna_qp_free - release frames, pages and memory
 * @qp: queue pair, quiesced; its queues no longer exist in the device
 *
 * Context: Process context. May sleep.
 */
void cdna_qp_free(struct cdna_qp *qp)
{
	cdna_refill_free(qp);
	cdna_reclaim_free(qp);
}

static void qp_associate(struct cdna_qp *qp, struct napi_struct *napi)
{
	struct net_device *netdev = qp->dev->netdev;

	netif_queue_set_napi(netdev, qp->id, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(netdev, qp->id, NETDEV_QUEUE_TYPE_TX, napi);
}

static int qp_request_irq(struct cdna_qp *qp)
{
	struct cdna_dev *dev = qp->dev;
	int irq;

	snprintf(qp->irq_name, sizeof(qp->irq_name), "%s-qp%u",
		 dev->netdev->name, qp->id);
	irq = dev->bus->request_irq(dev, CDNA_VDEV_VECTOR_QP(qp->id), qp_irq,
				    qp->irq_name, qp);
	if (irq < 0) {
		netdev_err(dev->netdev,
			   "cannot request the interrupt of queue pair %u: %pe\n", qp->id,
			   ERR_PTR(irq));
		return irq;
	}
	qp->started = true;
	netif_napi_set_irq(&qp->napi, irq ?: -1);
	return 0;
}

/**
 * cdna_qp_start - create the queues, post buffers, poll
 * @qp: queue pair of an active device
 *
 * The transmit queue remains stopped.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno; then the queue pair is quiesced, but queues may exist.
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
	/* The first poll posts buffers, and finds what came before it. */
	local_bh_disable();
	napi_schedule(&qp->napi);
	local_bh_enable();
	return 0;
}

/* The poll no longer wakes the queue. A processor in ndo_start_xmit leaves it
 * before the lock is taken here.
 */
static void qp_stop_tx(struct cdna_qp *qp)
{
	struct netdev_queue *txq = netdev_get_tx_queue(qp->dev->netdev, qp->id);

	__netif_tx_lock_bh(txq);
	netif_tx_stop_queue(txq);
	__netif_tx_unlock_bh(txq);
}

/**
 * cdna_qp_quiesce - stop interrupts, polls and transmits
 * @qp: queue pair; may be quiesced already
 *
 * The transmit queue is stopped; the caller of cdna_qp_start() wakes it.
 *
 * Context: Process context. May sleep.
 */
void cdna_qp_quiesce(struct cdna_qp *qp)
{
	might_sleep();
	if (!qp->started)
		return;
	netif_napi_set_irq(&qp->napi, -1);
	qp->dev->bus->free_irq(qp->dev, CDNA_VDEV_VECTOR_QP(qp->id), qp);
	qp->started = false;
	qp_associate(qp, NULL);
	napi_disable(&qp->napi);
	/* Polls schedule these works, so cancel them after the last poll. */
	cdna_refill_quiesce(qp);
	cdna_dim_quiesce(qp);
	qp_stop_tx(qp);
}
