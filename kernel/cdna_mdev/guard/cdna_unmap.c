// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is taken away from the machine: dma_unmap (I9).
 *
 * First the range is closed (cdna_range.c), so that no new references to its
 * pages are given out. Then the queues that have some are stopped, through the
 * NIC, and pages without references are unpinned, until nothing is left. No lock
 * is taken under which a thread pins, because pinning waits for the lock of our
 * caller.
 */
#include <linux/bitops.h>
#include <linux/delay.h>

#include "cdna_trace.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_range.h"
#include "guard/cdna_release.h"
#include "guard/cdna_span.h"
#include "guard/cdna_unmap.h"

#define UNMAP_POLL_US	500

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

	if (!queue->backed)
		return false;
	if (cdna_span_uses(&queue->shadow_span, first, last) ||
	    cdna_span_uses(&queue->avail_span, first, last) ||
	    cdna_span_uses(&queue->comp_span, first, last))
		return true;
	rcu_read_lock();
	for (i = 0; i < queue->slots && !uses; i++)
		uses = unmap_has(READ_ONCE(queue->slot[i]), first, last);
	rcu_read_unlock();
	return uses;
}

/**
 * struct unmap_users - who uses pages of the range
 * @whole: the context itself
 * @control: its control queue
 * @queues: bit per queue, by CDNA_VQUEUE()
 * @sending: bit per queue pair whose transmit queue is among them and runs
 */
struct unmap_users {
	bool whole;
	bool control;
	unsigned long queues;
	unsigned long sending;
};

static bool unmap_whole(const struct cdna_domain *domain, unsigned long first,
			unsigned long last)
{
	return unmap_has(domain->pages.status, first, last) ||
	       unmap_has(domain->pages.tails, first, last);
}

/* Shut the gates of the users of the range. */
static struct unmap_users unmap_shut(struct cdna_domain *domain,
				     unsigned long first, unsigned long last)
{
	struct unmap_users users = {
		.whole = domain->stripped || unmap_whole(domain, first, last),
		.control = cdna_ctrlq_uses(domain, first, last),
	};
	struct cdna_queue *queue;
	u32 i;

	lockdep_assert_held(&domain->lock);

	/* What the NIC has done with is nobody's: a guest may unmap a frame as soon
	 * as it was sent.
	 */
	cdna_release_all(domain);
	domain->withdrawn |= users.whole;
	if (users.whole)
		cdna_gate_shut(&domain->gate);
	if (users.control)
		cdna_ctrlq_shut(domain);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &domain->queue[i];
		if (!users.whole && !unmap_queue_uses(queue, first, last))
			continue;
		cdna_gate_shut(&queue->gate);
		users.queues |= BIT(i);
		if (queue->dir == CDNA_DIR_TX &&
		    queue->state == CDNA_QUEUE_RUNNING)
			users.sending |= BIT(queue->qp);
	}
	return users;
}

static void unmap_wait(struct cdna_domain *domain,
		       const struct unmap_users *users)
{
	u32 i;

	if (users->whole)
		cdna_gate_wait(&domain->gate);
	if (users->control)
		cdna_ctrlq_wait(domain);
	for_each_set_bit(i, &users->queues, CDNA_VDEV_NR_QUEUES)
		cdna_gate_wait(&domain->queue[i].gate);
}

static void unmap_stop_queue(struct cdna_queue *queue)
{
	struct cdna_fault_info fault = { .reason = CDNA_VFAULT_WITHDRAWN };

	/* A guest may have made it again meanwhile: that is another queue. */
	if (!cdna_gate_is_closed(&queue->gate))
		return;
	cdna_queue_withdraw(queue);
	fault.index = queue->released;
	cdna_fault_queue(queue, &fault);
}

/* Stop all users of pages of the range, and have them release the pages. Waiting for
 * traps and for the NIC is done without the lock: a revocation does not wait for it.
 */
static void unmap_stop_users(struct cdna_domain *domain, unsigned long first,
			     unsigned long last, bool drain)
{
	struct unmap_users users;
	u32 i;

	mutex_lock(&domain->lock);
	users = unmap_shut(domain, first, last);
	mutex_unlock(&domain->lock);
	unmap_wait(domain, &users);
	if (drain)
		cdna_cmd_drain(domain, CDNA_DIR_TX, users.sending);

	mutex_lock(&domain->lock);
	for_each_set_bit(i, &users.queues, CDNA_VDEV_NR_QUEUES)
		unmap_stop_queue(&domain->queue[i]);
	if (users.control)
		cdna_ctrlq_withdraw(domain);
	if (users.whole && cdna_gate_is_closed(&domain->gate))
		cdna_domain_withdraw(domain);
	mutex_unlock(&domain->lock);
}

/**
 * cdna_unmap_range - take memory away from a context
 * @domain: whose
 * @iova: guest-physical address
 * @bytes: length
 *
 * When it returns, no page of the range is pinned and no DMA reaches it; none is
 * pinned again before the calling thread returns to user space.
 *
 * If the IOMMU layer calls once more, other contexts had pages of the range pinned
 * meanwhile. Then queues are not drained: that takes time, which a hostile machine
 * chooses.
 *
 * Context: may sleep, with locks of the IOMMU layer held: no lock is held or
 * taken under which a thread pins.
 */
void cdna_unmap_range(struct cdna_domain *domain, u64 iova, u64 bytes)
{
	unsigned long first = iova >> PAGE_SHIFT;
	unsigned long last = (iova + bytes - 1) >> PAGE_SHIFT;
	bool drain;

	might_sleep();
	lockdep_assert_not_held(&domain->lock);

	trace_cdna_unmap(domain->id, first, last);
	drain = cdna_range_close(&domain->range, first, last);
	while (cdna_pin_flush(&domain->pins, first, last)) {
		unmap_stop_users(domain, first, last, drain);
		drain = false;
		if (!cdna_pin_flush(&domain->pins, first, last))
			break;
		/* A trap or a command that began before is on its way out. */
		fsleep(UNMAP_POLL_US);
	}
}
