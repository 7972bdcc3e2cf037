// SPDX-License-Identifier: GPL-2.0-only
/*
 * Release of pages up to the trusted consumer index (I3). Traps do that, and
 * what looks for pages that are still in use: a guest that has sent its last frame
 * may not trap again for a long time.
 */
#include <linux/spinlock.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"

/* A trap that adds descriptors meanwhile uses other slots: those between @prod and
 * a ring after a @released that it has read, which only grows.
 */
static void release_upto(struct cdna_queue *queue, u32 cons)
{
	u32 mask = queue->slots - 1;
	u32 i = queue->released;
	struct cdna_pin *pin;

	lockdep_assert_held(&queue->release_lock);

	for (; i != cons; i++) {
		pin = queue->slot[i & mask];
		WRITE_ONCE(queue->slot[i & mask], NULL);
		cdna_pin_put(pin);
	}
	WRITE_ONCE(queue->released, cons);
}

/**
 * cdna_release_queue - release the pages of what the NIC has consumed
 * @queue: the queue, which has memory: the caller is in its gate, or holds
 *	cdna_domain.lock
 *
 * The index is bounded by what was enqueued: one beyond that is counted and
 * ignored.
 *
 * Return: free-running index one past the last descriptor whose page was released.
 */
u32 cdna_release_queue(struct cdna_queue *queue)
{
	struct cdna_domain *domain = queue->domain;
	u32 cons, released;

	spin_lock(&queue->release_lock);
	released = queue->released;
	cons = cdna_provider_cons(domain->nic, domain->id, queue->qp,
				  queue->dir);
	if (cons - released > READ_ONCE(queue->prod) - released) {
		atomic64_inc(&domain->out_of_bounds);
	} else if (cons != released) {
		release_upto(queue, cons);
		trace_cdna_release(domain->id, queue->qp, queue->dir, cons);
		released = cons;
	}
	spin_unlock(&queue->release_lock);
	return released;
}

/**
 * cdna_release_all - do that for all queues of a context
 * @domain: the context
 */
void cdna_release_all(struct cdna_domain *domain)
{
	u32 i;

	lockdep_assert_held(&domain->lock);

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		if (domain->queue[i].backed)
			cdna_release_queue(&domain->queue[i]);
}
