// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a guest's virtqueue to the NIC's ring, a chain at a time.
 */
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "guard/cdna_chains.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_publish.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"
#include "guard/cdna_resume.h"
#include "guard/cdna_virtq.h"
#include "guard/cdna_vring.h"

#define CHAINS_ONCE		16	/* chains that are sent without a trap */
#define CHAINS_RETRY_MS	100	/* until the host may have memory again */

/* Another thread looks at it later: cdna_resume.c's. */
static void chains_later(struct cdna_queue *queue, unsigned int ms)
{
	struct cdna_domain *domain = queue->domain;

	set_bit(CDNA_VQUEUE(queue->qp, queue->dir), &domain->resume.queues);
	queue_delayed_work(system_unbound_wq, &domain->resume.work,
			   msecs_to_jiffies(ms));
}

/* Nothing of it was published: release what it has already got. */
static void chains_undo(struct cdna_queue *queue, u32 index, u32 pieces)
{
	struct cdna_pin **slot;
	u32 i;

	for (i = 0; i < pieces; i++) {
		slot = &queue->slot[(index + i) & (queue->slots - 1)];
		cdna_pin_put(*slot);
		WRITE_ONCE(*slot, NULL);
	}
	queue->chain = 0;
}

/* A chain is published as a whole, or not at all. */
static enum cdna_vfault chains_one(struct cdna_queue *queue,
				   struct cdna_vring *vring, u32 index,
				   u32 pieces)
{
	u64 desc[sizeof(vring->piece[0]) / sizeof(u64)];
	enum cdna_vfault fault;
	u32 i;

	for (i = 0; i < pieces; i++) {
		memcpy(desc, &vring->piece[i], sizeof(desc));
		fault = cdna_publish_write(queue, desc, index + i);
		if (fault) {
			chains_undo(queue, index, i);
			return fault;
		}
	}
	return CDNA_VFAULT_NONE;
}

/* Write at most @most chains into the NIC's ring, while there is room. Return: how many
 * slots
 */
static u32 chains_fill(struct cdna_queue *queue, struct cdna_vring *vring,
		       u32 released, u32 most, enum cdna_vfault *fault,
		       bool *full)
{
	u32 count = 0;
	int pieces;

	while (most--) {
		pieces = cdna_vring_next(vring);
		if (pieces < 0)
			*fault = -pieces;
		if (pieces <= 0)
			break;
		*full = queue->prod + count + pieces - released > queue->slots;
		if (!*full)
			*fault = chains_one(queue, vring, queue->prod + count,
					    pieces);
		if (*full || *fault) {
			cdna_virtq_unget(&vring->virtq);
			break;
		}
		count += pieces;
		cond_resched();
	}
	return count;
}

/* The driver of a virtio device does not start again by itself. So where the host has no
 * memory now, the chain stays where it is, and is looked at later.
 */
static bool chains_retry(struct cdna_queue *queue, enum cdna_vfault *fault)
{
	if (*fault != CDNA_VFAULT_NO_MEMORY)
		return false;
	*fault = CDNA_VFAULT_NONE;
	chains_later(queue, CHAINS_RETRY_MS);
	return true;
}

/* Return: true if it has to be done again */
static bool chains_pass(struct cdna_queue *queue, struct cdna_vring *vring,
			bool once)
{
	bool bounded = once && queue->dir == CDNA_DIR_TX;
	u32 most = bounded ? CHAINS_ONCE : vring->virtq.size;
	u32 released = cdna_release_queue(queue);
	enum cdna_vfault fault = CDNA_VFAULT_NONE;
	bool full = false, retry;
	u32 count;

	cdna_vring_begin(vring);
	count = chains_fill(queue, vring, released, most, &fault, &full);
	retry = chains_retry(queue, &fault);
	if (count || fault)
		cdna_publish_end(queue, count, released, fault);
	if (fault || retry)
		return false;
	return full ? cdna_vring_stall(vring, released) : cdna_vring_rest(vring);
}

/* A guest may add to it all the time, and notifies of nothing unless it is asked to. Its
 * own thread goes on until there is nothing left, or it is wanted elsewhere; a thread that
 * is not the machine's takes a few chains.
 */
static void chains_run(struct cdna_queue *queue, struct cdna_vring *vring,
		       bool once)
{
	while (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING &&
	       cdna_gate_is_open(&queue->gate) &&
	       chains_pass(queue, vring, once))
		if (once || signal_pending(current)) {
			chains_later(queue, CDNA_RESUME_MS);
			break;
		}
}

static void chains_enter(struct cdna_queue *queue, bool once)
{
	struct cdna_vring *vring;

	if (!cdna_gate_enter(&queue->gate))
		return;
	/* It stays while the gate is entered. */
	vring = rcu_dereference_protected(queue->vring, true);
	if (vring)
		chains_run(queue, vring, once);
	cdna_gate_leave(&queue->gate);
}

/**
 * cdna_chains_look - enqueue what is new in a virtqueue
 * @queue: the queue; it may have no virtqueue
 * @once: by a thread that is not the machine's: a few chains, the rest later
 *
 * A thread that is at it already looks again. So a vCPU that has something for one queue does
 * not wait for another vCPU that is busy with a different one.
 *
 * Context: may sleep, and pins pages; in the gate of the domain.
 */
void cdna_chains_look(struct cdna_queue *queue, bool once)
{
	WRITE_ONCE(queue->look, true);
	/* Pairs with the one below: it is seen, or the lock is free. */
	smp_mb();
	while (READ_ONCE(queue->look) && mutex_trylock(&queue->trap_lock)) {
		WRITE_ONCE(queue->look, false);
		/* What was made available before is seen from here on. */
		smp_mb();
		chains_enter(queue, once);
		mutex_unlock(&queue->trap_lock);
		/* Pairs with the one above. */
		smp_mb();
	}
}
