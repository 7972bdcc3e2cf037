// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors on their way into the NIC's ring, whatever they were made of: validated,
 * pinned, stamped, then published together (paper 3.3).
 */
#include <linux/err.h>
#include <linux/mm.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_publish.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_span.h"
#include "guard/cdna_verdict.h"

/**
 * cdna_publish_copy - copy a descriptor word by word, each of which is read once
 * @to: where to
 * @from: where from
 * @bytes: of the descriptor
 */
void cdna_publish_copy(u64 *to, const u64 *from, u32 bytes)
{
	u32 i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		to[i] = READ_ONCE(from[i]);
}

/**
 * cdna_publish_write - validate a copy of a descriptor, pin its page, write it into the ring
 * @queue: whose; cdna_queue.trap_lock is held
 * @desc: the copy, which is stamped
 * @index: free-running index of its slot, from cdna_queue.prod on
 *
 * It has a stale sequence number still, so that the NIC would refuse it. The guest may
 * change its own at any time: only the copy counts (I2).
 *
 * Return: CDNA_VFAULT_NONE, or why it was not written.
 */
enum cdna_vfault cdna_publish_write(struct cdna_queue *queue, u64 *desc,
				    u32 index)
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
	pin = cdna_span_get(queue->domain, buffer.addr,
			    queue->dir == CDNA_DIR_RX, &queue->hits);
	if (IS_ERR(pin))
		return cdna_span_fault(PTR_ERR(pin));
	trace_cdna_descriptor(queue->domain->id, queue->qp, queue->dir, index,
			      buffer.addr, buffer.len, queue->hits != hits);

	WRITE_ONCE(queue->slot[slot], pin);
	cdna_verdict_stamp(layout, desc,
			   pin->dma + offset_in_page(buffer.addr),
			   queue->seq + (index - queue->prod) - queue->slots);
	cdna_publish_copy(queue->ring + slot * layout->size, desc, layout->size);
	return CDNA_VFAULT_NONE;
}

/* Make @count descriptors valid. Pairs with the NIC's read of a descriptor: when
 * it sees the new sequence number, it sees the rest of the descriptor too.
 */
static void publish_descs(struct cdna_queue *queue, u32 count)
{
	u32 mask = queue->slots - 1;
	u32 i;

	dma_wmb();
	for (i = 0; i < count; i++)
		cdna_verdict_stamp_seq(queue->layout, queue->ring +
				       ((queue->prod + i) & mask) *
				       queue->layout->size, queue->seq + i);
	/* Before the mailbox, rung by the guest or by us */
	dma_wmb();
	WRITE_ONCE(queue->prod, queue->prod + count);
	queue->seq += count;
	queue->descs += count;
	WRITE_ONCE(queue->accepted, queue->prod);
}

/**
 * cdna_publish_mailbox - ring a queue's producer mailbox, if that is our part
 * @queue: whose; cdna_queue.trap_lock is held
 */
void cdna_publish_mailbox(struct cdna_queue *queue)
{
	struct cdna_domain *domain = queue->domain;
	u32 which = queue->dir == CDNA_DIR_TX ? CDNA_MBOX_TX_PROD :
						CDNA_MBOX_RX_PROD;

	if (!(domain->features & CDNA_VFEAT_HOST_MAILBOX))
		return;
	trace_cdna_mailbox(domain->id, queue->qp, queue->dir, queue->prod);
	domain->nic->ops->ring_mailbox(domain->nic, domain->id,
				       CDNA_MBOX(queue->qp, which),
				       queue->prod);
}

/**
 * cdna_publish_fault - stop a queue at its next descriptor
 * @queue: the queue
 * @reason: why
 */
void cdna_publish_fault(struct cdna_queue *queue, enum cdna_vfault reason)
{
	const struct cdna_fault_info fault = {
		.reason = reason,
		.index = queue->prod,
	};

	cdna_fault_queue(queue, &fault);
}

/**
 * cdna_publish_end - make descriptors valid that were written, and notify the NIC
 * @queue: whose; cdna_queue.trap_lock is held
 * @count: how many, from cdna_queue.prod on
 * @released: what cdna_release_queue() returned before, for the trace
 * @fault: why there are not more, or CDNA_VFAULT_NONE
 *
 * While the whole context is being stopped, no page can be had: the guest is not to
 * blame, and who stops it says why.
 */
void cdna_publish_end(struct cdna_queue *queue, u32 count, u32 released,
		      enum cdna_vfault fault)
{
	publish_descs(queue, count);
	trace_cdna_enqueue(queue->domain->id, queue->qp, queue->dir,
			   queue->prod - count, count, released);
	cdna_publish_mailbox(queue);
	if (fault && cdna_gate_is_open(&queue->domain->gate))
		cdna_publish_fault(queue, fault);
}
