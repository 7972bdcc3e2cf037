// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that are sent from the guest's own pages. The host has them until it calls
 * back: then their descriptors are consumed, in order.
 *
 * Where the host keeps a frame for long, in a queueing discipline or in the ring of a
 * NIC that is paused, a queue ends without it. Nothing depends on when
 * that is: each fragment has a reference to its page, so a page that is no longer
 * pinned is nobody else's until the host has read it, and what the callback needs is
 * not the queue's. How much a context may leave behind is bounded by what it may
 * have in flight at all.
 */
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "softnic.h"
#include "softnic_desc.h"
#include "softnic_ring.h"
#include "softnic_status.h"
#include "softnic_zc.h"

/* What a context has in flight: as much as the largest ring names, and at most one
 * frame per queue pair more
 */
#define ZC_MAX_BYTES		(CDNA_MAX_RING * CDNA_PAGE_SIZE)
#define ZC_WAIT			msecs_to_jiffies(50)

/**
 * struct softnic_zc_frame - a frame that the host has
 * @ubuf: what the host calls back by
 * @zc: what it belongs to
 * @start: free-running index of its first descriptor
 * @bytes: of the guest's pages
 * @done: the host has called back
 */
struct softnic_zc_frame {
	struct ubuf_info ubuf;
	struct softnic_zc *zc;
	u32 start;
	u32 bytes;
	bool done;
};

/**
 * struct softnic_zc - frames of a transmit queue that the host has
 * @ctx: context
 * @lock: protects the rest; softnic_qp.lock is inside
 * @qp: queue pair, NULL after the queue has ended
 * @pending: how many the host has not called back for
 * @head: free-running: the oldest frame that was not @done
 * @tail: free-running: where the next one goes
 * @slots: a power of two
 * @rcu: to free it
 * @frame: frames, @slots of them
 */
struct softnic_zc {
	struct softnic_ctx *ctx;
	spinlock_t lock;	/* all that follows */
	struct softnic_qp *qp;
	u32 pending;
	u32 head;
	u32 tail;
	u32 slots;
	struct rcu_head rcu;
	struct softnic_zc_frame frame[] __counted_by(slots);
};

static struct softnic_zc_frame *zc_frame(struct softnic_zc *zc, u32 index)
{
	return &zc->frame[index & (zc->slots - 1)];
}

static void zc_free(struct rcu_head *rcu)
{
	struct softnic_zc *zc = container_of(rcu, struct softnic_zc, rcu);
	struct softnic *nic = zc->ctx->nic;

	kvfree(zc);
	if (atomic_dec_and_test(&nic->zc_queues))
		wake_up_var(&nic->zc_queues);
}

/* In a virtio ring, each chain that is done is reported. Its descriptors are there until
 * softnic_status_publish().
 */
static void zc_use(struct softnic_ring *ring, u32 done)
{
	struct softnic_desc desc;
	u32 i;

	for (i = ring->done; i != done; i++) {
		softnic_desc_read(ring->memory, ring->format,
				  i & (ring->slots - 1), &desc);
		if (desc.flags & CDNA_DESC_EOP)
			softnic_used_put(&ring->used, ring->chains++,
					 desc.head, 0);
	}
}

/* Publish what is consumed: all that was taken, up to the first that the host has.
 * A frame is added before its descriptors are taken: so while none is there, what
 * was taken was copied, or came back.
 */
static void zc_publish(struct softnic_zc *zc, struct softnic_qp *qp, u32 news)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_TX];
	u32 done;

	/* Pairs with tx_batch(): pages have been read. */
	done = smp_load_acquire(&ring->cons);
	if (zc && zc->head != zc->tail)
		done = zc_frame(zc, zc->head)->start;
	spin_lock(&qp->lock);
	if (qp->paused) {
		qp->unpublished += news;
	} else if (ring->done != done) {
		if (softnic_ring_is_virtio(ring))
			zc_use(ring, done);
		ring->done = done;
		softnic_status_publish(qp, news);
	}
	spin_unlock(&qp->lock);
}

/* Return: whether nobody needs it any longer */
static bool zc_finish(struct softnic_zc *zc, struct softnic_zc_frame *frame)
{
	u32 head = zc->head;

	lockdep_assert_held(&zc->lock);

	frame->done = true;
	while (zc->head != zc->tail && zc_frame(zc, zc->head)->done)
		zc->head++;
	zc->pending--;
	if (zc->qp && head != zc->head)
		zc_publish(zc, zc->qp, zc->head - head);
	return !zc->qp && !zc->pending;
}

/* The host is done with a frame: it was sent, copied or dropped. */
static void zc_complete(struct sk_buff *skb, struct ubuf_info *ubuf,
			bool zerocopy)
{
	struct softnic_zc_frame *frame =
		container_of(ubuf, struct softnic_zc_frame, ubuf);
	struct softnic_zc *zc = frame->zc;
	struct softnic_ctx *ctx = zc->ctx;
	bool last, idle;

	/* Clones of a frame end one by one. */
	if (!refcount_dec_and_test(&ubuf->refcnt))
		return;
	rcu_read_lock_bh();
	if (!zerocopy)
		softnic_count_own(ctx, SOFTNIC_STAT_ZC_COPIED, 1);
	if (!atomic_sub_return(frame->bytes, &ctx->zc_bytes))
		WRITE_ONCE(ctx->zc_held, false);
	spin_lock(&zc->lock);
	last = zc_finish(zc, frame);
	idle = !zc->pending;
	spin_unlock(&zc->lock);
	if (idle) {
		/* Pairs with the one of wait_var_event_timeout(). */
		smp_mb();
		wake_up_var(&zc->pending);
	}
	if (last)
		call_rcu(&zc->rcu, zc_free);
	rcu_read_unlock_bh();
}

static const struct ubuf_info_ops zc_ops = {
	.complete = zc_complete,
};

/**
 * softnic_zc_create - let a transmit queue send from pages
 * @qp: its queue pair; nothing is sent
 * @slots: of its ring
 *
 * Without memory, all frames are copied.
 */
void softnic_zc_create(struct softnic_qp *qp, u32 slots)
{
	struct softnic_zc *zc;

	zc = kvzalloc(struct_size(zc, frame, slots), GFP_KERNEL);
	if (!zc)
		return;
	zc->ctx = qp->ctx;
	zc->qp = qp;
	zc->slots = slots;
	spin_lock_init(&zc->lock);
	atomic_inc(&qp->ctx->nic->zc_queues);
	qp->zc = zc;
}

/**
 * softnic_zc_wait - give the host some time to send what it has
 * @qp: queue pair; nothing is added meanwhile
 *
 * A context whose frames are kept for long waits once, not for each of its queues.
 *
 * Context: process.
 * Return: whether the host has nothing of this queue any longer.
 */
bool softnic_zc_wait(struct softnic_qp *qp)
{
	struct softnic_ctx *ctx = qp->ctx;
	struct softnic_zc *zc = qp->zc;

	if (!zc || !READ_ONCE(zc->pending))
		return true;
	if (READ_ONCE(ctx->zc_held))
		return false;
	if (wait_var_event_timeout(&zc->pending, !READ_ONCE(zc->pending),
				   ZC_WAIT))
		return true;
	WRITE_ONCE(ctx->zc_held, true);
	/* Pairs with atomic_sub_return() of who ends the last frame. */
	smp_mb();
	if (!atomic_read(&ctx->zc_bytes))
		WRITE_ONCE(ctx->zc_held, false);
	return !READ_ONCE(zc->pending);
}

/**
 * softnic_zc_destroy - a transmit queue ends
 * @qp: its queue pair, which sends nothing
 *
 * What the host still has is nobody's: its callback does not touch the queue.
 */
void softnic_zc_destroy(struct softnic_qp *qp)
{
	struct softnic_zc *zc = qp->zc;
	bool last;

	if (!zc)
		return;
	spin_lock_bh(&zc->lock);
	zc->qp = NULL;
	last = !zc->pending;
	spin_unlock_bh(&zc->lock);
	qp->zc = NULL;
	if (last)
		call_rcu(&zc->rcu, zc_free);
}

/**
 * softnic_zc_room - may a frame be sent from pages?
 * @qp: queue pair; its tx_lock is held
 * @bytes: of the frame
 *
 * Return: true unless the context has too much in flight, or queues left some behind.
 */
bool softnic_zc_room(struct softnic_qp *qp, u32 bytes)
{
	struct softnic_zc *zc = qp->zc;

	lockdep_assert_held(&qp->tx_lock);

	/* Only this thread adds: the room does not become less. */
	return zc && zc->tail - READ_ONCE(zc->head) < zc->slots &&
	       !READ_ONCE(qp->ctx->zc_held) &&
	       atomic_read(&qp->ctx->zc_bytes) + bytes <= ZC_MAX_BYTES;
}

/**
 * softnic_zc_add - have the host call back for a frame
 * @qp: queue pair; its tx_lock is held, and there is room
 * @skb: the frame, whose fragments are pages of the guest; its descriptors are the
 *	next to be taken
 */
void softnic_zc_add(struct softnic_qp *qp, struct sk_buff *skb)
{
	struct softnic_ctx *ctx = qp->ctx;
	struct softnic_zc *zc = qp->zc;
	struct softnic_zc_frame *frame = zc_frame(zc, zc->tail);

	*frame = (struct softnic_zc_frame) {
		.ubuf.ops = &zc_ops,
		.ubuf.flags = SKBFL_ZEROCOPY_FRAG,
		.zc = zc,
		.start = qp->ring[CDNA_DIR_TX].cons,
		.bytes = skb->data_len,
	};
	refcount_set(&frame->ubuf.refcnt, 1);
	skb_zcopy_init(skb, &frame->ubuf);
	atomic_add(frame->bytes, &ctx->zc_bytes);
	softnic_count_own(ctx, SOFTNIC_STAT_ZC, 1);

	spin_lock_bh(&zc->lock);
	zc->pending++;
	zc->tail++;
	spin_unlock_bh(&zc->lock);
}

/**
 * softnic_zc_settle - publish what was consumed
 * @qp: queue pair; its tx_lock is held
 * @news: frames taken since the last call
 */
void softnic_zc_settle(struct softnic_qp *qp, u32 news)
{
	struct softnic_zc *zc = qp->zc;

	lockdep_assert_held(&qp->tx_lock);

	if (zc) {
		spin_lock_bh(&zc->lock);
		zc_publish(zc, qp, news);
		spin_unlock_bh(&zc->lock);
	} else {
		local_bh_disable();
		zc_publish(NULL, qp, news);
		local_bh_enable();
	}
}
