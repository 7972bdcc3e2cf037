// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults stop queues: each is recorded for the guest, which reads which
 * descriptor it was and why, and gets an interrupt.
 *
 * What the NIC reports is dealt with in a work of the context: that waits for the
 * context's lock, and the events of other contexts must not.
 */
#include <linux/bitops.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_queue.h"

/**
 * cdna_fault_queue - stop a queue that runs; the first reason stays
 * @queue: the queue
 * @fault: why
 *
 * Context: process context. The gate of the queue may be entered or closed.
 */
void cdna_fault_queue(struct cdna_queue *queue, const struct cdna_fault_info *fault)
{
	struct cdna_domain *domain = queue->domain;

	if (!cdna_queue_event(queue, CDNA_QEV_FAULT, fault))
		return;
	trace_cdna_fault(domain->id, queue->qp, queue->dir, fault);
	domain->ops->queue_fault(queue, fault);
}

/**
 * cdna_fault_all - stop all queues of a context that run
 * @domain: the context
 * @reason: enum cdna_vfault; the descriptor is the next one of each queue
 */
void cdna_fault_all(struct cdna_domain *domain, u32 reason)
{
	struct cdna_fault_info fault = { .reason = reason };
	struct cdna_queue *queue;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &domain->queue[i];
		fault.index = READ_ONCE(queue->accepted);
		cdna_fault_queue(queue, &fault);
	}
}

static u32 fault_reason(const struct cdna_event *event)
{
	return min_t(u32, le16_to_cpu(event->reason), CDNA_VFAULT_NIC_LAST);
}

/* An event may be older than the queue it names now: the NIC is asked. */
static void fault_nic_queue(struct cdna_domain *domain,
			    const struct cdna_event *event)
{
	struct cdna_queue *queue =
		&domain->queue[CDNA_VQUEUE(event->qp, event->dir)];
	const struct cdna_fault_info fault = {
		.reason = fault_reason(event),
		.index = le32_to_cpu(event->index),
		.expected = le32_to_cpu(event->expected),
		.seen = le32_to_cpu(event->seen),
	};

	lockdep_assert_held(&domain->lock);

	if (READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING &&
	    cdna_cmd_queue_is_faulted(queue))
		cdna_fault_queue(queue, &fault);
}

/* It may also be older than the context's last reset. */
static void fault_nic_context(struct cdna_domain *domain,
			      const struct cdna_event *event)
{
	lockdep_assert_held(&domain->lock);

	if (cdna_gate_is_open(&domain->gate) &&
	    cdna_cmd_ctx_is_faulted(domain))
		domain->ops->ctx_fault(domain, fault_reason(event));
}

/* Take one that is pending. Return: false if there is none. */
static bool fault_take(struct cdna_faults *faults, struct cdna_event *event)
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

static void fault_work(struct work_struct *work)
{
	struct cdna_domain *domain = container_of(work, struct cdna_domain,
						  faults.work);
	struct cdna_event event;

	while (fault_take(&domain->faults, &event)) {
		mutex_lock(&domain->lock);
		if (le16_to_cpu(event.type) == CDNA_EVENT_CONTEXT_FAULT)
			fault_nic_context(domain, &event);
		else
			fault_nic_queue(domain, &event);
		mutex_unlock(&domain->lock);
	}
}

/**
 * cdna_fault_init - the NIC has reported nothing
 * @domain: the context
 */
void cdna_fault_init(struct cdna_domain *domain)
{
	spin_lock_init(&domain->faults.lock);
	INIT_WORK(&domain->faults.work, fault_work);
}

/**
 * cdna_fault_event - the NIC stopped a queue or the context
 * @domain: whose
 * @event: copy of what the NIC reports; queue pair and direction are in bounds
 *
 * Only queues it. A later one about the same queue replaces it.
 */
void cdna_fault_event(struct cdna_domain *domain,
		      const struct cdna_event *event)
{
	struct cdna_faults *faults = &domain->faults;
	u32 i = CDNA_VDEV_NR_QUEUES;

	if (le16_to_cpu(event->type) == CDNA_EVENT_QUEUE_FAULT)
		i = CDNA_VQUEUE(event->qp, event->dir);
	spin_lock(&faults->lock);
	faults->event[i] = *event;
	faults->pending |= BIT(i);
	spin_unlock(&faults->lock);
	schedule_work(&faults->work);
}

/**
 * cdna_fault_end - look at no more of them
 * @domain: the context, about which the NIC reports nothing any longer
 *
 * Context: may sleep; without cdna_domain.lock, which the work takes.
 */
void cdna_fault_end(struct cdna_domain *domain)
{
	lockdep_assert_not_held(&domain->lock);
	cancel_work_sync(&domain->faults.work);
}
