// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is reported to cdna_mdev: a queue was stopped, a port went up or down, the end. It is
 * found in traps and under rtnl, where none of cdna_mdev's locks may be taken: so a
 * work does it, one callback at a time.
 */
#include <linux/bitops.h>
#include <linux/ktime.h>

#include "softnic.h"
#include "softnic_events.h"

static void events_tell_fault(struct softnic *nic, struct softnic_news *news,
			      u32 queue)
{
	struct cdna_event event;

	spin_lock_bh(&news->lock);
	event = news->fault[queue];
	spin_unlock_bh(&news->lock);
	nic->provider.client->fault(&nic->provider, &event);
}

static void events_tell_ctx(struct softnic *nic, struct softnic_ctx *ctx)
{
	struct softnic_news *news = &ctx->news;
	unsigned long pending;
	bool link;
	u32 i;

	spin_lock_bh(&news->lock);
	pending = news->pending;
	link = news->link;
	news->pending = 0;
	spin_unlock_bh(&news->lock);

	if (pending & SOFTNIC_NEWS_LINK)
		nic->provider.client->link(&nic->provider, ctx->id, link);
	for_each_set_bit(i, &pending, CDNA_MAX_QPS * CDNA_NR_DIRS)
		events_tell_fault(nic, news, i);
}

static void events_tell(struct work_struct *work)
{
	struct softnic *nic = container_of(work, struct softnic, tell);
	u32 i;

	for (i = 0; i < nic->provider.info.contexts; i++)
		events_tell_ctx(nic, &nic->ctx[i]);
	if (xchg(&nic->failed, false))
		nic->provider.client->dead(&nic->provider);
}

/**
 * softnic_events_init - make it possible to report
 * @nic: the device
 *
 * Nothing is reported before softnic_events_open().
 *
 * Return: 0 or -ENOMEM.
 */
int softnic_events_init(struct softnic *nic)
{
	INIT_WORK(&nic->tell, events_tell);
	disable_work(&nic->tell);
	nic->wq = alloc_ordered_workqueue("cdna-softnic", 0);
	return nic->wq ? 0 : -ENOMEM;
}

/**
 * softnic_events_open - report from now on, and what was found before
 * @nic: the device, which cdna_mdev has accepted
 */
void softnic_events_open(struct softnic *nic)
{
	enable_and_queue_work(nic->wq, &nic->tell);
}

/**
 * softnic_events_destroy - undo it
 * @nic: the device, muted, without ports
 */
void softnic_events_destroy(struct softnic *nic)
{
	destroy_workqueue(nic->wq);
}

/**
 * softnic_events_mute - report nothing any longer
 * @nic: the device
 *
 * Context: waits for a callback that runs.
 */
void softnic_events_mute(struct softnic *nic)
{
	disable_work_sync(&nic->tell);
}

/**
 * softnic_events_fault - report that a queue was stopped
 * @qp: its queue pair; the reason is in the ring
 * @dir: CDNA_DIR_*
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due
 * @seen: sequence number that was found
 *
 * Context: any but hard interrupts.
 */
void softnic_events_fault(struct softnic_qp *qp, u8 dir, u32 index,
			  u32 expected, u32 seen)
{
	u32 queue = qp->id * CDNA_NR_DIRS + dir;
	struct softnic_ctx *ctx = qp->ctx;
	struct softnic_news *news = &ctx->news;

	spin_lock_bh(&news->lock);
	news->fault[queue] = (struct cdna_event) {
		.type = cpu_to_le16(CDNA_EVENT_QUEUE_FAULT),
		.context = cpu_to_le16(ctx->id),
		.qp = qp->id,
		.dir = dir,
		.reason = cpu_to_le16(qp->ring[dir].fault),
		.index = cpu_to_le32(index),
		.expected = cpu_to_le32(expected),
		.seen = cpu_to_le32(seen),
		.time_ns = cpu_to_le64(ktime_get_ns()),
	};
	news->pending |= BIT(queue);
	spin_unlock_bh(&news->lock);
	queue_work(ctx->nic->wq, &ctx->nic->tell);
}

/**
 * softnic_events_link - report that a port went up or down
 * @ctx: its context
 * @up: which
 *
 * Context: any but hard interrupts.
 */
void softnic_events_link(struct softnic_ctx *ctx, bool up)
{
	struct softnic_news *news = &ctx->news;

	spin_lock_bh(&news->lock);
	news->link = up;
	news->pending |= SOFTNIC_NEWS_LINK;
	spin_unlock_bh(&news->lock);
	queue_work(ctx->nic->wq, &ctx->nic->tell);
}

/**
 * softnic_events_forget_faults - do not report faults of queues that are gone
 * @ctx: their context
 */
void softnic_events_forget_faults(struct softnic_ctx *ctx)
{
	spin_lock_bh(&ctx->news.lock);
	ctx->news.pending &= SOFTNIC_NEWS_LINK;
	spin_unlock_bh(&ctx->news.lock);
}

/**
 * softnic_events_forget - do not report what is pending of a context
 * @ctx: the context, which is FREE and has no port
 */
void softnic_events_forget(struct softnic_ctx *ctx)
{
	spin_lock_bh(&ctx->news.lock);
	ctx->news.pending = 0;
	spin_unlock_bh(&ctx->news.lock);
}

/**
 * softnic_events_failed - report the end
 * @nic: the device, which no longer reaches memory of guests
 *
 * Context: any.
 */
void softnic_events_failed(struct softnic *nic)
{
	WRITE_ONCE(nic->failed, true);
	queue_work(nic->wq, &nic->tell);
}
