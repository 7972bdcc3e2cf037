// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enqueue: from a guest's shadow ring to the NIC's ring (paper 3.3).
 *
 *   bound the tail, copy once, judge the copy, pin what it names, stamp it,
 *   publish it; and release the pages of what the NIC has consumed.
 *
 * Runs in the trapping vCPU's thread. May sleep.
 */
#include <linux/string.h>

#include "cdna_ctx.h"
#include "cdna_trace.h"

/* Release pages up to the trusted consumer index (I3). It is bounded by what
 * was enqueued: a NIC that says more than it can know is not believed.
 */
static void enqueue_release(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	u32 cons = cdna_provider_cons(cdna_ctx_nic(ctx), ctx->id, queue->qp,
				      queue->dir);
	u32 mask = queue->slots - 1;
	struct cdna_pin *pin;

	if (cons - queue->released > queue->prod - queue->released) {
		atomic64_inc(&ctx->nic_lies);
		return;
	}
	if (queue->released != cons)
		trace_cdna_release(ctx->id, queue->qp, queue->dir, cons);
	for (; queue->released != cons; queue->released++) {
		pin = queue->slot[queue->released & mask];
		WRITE_ONCE(queue->slot[queue->released & mask], NULL);
		cdna_pin_put(pin);
	}
}

/* Copy @count descriptors from @queue->prod on. The guest may write them at
 * any time: from here on only the copy counts (I2).
 */
static void enqueue_copy(struct cdna_queue *queue, u32 count)
{
	u32 size = queue->layout->size;
	u32 at = queue->prod & (queue->slots - 1);
	u32 first = min(count, queue->slots - at);

	memcpy(queue->copy, queue->shadow + at * size, first * size);
	memcpy(queue->copy + first * size, queue->shadow,
	       (count - first) * size);
	barrier();
}

/* Judge one copied descriptor, pin its page, and write it into the ring, still
 * with a stale sequence number, so that the NIC would refuse it.
 */
static enum cdna_vfault enqueue_one(struct cdna_queue *queue, u32 index,
				    void *desc)
{
	const struct cdna_layout *layout = queue->layout;
	u32 slot = index & (queue->slots - 1);
	enum cdna_vfault fault;
	struct cdna_buffer buffer;
	u64 hits = queue->hits;
	struct cdna_pin *pin;

	fault = cdna_verdict_check(layout, queue->dir, desc, &queue->chain,
				   &buffer);
	if (fault)
		return fault;
	pin = cdna_span_get(queue->ctx, buffer.addr, &queue->hits);
	if (IS_ERR(pin))
		return cdna_span_fault(PTR_ERR(pin));
	trace_cdna_descriptor(queue->ctx->id, queue->qp, queue->dir, index,
			      buffer.addr, buffer.len, queue->hits != hits);

	WRITE_ONCE(queue->slot[slot], pin);
	cdna_verdict_stamp(layout, desc,
			   pin->dma + offset_in_page(buffer.addr),
			   queue->seq + (index - queue->prod) - queue->slots);
	memcpy(queue->ring + slot * layout->size, desc, layout->size);
	return CDNA_VFAULT_NONE;
}

/* Make @count descriptors valid. Pairs with the NIC's read of a descriptor:
 * who sees the new sequence number sees the rest of it too.
 */
static void enqueue_publish(struct cdna_queue *queue, u32 count)
{
	u32 mask = queue->slots - 1;
	u32 i;

	dma_wmb();
	for (i = 0; i < count; i++)
		cdna_verdict_stamp_seq(queue->layout, queue->ring +
				       ((queue->prod + i) & mask) *
				       queue->layout->size, queue->seq + i);
	/* Before the mailbox, whoever rings it */
	dma_wmb();
	queue->prod += count;
	queue->seq += count;
	queue->descs += count;
	WRITE_ONCE(queue->accepted, queue->prod);
}

static void enqueue_mailbox(struct cdna_queue *queue)
{
	struct cdna_provider *nic = cdna_ctx_nic(queue->ctx);
	u32 which = queue->dir == CDNA_DIR_TX ? CDNA_MBOX_TX_PROD :
						CDNA_MBOX_RX_PROD;

	if (!(queue->ctx->features & CDNA_VFEAT_HOST_MAILBOX))
		return;
	trace_cdna_mailbox(queue->ctx->id, queue->qp, queue->dir, queue->prod);
	nic->ops->ring_mailbox(nic, queue->ctx->id,
			       CDNA_MBOX(queue->qp, which), queue->prod);
}

static void enqueue_new(struct cdna_queue *queue, u32 tail)
{
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	u32 count = tail - queue->prod;
	u32 i;

	enqueue_release(queue);
	if (tail - queue->released > queue->slots ||
	    tail - queue->released < queue->prod - queue->released) {
		cdna_fault_queue(queue, CDNA_VFAULT_TAIL, queue->prod, 0, 0);
		return;
	}

	enqueue_copy(queue, count);
	for (i = 0; i < count && !fault; i += !fault)
		fault = enqueue_one(queue, queue->prod + i,
				    queue->copy + i * queue->layout->size);
	enqueue_publish(queue, i);
	trace_cdna_enqueue(queue->ctx->id, queue->qp, queue->dir,
			   queue->prod - i, i, queue->released);
	enqueue_mailbox(queue);
	if (fault)
		cdna_fault_queue(queue, fault, queue->prod, 0, 0);
}

static void enqueue_queue(struct cdna_queue *queue, u32 tail)
{
	mutex_lock(&queue->trap_lock);
	if (cdna_gate_enter(&queue->gate)) {
		if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING &&
		    tail != queue->prod)
			enqueue_new(queue, tail);
		cdna_gate_leave(&queue->gate);
	}
	mutex_unlock(&queue->trap_lock);
}

/**
 * cdna_enqueue_trap - a guest trapped: take what is new in all its queues
 * @ctx: whose
 *
 * Each tail is read once.
 */
void cdna_enqueue_trap(struct cdna_ctx *ctx)
{
	struct cdna_queue *queue;
	u32 tail, i;

	if (!cdna_gate_enter(&ctx->gate))
		return;
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &ctx->queue[i];
		if (READ_ONCE(queue->state) != CDNA_QUEUE_RUNNING)
			continue;
		/* Pairs with the guest's barrier between ring and tail */
		tail = le32_to_cpu(smp_load_acquire(&ctx->tails[i]));
		if (tail != READ_ONCE(queue->accepted))
			enqueue_queue(queue, tail);
	}
	cdna_gate_leave(&ctx->gate);
}
