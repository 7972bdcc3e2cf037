// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enqueue: from a guest's ring to the NIC's ring (paper 3.3).
 *
 *   bound the tail, copy once, validate the copy, pin the page that it names,
 *   stamp it, publish it; and release the pages of what the NIC has consumed.
 *
 * The guest's ring is a shadow ring, whose tail is in the tail page; or a virtqueue,
 * of which cdna_vring.c makes descriptors, a chain at a time.
 *
 * Runs in the trapping vCPU's thread. May sleep.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/workqueue.h>

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
#include "guard/cdna_virtq.h"
#include "guard/cdna_vring.h"

#define ENQUEUE_PASSES	16	/* over a virtqueue in one trap */

/* Copy a descriptor word by word, each of which is read once. */
static void enqueue_copy(u64 *to, const u64 *from, u32 bytes)
{
	u32 i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		to[i] = READ_ONCE(from[i]);
}

/* Validate a copy of a descriptor, pin its page, and write it into the ring, still
 * with a stale sequence number, so that the NIC would refuse it. The guest may change
 * its own at any time: only the copy counts (I2).
 */
static enum cdna_vfault enqueue_copied(struct cdna_queue *queue, u64 *desc,
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
	enqueue_copy(queue->ring + slot * layout->size, desc, layout->size);
	return CDNA_VFAULT_NONE;
}

/* The same for a descriptor of the shadow ring */
static enum cdna_vfault enqueue_one(struct cdna_queue *queue, u32 index)
{
	const struct cdna_layout *layout = queue->layout;
	u32 slot = index & (queue->slots - 1);
	u64 desc[CDNA_MAX_DESC_BYTES / sizeof(u64)];

	enqueue_copy(desc, queue->shadow + slot * layout->size, layout->size);
	return enqueue_copied(queue, desc, index);
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

/* While the whole context is being stopped, no page can be had: the guest is not to
 * blame, and who stops it says why.
 */
static void enqueue_end(struct cdna_queue *queue, u32 count, u32 released,
			enum cdna_vfault fault)
{
	enqueue_publish(queue, count);
	trace_cdna_enqueue(queue->domain->id, queue->qp, queue->dir,
			   queue->prod - count, count, released);
	enqueue_mailbox(queue);
	if (fault && cdna_gate_is_open(&queue->domain->gate))
		enqueue_fault(queue, fault);
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
	enqueue_end(queue, i, released, fault);
}

/* A chain is published as a whole, or not at all. What it had of pages then is
 * released with the queue, which is stopped.
 */
static enum cdna_vfault enqueue_chain(struct cdna_queue *queue,
				      struct cdna_vring *vring, u32 index,
				      u32 pieces)
{
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	u64 desc[sizeof(vring->piece[0]) / sizeof(u64)];
	u32 i;

	for (i = 0; i < pieces && !fault; i++) {
		memcpy(desc, &vring->piece[i], sizeof(desc));
		fault = enqueue_copied(queue, desc, index + i);
	}
	return fault;
}

/* Enqueue chains while there is room. Return: true if it has to be done again */
static bool enqueue_chains(struct cdna_queue *queue, struct cdna_vring *vring)
{
	u32 released = cdna_release_queue(queue);
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	bool full = false;
	u32 count = 0;
	int pieces;

	while (!fault) {
		pieces = cdna_vring_next(vring);
		if (pieces < 0)
			fault = -pieces;
		full = pieces > 0 && queue->prod + count + pieces - released >
				     queue->slots;
		if (full)
			cdna_virtq_unget(&vring->virtq);
		if (pieces <= 0 || full)
			break;
		fault = enqueue_chain(queue, vring, queue->prod + count, pieces);
		if (!fault)
			count += pieces;
	}
	if (count || fault)
		enqueue_end(queue, count, released, fault);
	if (fault)
		return false;
	return full ? cdna_vring_stall(vring, released) : cdna_vring_rest(vring);
}

static u32 enqueue_tail(const struct cdna_queue *queue)
{
	u32 i = CDNA_VQUEUE(queue->qp, queue->dir);

	/* Pairs with the guest's barrier between ring and tail. It has processors even
	 * if this kernel was built for one.
	 */
	return le32_to_cpu(virt_load_acquire(&queue->domain->tails[i]));
}

static void enqueue_shadow(struct cdna_queue *queue)
{
	u32 tail = enqueue_tail(queue);

	if (tail != queue->prod)
		enqueue_new(queue, tail);
}

/* A guest may add to it all the time. It is not notified of while nobody has asked for
 * that, so what is left after some passes is looked at by another thread, when it is
 * that one's turn.
 */
static void enqueue_vring(struct cdna_queue *queue, struct cdna_vring *vring)
{
	u32 passes = ENQUEUE_PASSES;

	while (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING &&
	       cdna_gate_is_open(&queue->gate) && enqueue_chains(queue, vring))
		if (!--passes) {
			queue_work(system_unbound_wq,
				   &queue->domain->resume.work);
			break;
		}
}

/* The tail that counts is read under the lock: one read before may be older
 * than what another vCPU's trap has taken meanwhile.
 */
static void enqueue_queue(struct cdna_queue *queue)
{
	struct cdna_vring *vring;

	mutex_lock(&queue->trap_lock);
	if (cdna_gate_enter(&queue->gate)) {
		/* It stays while the gate is entered. */
		vring = rcu_dereference_protected(queue->vring, true);
		if (vring)
			enqueue_vring(queue, vring);
		else if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING)
			enqueue_shadow(queue);
		cdna_gate_leave(&queue->gate);
	}
	mutex_unlock(&queue->trap_lock);
}

/* Only a virtqueue's own gate protects it, so it is always looked at. */
static bool enqueue_may_have(const struct cdna_queue *queue)
{
	return !queue->domain->tails ||
	       enqueue_tail(queue) != READ_ONCE(queue->accepted);
}

/**
 * cdna_enqueue_trap - a guest trapped: take what is new in all its queues
 * @domain: whose
 *
 * A first look at each tail shows only whether there may be something new. A guest
 * with virtqueues has no tails.
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
		if (enqueue_may_have(queue))
			enqueue_queue(queue);
	}
	cdna_gate_leave(&domain->gate);
}
