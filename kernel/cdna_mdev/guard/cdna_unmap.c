// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is taken away from the machine: dma_unmap (I9).
 *
 * First the range is closed, so that nobody gets new references to its pages.
 * Then whoever has some is stopped, through the NIC, and what nobody refers to
 * is unpinned, until nothing is left. No lock is taken under which anybody
 * pins, because pinning waits for the lock of the one who called us.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>

#include "vdev/cdna_ctx.h"
#include "cdna_trace.h"

/*
 * The IOMMU layer takes the range out some time after we return, and gives up
 * loudly if it finds pages pinned again too often. A guest that names such
 * memory meanwhile has to wait this long.
 *
 * "Some time" is what other contexts of the machine take for the same range. If
 * that was longer, so that the range comes again, we wait longer, and hurry: the
 * contexts of a hostile machine cannot keep the range alive by turns.
 */
#define UNMAP_SETTLE_MS		20
#define UNMAP_MAX_ROUNDS	6	/* that double it */
#define UNMAP_FORGET		(600 * HZ)
#define UNMAP_POLL_US	500

/**
 * cdna_unmap_init - nothing is being taken away
 * @ctx: the context
 */
void cdna_unmap_init(struct cdna_ctx *ctx)
{
	spin_lock_init(&ctx->unmap.lock);
	ctx->unmap.active = 0;
	ctx->unmap.first = 1;
	ctx->unmap.last = 0;
	ctx->unmap.rounds = 0;
	ctx->unmap.settled = jiffies;
}

static bool unmap_inside(const struct cdna_unmap *unmap, unsigned long gfn)
{
	return gfn >= unmap->first && gfn <= unmap->last;
}

/**
 * cdna_unmap_hits - whether a page is being taken away right now
 * @ctx: whose memory
 * @gfn: guest page number
 *
 * Return: true if no reference to it may be taken.
 */
bool cdna_unmap_hits(struct cdna_ctx *ctx, unsigned long gfn)
{
	bool hits;

	if (likely(!READ_ONCE(ctx->unmap.active)))
		return false;
	spin_lock(&ctx->unmap.lock);
	hits = ctx->unmap.active && unmap_inside(&ctx->unmap, gfn);
	spin_unlock(&ctx->unmap.lock);
	return hits;
}

/**
 * cdna_unmap_settle - wait until a page that was taken away is surely gone
 * @ctx: whose memory
 * @gfn: guest page number that is about to be pinned
 */
void cdna_unmap_settle(struct cdna_ctx *ctx, unsigned long gfn)
{
	long wait = 0;

	spin_lock(&ctx->unmap.lock);
	if (unmap_inside(&ctx->unmap, gfn))
		wait = ctx->unmap.settled - jiffies;
	spin_unlock(&ctx->unmap.lock);
	if (wait > 0)
		schedule_timeout_uninterruptible(wait);
}

/* When the range has surely been taken out, if we return now */
static unsigned long unmap_settled(const struct cdna_unmap *unmap)
{
	return jiffies + msecs_to_jiffies(UNMAP_SETTLE_MS <<
					  (unmap->rounds - 1));
}

/* Return: whether it is the first time that the range is taken away. */
static bool unmap_begin(struct cdna_unmap *unmap, unsigned long first,
			unsigned long last)
{
	unsigned int rounds;

	spin_lock(&unmap->lock);
	if (first != unmap->first || last != unmap->last ||
	    time_after(jiffies, unmap->settled + UNMAP_FORGET))
		unmap->rounds = 0;
	if (unmap->active++) {
		first = min(first, unmap->first);
		last = max(last, unmap->last);
	}
	unmap->first = first;
	unmap->last = last;
	if (unmap->rounds < UNMAP_MAX_ROUNDS)
		unmap->rounds++;
	rounds = unmap->rounds;
	unmap->settled = unmap_settled(unmap);
	spin_unlock(&unmap->lock);
	return rounds == 1;
}

static void unmap_end(struct cdna_unmap *unmap)
{
	spin_lock(&unmap->lock);
	unmap->active--;
	unmap->settled = unmap_settled(unmap);
	spin_unlock(&unmap->lock);
}

static bool unmap_has(const struct cdna_pin *pin, unsigned long first,
		      unsigned long last)
{
	return pin && pin->gfn >= first && pin->gfn <= last;
}

/* A trap may change the slots while we look; what it adds then is found the
 * next time. A page that was in a slot stays in memory until RCU readers end.
 */
static bool unmap_queue_uses(struct cdna_queue *queue, unsigned long first,
			     unsigned long last)
{
	bool uses = false;
	u32 i;

	if (!queue->ring || queue->state == CDNA_QUEUE_NONE)
		return false;
	if (cdna_span_uses(&queue->shadow_span, first, last) ||
	    cdna_span_uses(&queue->comp_span, first, last))
		return true;
	rcu_read_lock();
	for (i = 0; i < queue->slots && !uses; i++)
		uses = unmap_has(READ_ONCE(queue->slot[i]), first, last);
	rcu_read_unlock();
	return uses;
}

static void unmap_stop_queue(struct cdna_queue *queue, bool drain)
{
	cdna_queue_stop(queue, drain);
	cdna_fault_queue(queue, CDNA_VFAULT_WITHDRAWN, queue->released, 0, 0);
}

/* Stop whoever has pages of the range, and make them give the pages back. */
static void unmap_stop_users(struct cdna_ctx *ctx, unsigned long first,
			     unsigned long last, bool drain)
{
	bool whole = unmap_has(ctx->status_pin, first, last) ||
		     unmap_has(ctx->tails_pin, first, last);
	struct cdna_queue *queue;
	u32 i;

	lockdep_assert_held(&ctx->lock);

	if (whole)
		cdna_gate_close(&ctx->gate);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &ctx->queue[i];
		if (queue->state != CDNA_QUEUE_NONE &&
		    (whole || unmap_queue_uses(queue, first, last)))
			unmap_stop_queue(queue, drain);
	}
	if (whole)
		cdna_ctx_withdraw(ctx);
}

/**
 * cdna_unmap_range - take memory away from a context
 * @ctx: whose
 * @iova: guest-physical address
 * @bytes: length
 *
 * When it returns, no page of the range is pinned and no DMA reaches it.
 */
void cdna_unmap_range(struct cdna_ctx *ctx, u64 iova, u64 bytes)
{
	unsigned long first = iova >> PAGE_SHIFT;
	unsigned long last = (iova + bytes - 1) >> PAGE_SHIFT;
	bool drain;

	trace_cdna_unmap(ctx->id, first, last);
	drain = unmap_begin(&ctx->unmap, first, last);
	while (cdna_pin_flush(&ctx->pins, first, last)) {
		mutex_lock(&ctx->lock);
		unmap_stop_users(ctx, first, last, drain);
		mutex_unlock(&ctx->lock);
		if (!cdna_pin_flush(&ctx->pins, first, last))
			break;
		/* A trap or a command that began before is on its way out. */
		fsleep(UNMAP_POLL_US);
	}
	unmap_end(&ctx->unmap);
}
