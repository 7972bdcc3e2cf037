// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transmit ring: its life, and the frames that the NIC has sent, which are
 * released here.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <net/netdev_queues.h>

#include "cdna_features.h"
#include "cdna_reclaim.h"
#include "cdna_tx_ring.h"
#include "cdna_vcmd.h"

static void reclaim_set_cons(struct cdna_tx_ring *tx, u32 cons)
{
	/* Pairs with cdna_tx_ring_room() */
	smp_store_release(&tx->cons, cons);
}

static u32 reclaim_tail(const struct cdna_tx_ring *tx)
{
	/* Pairs with cdna_enqueue_tx(): slots before it are written. */
	return smp_load_acquire(&tx->tail);
}

/**
 * cdna_reclaim_unmap - undo a mapping
 * @qp: queue pair
 * @buf: the slot in which the mapping ends, if one does
 */
void cdna_reclaim_unmap(struct cdna_qp *qp, struct cdna_tx_buf *buf)
{
	struct device *dev = qp->dev->device;

	if (buf->len && buf->page)
		dma_unmap_page(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	else if (buf->len)
		dma_unmap_single(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	buf->len = 0;
}

/**
 * cdna_reclaim_run - release frames that the NIC has sent
 * @qp: queue pair
 * @budget: of the poll, 0 if netpoll polls
 *
 * The consumer index must be between what was released and what the host may
 * take.
 *
 * Context: NAPI poll of the queue pair, or netpoll, which may disable
 * interrupts.
 */
void cdna_reclaim_run(struct cdna_qp *qp, int budget)
{
	struct netdev_queue *txq = netdev_get_tx_queue(qp->dev->netdev, qp->id);
	struct cdna_tx_ring *tx = &qp->tx;
	u32 end = cdna_qp_status(qp, tx_cons);
	u32 frames = 0, bytes = 0;
	struct cdna_tx_buf *buf;
	u32 cons = tx->cons;

	if (qp->broken || end == cons)
		return;
	if (end - cons > reclaim_tail(tx) - cons) {
		cdna_qp_invalid(qp, CDNA_COUNT_TX_INVALID_INDEX);
		return;
	}
	for (; cons != end; cons++) {
		buf = cdna_tx_ring_buf(tx, cons);
		cdna_reclaim_unmap(qp, buf);
		if (!buf->skb)
			continue;
		frames++;
		bytes += buf->skb->len;
		napi_consume_skb(buf->skb, budget);
		buf->skb = NULL;
	}
	reclaim_set_cons(tx, cons);
	cdna_qp_moved(qp, frames, bytes);
	/* A queue that moves is not stuck, however slow it is. */
	if (netif_xmit_stopped(txq))
		txq_trans_cond_update(txq);
	if (!netif_txq_completed_wake(txq, frames, bytes, cdna_tx_ring_room(tx),
				      cdna_tx_ring_wake_at(qp)))
		cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_TX_WAKES);
}

/**
 * cdna_reclaim_alloc - allocate the ring
 * @qp: queue pair
 *
 * Context: Process context. May sleep.
 * Return: 0, or -ENOMEM; what was allocated is for cdna_reclaim_free()
 */
int cdna_reclaim_alloc(struct cdna_qp *qp)
{
	bool offload = qp->dev->caps.tx_format == CDNA_FORMAT_OFFLOAD;
	struct cdna_tx_ring *tx = &qp->tx;

	tx->slots = qp->dev->tx_slots;
	tx->desc_size = offload ? sizeof(struct cdna_desc_offload) :
				  sizeof(struct cdna_desc_compact);
	tx->prod = 0;
	tx->cons = 0;
	tx->buf = kvcalloc(tx->slots, sizeof(*tx->buf), GFP_KERNEL);
	tx->desc = dma_alloc_coherent(qp->dev->device,
				      tx->slots * tx->desc_size, &tx->desc_dma,
				      GFP_KERNEL | __GFP_NOWARN);
	return tx->buf && tx->desc ? 0 : -ENOMEM;
}

/**
 * cdna_reclaim_start - create the queue
 * @qp: queue pair of an active device
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno of cdna_vcmd_queue_create()
 */
int cdna_reclaim_start(struct cdna_qp *qp)
{
	struct cdna_dev *dev = qp->dev;
	const struct cdna_vcmd_queue queue = {
		.queue = CDNA_VQUEUE(qp->id, CDNA_DIR_TX),
		.format = dev->caps.tx_format,
		.slots = qp->tx.slots,
		.offloads = cdna_features_offloads(dev, CDNA_DIR_TX),
		.ring = qp->tx.desc_dma,
	};

	return cdna_vcmd_queue_create(dev, &queue);
}

/* Release frames that were not sent, or not reported as sent. */
static void reclaim_posted(struct cdna_qp *qp)
{
	struct cdna_tx_ring *tx = &qp->tx;
	struct cdna_tx_buf *buf;

	for (; tx->cons != tx->prod; tx->cons++) {
		buf = cdna_tx_ring_buf(tx, tx->cons);
		cdna_reclaim_unmap(qp, buf);
		dev_kfree_skb_any(buf->skb);
		buf->skb = NULL;
	}
	netdev_tx_reset_queue(netdev_get_tx_queue(qp->dev->netdev, qp->id));
}

/**
 * cdna_reclaim_free - release frames and memory
 * @qp: queue pair without DMA, which may be allocated only in part
 */
void cdna_reclaim_free(struct cdna_qp *qp)
{
	struct cdna_tx_ring *tx = &qp->tx;

	reclaim_posted(qp);
	if (tx->desc)
		dma_free_coherent(qp->dev->device,
				  tx->slots * tx->desc_size, tx->desc,
				  tx->desc_dma);
	tx->desc = NULL;
	kvfree(tx->buf);
	tx->buf = NULL;
}
