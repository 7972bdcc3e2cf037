// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enqueue: from a guest's ring to the NIC's ring (paper 3.3).
 *
 *   bound the tail, copy once, validate the copy, pin the page that it names,
 *   stamp it, publish it; and release the pages of what the NIC has consumed.
 *
 * The guest's ring is a shadow ring, whose tail is in the tail page; or a virtqueue, which
 * is cdna_chains.c's.
 *
 * Runs in the trapping vCPU's thread. May sleep.
 */
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/mutex.h>

#include "guard/cdna_chains.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_notify.h"
#include "guard/cdna_publish.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"
#include "guard/cdna_verdict.h"

#define ENQUEUE_ALL	GENMASK(CDNA_VDEV_NR_QUEUES - 1, 0)
#define ENQUEUE_PAIR	GENMASK(CDNA_NR_DIRS - 1, 0)
#define ENQUEUE_RX	(0xaaaaul & ENQUEUE_ALL)

static_assert(CDNA_VQUEUE(0, CDNA_DIR_RX) == 1 && CDNA_NR_DIRS == 2 &&
	      CDNA_VDEV_NR_QUEUES <= 16);

/* A descriptor of the shadow ring: copied once */
static enum cdna_vfault enqueue_one(struct cdna_queue *queue, u32 index)
{
	const struct cdna_layout *layout = queue->layout;
	u32 slot = index & (queue->slots - 1);
	u64 desc[CDNA_MAX_DESC_BYTES / sizeof(u64)];

	cdna_publish_copy(desc, queue->shadow + slot * layout->size, layout->size);
	return cdna_publish_write(queue, desc, index);
}

static void enqueue_new(struct cdna_queue *queue, u32 tail)
{
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	u32 released = cdna_release_queue(queue);
	u32 count = tail - queue->prod;
	u32 i;

	if (tail - released > queue->slots ||
	    tail - released < queue->prod - released) {
		cdna_publish_fault(queue, CDNA_VFAULT_TAIL);
		return;
	}

	for (i = 0; i < count && !fault; i += !fault)
		fault = enqueue_one(queue, queue->prod + i);
	cdna_publish_end(queue, i, released, fault);
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

/* The tail that counts is read under the lock: one read before may be older
 * than what another vCPU's trap has taken meanwhile.
 */
static void enqueue_queue(struct cdna_queue *queue)
{
	mutex_lock(&queue->trap_lock);
	if (cdna_gate_enter(&queue->gate)) {
		if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING)
			enqueue_shadow(queue);
		cdna_gate_leave(&queue->gate);
	}
	mutex_unlock(&queue->trap_lock);
}

/* Take what is new in some queues: in all, if the guest has a tail page. A first look at each
 * tail shows only whether there may be something new.
 */
static void enqueue_trap(struct cdna_domain *domain, unsigned long queues)
{
	struct cdna_queue *queue;
	u32 i;

	if (!cdna_gate_enter(&domain->gate))
		return;
	if (domain->tails)
		queues = ENQUEUE_ALL;
	queues &= READ_ONCE(domain->installed);
	for_each_set_bit(i, &queues, CDNA_VDEV_NR_QUEUES) {
		queue = &domain->queue[i];
		if (READ_ONCE(queue->state) != CDNA_QUEUE_RUNNING)
			continue;
		/* Only its own gate protects a virtqueue. */
		if (!domain->tails)
			cdna_chains_look(queue, false);
		else if (enqueue_tail(queue) != READ_ONCE(queue->accepted))
			enqueue_queue(queue);
	}
	cdna_gate_leave(&domain->gate);
}

static void enqueue_ring(struct cdna_queue *queue)
{
	mutex_lock(&queue->trap_lock);
	if (cdna_gate_enter(&queue->gate)) {
		if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING)
			cdna_publish_mailbox(queue);
		cdna_gate_leave(&queue->gate);
	}
	mutex_unlock(&queue->trap_lock);
}

/**
 * cdna_enqueue_ring - ring the mailboxes again that we ring, with what they had
 * @domain: whose
 *
 * For a provider that took no notice of them.
 *
 * Context: as a trap.
 */
void cdna_enqueue_ring(struct cdna_domain *domain)
{
	unsigned long installed;
	u32 i;

	if (!cdna_gate_enter(&domain->gate))
		return;
	installed = domain->features & CDNA_VFEAT_HOST_MAILBOX ?
		    READ_ONCE(domain->installed) : 0;
	for_each_set_bit(i, &installed, CDNA_VDEV_NR_QUEUES)
		enqueue_ring(&domain->queue[i]);
	cdna_gate_leave(&domain->gate);
}

/**
 * cdna_enqueue_trap - a guest trapped: take what is new in all its queues
 * @domain: whose
 *
 * Context: the trapping vCPU's thread; may sleep, and pins pages.
 */
void cdna_enqueue_trap(struct cdna_domain *domain)
{
	enqueue_trap(domain, ENQUEUE_ALL);
}

/**
 * cdna_enqueue_begin - take what is in a device's virtqueues as it begins to work
 * @domain: whose
 *
 * First what is for receiving: what is sent may be answered immediately.
 *
 * Context: as for cdna_enqueue_trap().
 */
void cdna_enqueue_begin(struct cdna_domain *domain)
{
	enqueue_trap(domain, ENQUEUE_RX);
	enqueue_trap(domain, ENQUEUE_ALL);
}

/**
 * cdna_enqueue_notified - a guest stored into its doorbell or notify page
 * @domain: whose
 * @offset: where
 *
 * In a notify page that says which virtqueue it is about: both of its pair are looked at,
 * so that a vCPU does not do what another one has to.
 *
 * Context: as for cdna_enqueue_trap().
 */
void cdna_enqueue_notified(struct cdna_domain *domain, u32 offset)
{
	u32 pair = CDNA_NOTIFY_PAIR(offset);

	enqueue_trap(domain, pair < CDNA_MAX_QPS ?
			     ENQUEUE_PAIR << CDNA_VQUEUE(pair, 0) : ENQUEUE_ALL);
}

/**
 * cdna_enqueue_resume - take what is new in some virtqueues, without a trap
 * @domain: whose
 * @queues: bit per queue, by CDNA_VQUEUE()
 *
 * Context: a work; may sleep, and pins pages. What a guest adds meanwhile is left to the
 * next one.
 */
void cdna_enqueue_resume(struct cdna_domain *domain, unsigned long queues)
{
	u32 i;

	if (!cdna_gate_enter(&domain->gate))
		return;
	for_each_set_bit(i, &queues, CDNA_VDEV_NR_QUEUES)
		if (!domain->tails)
			cdna_chains_look(&domain->queue[i], true);
	cdna_gate_leave(&domain->gate);
}
