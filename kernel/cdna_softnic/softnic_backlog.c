// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that wait for receive buffers: a guest that is late with posting some need not
 * lose what came meanwhile. Its next trap that posts some takes them.
 *
 * They are bounded in number and in memory, and are nobody else's: what a frame has of
 * the guest or the socket that sent it is copied or released before.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>

#include "softnic_backlog.h"
#include "softnic_ring.h"
#include "softnic_rx_ring.h"
#include "softnic_status.h"

#define BACKLOG_FRAMES		256
#define BACKLOG_BYTES		(2 << 20)
#define BACKLOG_BATCH		64	/* that are put with bottom halves disabled */

static bool backlog_is_full(const struct softnic_qp *qp,
			    const struct sk_buff *skb)
{
	return skb_queue_len(&qp->backlog) >= BACKLOG_FRAMES ||
	       qp->backlog_bytes + skb->truesize > BACKLOG_BYTES;
}

/* The first of them, which is there */
static void backlog_remove(struct softnic_qp *qp, struct sk_buff_head *taken)
{
	struct sk_buff *skb = __skb_dequeue(&qp->backlog);

	qp->backlog_bytes -= skb->truesize;
	__skb_queue_tail(taken, skb);
}

static void backlog_drop(struct softnic_qp *qp, u32 why)
{
	if (why == SOFTNIC_LATER)
		why = CDNA_DROP_RX_NO_BUFFER;
	if (why == CDNA_DROP_RX_NO_BUFFER)
		softnic_status_missed(qp);
	softnic_drop(qp->ctx, why);
	dev_core_stats_tx_dropped_inc(qp->ctx->port);
}

/* The first frame of a trap is dropped if it does not fit: it would keep the others
 * for ever, if the guest does not post more at a time. A virtio queue may come here
 * with a few of many; there it waits, see virtio_later(). Return: whether more may fit
 */
static bool backlog_take(struct softnic_qp *qp, struct sk_buff_head *taken,
			 bool *first)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct sk_buff *skb;
	u32 drop, n;

	lockdep_assert_held(&qp->lock);

	for (n = 0; n < BACKLOG_BATCH; n++) {
		skb = skb_peek(&qp->backlog);
		if (!skb)
			return false;
		drop = softnic_rx_ring_put(qp, skb);
		if (drop == SOFTNIC_LATER &&
		    (!*first || softnic_ring_is_virtio(ring)))
			return false;
		*first = false;
		backlog_remove(qp, taken);
		if (drop != SOFTNIC_PASS)
			backlog_drop(qp, drop);
	}
	return true;
}

/* A frame for which there are too few buffers, though there are some, keeps the others:
 * when no more can be kept, it has waited for long enough.
 */
static void backlog_give_up(struct softnic_qp *qp)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct sk_buff_head taken;
	bool first = true;

	if (ring->prod == ring->cons || skb_queue_empty(&qp->backlog))
		return;
	__skb_queue_head_init(&taken);
	backlog_remove(qp, &taken);
	backlog_drop(qp, CDNA_DROP_RX_NO_BUFFER);
	backlog_take(qp, &taken, &first);
	/* They are nobody else's: no callback comes of it. */
	__skb_queue_purge(&taken);
}

/* Return: SOFTNIC_LATER if it may be kept, and what softnic_rx_ring_put() does */
static u32 backlog_try(struct softnic_qp *qp, struct sk_buff *skb)
{
	u32 drop = SOFTNIC_LATER;

	lockdep_assert_held(&qp->lock);

	/* What was kept before stays. */
	if (qp->ring[CDNA_DIR_RX].resumes)
		return CDNA_DROP_RX_NO_QUEUE;
	if (backlog_is_full(qp, skb))
		backlog_give_up(qp);
	if (skb_queue_empty(&qp->backlog))
		drop = softnic_rx_ring_put(qp, skb);
	if (drop == SOFTNIC_LATER && backlog_is_full(qp, skb))
		drop = CDNA_DROP_RX_NO_BUFFER;
	if (drop == CDNA_DROP_RX_NO_BUFFER)
		softnic_status_missed(qp);
	return drop;
}

/* Release what others wait for. Return: false without memory */
static bool backlog_orphan(struct sk_buff *skb)
{
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC))
		return false;
	skb_orphan(skb);
	nf_reset_ct(skb);
	return true;
}

/**
 * softnic_backlog_put - give a frame to the guest, now or later
 * @qp: queue pair
 * @skb: the frame; NULL afterwards if it was kept
 *
 * Context: bottom halves disabled.
 * Return: SOFTNIC_PASS, or an enum cdna_drop.
 */
u32 softnic_backlog_put(struct softnic_qp *qp, struct sk_buff **skb)
{
	u32 drop;

	spin_lock(&qp->lock);
	drop = backlog_try(qp, *skb);
	spin_unlock(&qp->lock);
	if (drop != SOFTNIC_LATER)
		return drop;
	/* Not under the lock: that calls back who sent it. */
	if (!backlog_orphan(*skb))
		return CDNA_DROP_RX_NO_BUFFER;
	spin_lock(&qp->lock);
	drop = backlog_try(qp, *skb);
	if (drop == SOFTNIC_LATER) {
		qp->backlog_bytes += (*skb)->truesize;
		__skb_queue_tail(&qp->backlog, *skb);
		softnic_count_own(qp->ctx, SOFTNIC_STAT_RX_KEPT, 1);
		*skb = NULL;
		drop = SOFTNIC_PASS;
	}
	spin_unlock(&qp->lock);
	return drop;
}

/**
 * softnic_backlog_drain - there may be buffers for frames that wait
 * @qp: queue pair
 * @posted: the guest has just posted some
 *
 * Context: process.
 */
void softnic_backlog_drain(struct softnic_qp *qp, bool posted)
{
	struct sk_buff_head taken;
	bool more, first = posted;

	__skb_queue_head_init(&taken);
	do {
		spin_lock_bh(&qp->lock);
		more = backlog_take(qp, &taken, &first);
		spin_unlock_bh(&qp->lock);
		__skb_queue_purge(&taken);
		cond_resched();
	} while (more);
}

/**
 * softnic_backlog_purge - the ring is not served any longer
 * @qp: queue pair; its lock is held
 */
void softnic_backlog_purge(struct softnic_qp *qp)
{
	lockdep_assert_held(&qp->lock);

	softnic_count(qp->ctx, CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_QUEUE,
		      skb_queue_len(&qp->backlog));
	/* They are nobody else's: no callback comes of it. */
	__skb_queue_purge(&qp->backlog);
	qp->backlog_bytes = 0;
}

/**
 * softnic_backlog_init - nothing waits
 * @qp: queue pair
 */
void softnic_backlog_init(struct softnic_qp *qp)
{
	__skb_queue_head_init(&qp->backlog);
}
