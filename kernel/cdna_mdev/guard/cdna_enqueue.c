// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enqueue: from a guest's shadow ring to the NIC's ring (paper 3.3).
 *
 *   bound the tail, copy once, validate the copy, pin the page that it names,
 *   stamp it, publish it; and release the pages of what the NIC has consumed.
 *
 * Runs in the trapping vCPU's thread. May sleep.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/mm.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"
#include "guard/cdna_span.h"
#include "guard/cdna_verdict.h"

/* Copy a descriptor word by word, each of which is read once. */
static void enqueue_copy(u64 *to, const u64 *from, u32 bytes)
{
	u32 i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		to[i] = READ_ONCE(from[i]);
}

/* Copy a descriptor, validate the copy, pin its page, and write it into the ring,
 * still with a stale sequence number, so that the NIC would refuse it. The guest
 * may change its own at any time: only the copy counts (I2).
 */
static enum cdna_vfault enqueue_one(struct cdna_queue *queue, u32 index)
{
	const struct cdna_layout *layout = queue->layout;
	u32 slot = index & (queue->slots - 1);
	u64 desc[CDNA_MAX_DESC_BYTES / sizeof(u64)];
	enum cdna_vfault fault;
	struct cdna_buffer buffer;
	u64 hits = queue->hits;
	struct cdna_pin *pin;

	enqueue_copy(desc, queue->shadow + slot * layout->size, layout->size);
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
	enqueue_copy(queue->ring + slot * layout->size, desc, layout->size);
	return CDNA_VFAULT_NONE;
}

/* Make @count descriptors valid. Pairs with the NIC's read of a descriptor: when
 * it sees the new sequence number, it sees the rest of the descriptor too.
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
	/* Before the mailbox, rung by the guest or by us */
	dma_wmb();
	WRITE_ONCE(queue->prod, queue->prod + count);
	queue->seq += count;
	queue->descs += count;
	WRITE_ONCE(queue->accepted, queue->prod);
}

static void enqueue_mailbox(struct cdna_queue *queue)
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

static void enqueue_fault(struct cdna_queue *queue, enum cdna_vfault reason)
{
	const struct cdna_fault_info fault = {
		.reason = reason,
		.index = queue->prod,
	};

	cdna_fault_queue(queue, &fault);
}

static void enqueue_new(struct cdna_queue *queue, u32 tail)
{
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	u32 released = cdna_release_queue(queue);
	u32 count = tail - queue->prod;
	u32 i;

	if (tail - released > queue->slots ||
	    tail - released < queue->prod - released) {
		enqueue_fault(queue, CDNA_VFAULT_TAIL);
		return;
	}

	for (i = 0; i < count && !fault; i += !fault)
		fault = enqueue_one(queue, queue->prod + i);
	enqueue_publish(queue, i);
	trace_cdna_enqueue(queue->domain->id, queue->qp, queue->dir,
			   queue->prod - i, i, released);
	enqueue_mailbox(queue);
	/* While the whole context is being stopped, no page can be had: the guest is not to
	 * blame, and who stops it says why.
	 */
	if (fault && cdna_gate_is_open(&queue->domain->gate))
		enqueue_fault(queue, fault);
}

static u32 enqueue_tail(const struct cdna_queue *queue)
{
	u32 i = CDNA_VQUEUE(queue->qp, queue->dir);

	/* Pairs with the guest's barrier between ring and tail. It has processors even
	 * if this kernel was built for one.
	 */
	return le32_to_cpu(virt_load_acquire(&queue->domain->tails[i]));
}

/* The tail that counts is read under the lock: one read before may be older
 * than what another vCPU's trap has taken meanwhile.
 */
static void enqueue_queue(struct cdna_queue *queue)
{
	u32 tail;

	mutex_lock(&queue->trap_lock);
	if (cdna_gate_enter(&queue->gate)) {
		tail = enqueue_tail(queue);
		if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING &&
		    tail != queue->prod)
			enqueue_new(queue, tail);
		cdna_gate_leave(&queue->gate);
	}
	mutex_unlock(&queue->trap_lock);
}

/**
 * cdna_enqueue_trap - a guest trapped: take what is new in all its queues
 * @domain: whose
 *
 * A first look at each tail shows only whether there may be something new.
 *
 * Context: the trapping vCPU's thread; may sleep, and pins pages.
 */
void cdna_enqueue_trap(struct cdna_domain *domain)
{
	struct cdna_queue *queue;
	unsigned long installed;
	u32 i;

	if (!cdna_gate_enter(&domain->gate))
		return;
	installed = READ_ONCE(domain->installed);
	for_each_set_bit(i, &installed, CDNA_VDEV_NR_QUEUES) {
		queue = &domain->queue[i];
		if (READ_ONCE(queue->state) != CDNA_QUEUE_RUNNING)
			continue;
		if (enqueue_tail(queue) != READ_ONCE(queue->accepted))
			enqueue_queue(queue);
	}
	cdna_gate_leave(&domain->gate);
}
