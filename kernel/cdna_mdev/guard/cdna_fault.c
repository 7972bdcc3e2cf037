// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of queues: recorded for the guest, which reads which descriptor it
 * was and why, and gets an interrupt.
 *
 * What the NIC tells is dealt with in a work of the context: that waits for the
 * context's lock, and the events of other contexts must not.
 */
#include <linux/bitops.h>

#include "vdev/cdna_ctx.h"
#include "cdna_trace.h"

/**
 * cdna_fault_queue - stop a queue that runs; the first reason stays
 * @queue: the queue
 * @fault: enum cdna_vfault
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due, 0 if that is not the reason
 * @seen: sequence number that was found
 */
void cdna_fault_queue(struct cdna_queue *queue, u32 fault, u32 index,
		      u32 expected, u32 seen)
{
	bool stopped;

	spin_lock(&queue->lock);
	stopped = queue->state == CDNA_QUEUE_RUNNING;
	if (stopped) {
		queue->state = CDNA_QUEUE_FAULTED;
		queue->fault = fault;
		queue->fault_index = index;
		queue->fault_expected = expected;
		queue->fault_seen = seen;
		queue->faults++;
	}
	spin_unlock(&queue->lock);
	if (!stopped)
		return;
	trace_cdna_fault(queue->ctx->id, queue->qp, queue->dir, fault, index,
			 expected, seen);
	cdna_protection_fault(queue, fault, index, expected, seen);
	cdna_trigger_signal(queue->ctx, CDNA_VDEV_VECTOR_EVENT);
}

/**
 * cdna_fault_report - what the guest reads about a queue
 * @queue: the queue
 * @report: filled in
 */
void cdna_fault_report(struct cdna_queue *queue,
		       struct cdna_vdev_report *report)
{
	spin_lock(&queue->lock);
	*report = (struct cdna_vdev_report) {
		.state = cpu_to_le32(queue->state),
		.fault = cpu_to_le32(queue->fault),
		.index = cpu_to_le32(queue->fault_index),
		.expected = cpu_to_le32(queue->fault_expected),
		.seen = cpu_to_le32(queue->fault_seen),
		.accepted = cpu_to_le32(queue->accepted),
		.faults = cpu_to_le32(queue->faults),
	};
	spin_unlock(&queue->lock);
}

/* An event may be older than the queue it names now: ask the NIC. */
static bool fault_is_true(struct cdna_queue *queue)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_QUERY),
		.queue = { .qp = queue->qp, .dir = queue->dir },
	};
	struct cdna_admin_completion done;

	return queue->state == CDNA_QUEUE_RUNNING &&
	       !cdna_ctx_command(queue->ctx, &cmd, &done) &&
	       done.queue.state == CDNA_QUEUE_FAULTED;
}

static void fault_deal_with(struct cdna_ctx *ctx,
			    const struct cdna_event *event)
{
	u32 fault = min_t(u32, le16_to_cpu(event->reason),
			  CDNA_VFAULT_NIC_LAST);
	struct cdna_queue *queue;

	if (le16_to_cpu(event->type) == CDNA_EVENT_CONTEXT_FAULT) {
		cdna_ctx_faulted(ctx, fault);
		return;
	}
	queue = &ctx->queue[CDNA_VQUEUE(event->qp, event->dir)];
	mutex_lock(&ctx->lock);
	if (fault_is_true(queue))
		cdna_fault_queue(queue, fault, le32_to_cpu(event->index),
				 le32_to_cpu(event->expected),
				 le32_to_cpu(event->seen));
	mutex_unlock(&ctx->lock);
}

/* One that is pending, taken. Return: false if there is none. */
static bool faults_take(struct cdna_faults *faults, struct cdna_event *event)
{
	bool found;
	u32 i;

	spin_lock(&faults->lock);
	found = faults->pending;
	if (found) {
		i = __ffs(faults->pending);
		faults->pending &= ~BIT(i);
		*event = faults->event[i];
	}
	spin_unlock(&faults->lock);
	return found;
}

static void faults_work(struct work_struct *work)
{
	struct cdna_ctx *ctx = container_of(work, struct cdna_ctx,
					    faults.work);
	struct cdna_event event;

	while (faults_take(&ctx->faults, &event))
		fault_deal_with(ctx, &event);
}

/**
 * cdna_fault_init - the NIC has told nothing
 * @ctx: the context
 */
void cdna_fault_init(struct cdna_ctx *ctx)
{
	spin_lock_init(&ctx->faults.lock);
	INIT_WORK(&ctx->faults.work, faults_work);
}

/**
 * cdna_fault_event - the NIC stopped a queue or the context
 * @ctx: whose
 * @event: copy of what the NIC told; queue pair and direction are in bounds
 *
 * Only notes it. Of two about the same queue the later one counts.
 */
void cdna_fault_event(struct cdna_ctx *ctx, const struct cdna_event *event)
{
	u32 i = CDNA_VDEV_NR_QUEUES;

	if (le16_to_cpu(event->type) == CDNA_EVENT_QUEUE_FAULT)
		i = CDNA_VQUEUE(event->qp, event->dir);
	spin_lock(&ctx->faults.lock);
	ctx->faults.event[i] = *event;
	ctx->faults.pending |= BIT(i);
	spin_unlock(&ctx->faults.lock);
	schedule_work(&ctx->faults.work);
}

/**
 * cdna_fault_end - look at nothing any more
 * @ctx: the context, of which the NIC tells nothing any more
 */
void cdna_fault_end(struct cdna_ctx *ctx)
{
	cancel_work_sync(&ctx->faults.work);
}
