// SPDX-License-Identifier: GPL-2.0-only
/*
 * A control virtqueue: how it begins and ends, and the work that serves it.
 *
 * Theory of operation
 *
 * A notification only wakes the work, which does all that concerns the queue with
 * cdna_domain.ctl_lock held: so it is one of the requests of a guest, of which there is one
 * at a time, and a reset, for which that lock is held, too, is before a command or
 * after it. Behind that lock, everything is inside the queue's gate. That is for those who
 * do not take the lock: a revocation and dma_unmap shut the gate, and the queue's memory is
 * released once it is closed (I6, I9).
 *
 * So nothing is written into the guest's memory after one of these has returned. The rings
 * are mapped as long as the gate may be entered. The answer's page is pinned before
 * the command runs, and until the answer was written: who takes memory away waits for it.
 *
 * A guest's driver may wait for an answer without end, and with locks that it needs to
 * reset its device. So the queue outlives the others: it is served while those are
 * stopped, also by the NIC's death. A revocation takes its memory, but where it is
 * remains known, until the guest resets the device: when the context has been returned, the
 * work takes the same memory again, and goes on where it was. What commands can do then is
 * up to the mediated side.
 *
 * While the machine is stopped, nothing is served: who resumes it kicks the queue.
 *
 * Who is bounded by what: the work runs a few commands, then pauses, however often it is
 * notified. Its processor time is not charged to the machine; memory is.
 */
#include <linux/jiffies.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "guard/cdna_ctrlq.h"
#include "guard/cdna_ctrlq_serve.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_notify.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_span.h"
#include "guard/cdna_virtq.h"
#include "guard/cdna_vring.h"

#define CTRLQ_PAGES	8	/* two of each part, of the command and of its answer */

/* From the work itself: whatever has notified it since it began is seen then, and not before,
 * as what notifies it until then.
 */
static void ctrlq_later(struct cdna_ctrlq *ctrlq, unsigned int ms)
{
	mod_delayed_work(system_unbound_wq, &ctrlq->work, msecs_to_jiffies(ms));
}

static struct cdna_vring *ctrlq_vring(struct cdna_ctrlq *ctrlq)
{
	/* It stays while the gate is entered, or ctl_lock held and the gate shut. */
	return rcu_dereference_protected(ctrlq->queue.vring, true);
}

/* Release its memory. Nobody is in the gate. */
static void ctrlq_free(struct cdna_ctrlq *ctrlq)
{
	struct cdna_vring *vring = ctrlq_vring(ctrlq);
	struct cdna_queue *queue = &ctrlq->queue;

	if (vring) {
		ctrlq->next = vring->virtq.next;
		ctrlq->done = vring->virtq.done;
	}
	cdna_vring_destroy(queue);
	cdna_span_unpin(&queue->comp_span);
	cdna_span_unpin(&queue->avail_span);
	cdna_span_unpin(&queue->shadow_span);
	cdna_pin_limit(&ctrlq->domain->pins, -CTRLQ_PAGES);
}

/* What was pinned before a revocation began is not used after it. */
static int ctrlq_open(struct cdna_ctrlq *ctrlq)
{
	struct cdna_domain *domain = ctrlq->domain;
	struct cdna_queue *queue = &ctrlq->queue;

	lockdep_assert_held(&domain->lock);

	if (READ_ONCE(domain->range.stopped))
		return -EAGAIN;
	queue->backed = true;
	cdna_queue_event(queue, CDNA_QEV_CREATE, NULL);
	cdna_gate_open(&queue->gate);
	return 0;
}

/* Take its memory. Return: 0 or an error; then there is none */
static int ctrlq_install(struct cdna_ctrlq *ctrlq)
{
	struct cdna_domain *domain = ctrlq->domain;
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	ctrlq->params.place.next = ctrlq->next;
	ctrlq->params.place.used = ctrlq->done;
	cdna_pin_limit(&domain->pins, CTRLQ_PAGES);
	ret = cdna_vring_create(&ctrlq->queue, &ctrlq->params, 0);
	if (!ret) {
		mutex_lock(&domain->lock);
		ret = ctrlq_open(ctrlq);
		mutex_unlock(&domain->lock);
	}
	if (ret)
		ctrlq_free(ctrlq);
	return ret;
}

static bool ctrlq_retake(struct cdna_ctrlq *ctrlq)
{
	int ret;

	if (READ_ONCE(ctrlq->queue.left))
		return false;
	ret = ctrlq_install(ctrlq);
	if (ret && cdna_span_may_come(ctrlq->domain, ret))
		ctrlq_later(ctrlq, CDNA_CTRLQ_RETRY_MS);
	return !ret;
}

/* It has no state after a revocation, or a move to where its memory could not be had. */
static bool ctrlq_is_ready(struct cdna_ctrlq *ctrlq)
{
	switch (READ_ONCE(ctrlq->queue.state)) {
	case CDNA_QUEUE_RUNNING:
		return true;
	case CDNA_QUEUE_NONE:
		return ctrlq_retake(ctrlq);
	default:
		return false;
	}
}

/* The device is open: memory is charged to who has opened it. */
static void ctrlq_run(struct cdna_ctrlq *ctrlq)
{
	struct mem_cgroup *old =
		set_active_memcg(ctrlq->domain->resume.memcg);
	struct cdna_gate *gate = &ctrlq->queue.gate;
	unsigned int ms = 0;

	if (ctrlq_is_ready(ctrlq) && cdna_gate_enter(gate)) {
		ms = cdna_ctrlq_serve(ctrlq, ctrlq_vring(ctrlq));
		cdna_gate_leave(gate);
	}
	set_active_memcg(old);
	if (ms)
		ctrlq_later(ctrlq, ms);
}

static void ctrlq_work(struct work_struct *work)
{
	struct cdna_ctrlq *ctrlq = container_of(to_delayed_work(work),
						struct cdna_ctrlq, work);
	struct cdna_domain *domain = ctrlq->domain;

	mutex_lock(&domain->ctl_lock);
	if (ctrlq->wanted && !domain->paused)
		ctrlq_run(ctrlq);
	mutex_unlock(&domain->ctl_lock);
}

/**
 * cdna_ctrlq_create - let a context have a control queue
 * @domain: the context
 * @ops: what its commands do
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_ctrlq_create(struct cdna_domain *domain,
		      const struct cdna_ctrlq_ops *ops)
{
	struct cdna_ctrlq *ctrlq = kvzalloc(sizeof(*ctrlq), GFP_KERNEL);

	if (!ctrlq)
		return -ENOMEM;
	ctrlq->domain = domain;
	ctrlq->ops = ops;
	cdna_queue_init(&ctrlq->queue, domain, CDNA_CTRLQ_QP, 0);
	INIT_DELAYED_WORK(&ctrlq->work, ctrlq_work);
	domain->ctrlq = ctrlq;
	return 0;
}

/**
 * cdna_ctrlq_free - undo it
 * @domain: the context, which nobody uses any longer; may have no control queue
 */
void cdna_ctrlq_free(struct cdna_domain *domain)
{
	if (!domain->ctrlq)
		return;
	/* Woken for nothing after its device was closed */
	cancel_delayed_work_sync(&domain->ctrlq->work);
	kvfree(domain->ctrlq);
	domain->ctrlq = NULL;
}

/**
 * cdna_ctrlq_start - a guest gives its control queue
 * @domain: the context, active, which can have one
 * @number: its number among the guest's virtqueues
 * @params: where it is, within bounds
 *
 * The guest of one that comes from elsewhere may wait for an answer there: if its memory cannot
 * be had now, the work takes it, as after a revocation.
 *
 * Context: pins pages. Who notifies meanwhile may not be noticed: kick it then.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_ctrlq_start(struct cdna_domain *domain, u32 number,
				   const struct cdna_vring_params *params)
{
	struct cdna_ctrlq *ctrlq = domain->ctrlq;
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	if (ctrlq->queue.state != CDNA_QUEUE_NONE || ctrlq->queue.left)
		return CDNA_VRES_BAD_STATE;
	WRITE_ONCE(ctrlq->at, CDNA_NOTIFY_AT(number));
	ctrlq->params = *params;
	ctrlq->params.control = true;
	ctrlq->next = params->place.next;
	ctrlq->done = params->place.used;
	ret = ctrlq_install(ctrlq);
	/* Not where there will be no memory: each notification would look again. */
	WRITE_ONCE(ctrlq->wanted, !ret ||
		   (params->place.moved && (ret == -EAGAIN ||
					    cdna_span_may_come(domain, ret))));
	return ret ? cdna_span_result(ret) : CDNA_VRES_OK;
}

/**
 * cdna_ctrlq_forget - a guest's device is reset, or closed
 * @domain: the context; may have no control queue
 *
 * The work does not begin to serve it any longer, and does not right now: that would
 * hold the lock. Its memory is released as that of other queues.
 */
void cdna_ctrlq_forget(struct cdna_domain *domain)
{
	lockdep_assert_held(&domain->ctl_lock);

	if (domain->ctrlq)
		WRITE_ONCE(domain->ctrlq->wanted, false);
}

/**
 * cdna_ctrlq_kick - have the work look at the queue
 * @domain: the context; may have no control queue
 *
 * Context: any.
 */
void cdna_ctrlq_kick(struct cdna_domain *domain)
{
	struct cdna_ctrlq *ctrlq = domain->ctrlq;

	/* One that pauses is not disturbed. */
	if (ctrlq && READ_ONCE(ctrlq->wanted))
		queue_delayed_work(system_unbound_wq, &ctrlq->work, 0);
}

/**
 * cdna_ctrlq_notified - a guest has stored into its notify page
 * @domain: the context; may have no control queue, or another sort of page
 * @offset: where
 *
 * Context: any.
 *
 * Return: whether that was about its control queue, and about nothing else.
 */
bool cdna_ctrlq_notified(struct cdna_domain *domain, u32 offset)
{
	if (!domain->ctrlq || offset != READ_ONCE(domain->ctrlq->at) ||
	    !READ_ONCE(domain->ctrlq->wanted))
		return false;
	cdna_ctrlq_kick(domain);
	return true;
}

/**
 * cdna_ctrlq_shut - have the work serve no further command
 * @domain: the context; may have no control queue
 */
void cdna_ctrlq_shut(struct cdna_domain *domain)
{
	lockdep_assert_held(&domain->lock);

	if (domain->ctrlq)
		cdna_gate_shut(&domain->ctrlq->queue.gate);
}

/**
 * cdna_ctrlq_wait - wait until the work is not in the queue any longer
 * @domain: the context; its control queue is shut, if it has one
 *
 * Context: as cdna_gate_wait().
 */
void cdna_ctrlq_wait(struct cdna_domain *domain)
{
	if (domain->ctrlq)
		cdna_gate_wait(&domain->ctrlq->queue.gate);
}

/**
 * cdna_ctrlq_strip - the context's guest is stopped
 * @domain: the context; may have no control queue
 *
 * Its memory is left, for the work that may be in the queue, until cdna_ctrlq_release().
 */
void cdna_ctrlq_strip(struct cdna_domain *domain)
{
	struct cdna_queue *queue;

	if (!domain->ctrlq)
		return;
	queue = &domain->ctrlq->queue;
	cdna_ctrlq_shut(domain);
	WRITE_ONCE(queue->left, queue->left || queue->backed);
	queue->backed = false;
	cdna_queue_event(queue, CDNA_QEV_RESET, NULL);
}

/**
 * cdna_ctrlq_release - release what is left of it
 * @domain: the context; may have no control queue
 *
 * Return: false if the work is in it: it is left then.
 */
bool cdna_ctrlq_release(struct cdna_domain *domain)
{
	struct cdna_ctrlq *ctrlq = domain->ctrlq;

	lockdep_assert_held(&domain->lock);

	if (!ctrlq || !ctrlq->queue.left)
		return true;
	if (!cdna_gate_is_closed(&ctrlq->queue.gate))
		return false;
	ctrlq_free(ctrlq);
	WRITE_ONCE(ctrlq->queue.left, false);
	return true;
}

/**
 * cdna_ctrlq_uses - whether its memory overlaps a range
 * @domain: the context; may have no control queue
 * @first: guest page number
 * @last: guest page number, inclusive
 *
 * Return: true if so, or if memory is left of one that was stopped.
 */
bool cdna_ctrlq_uses(const struct cdna_domain *domain, unsigned long first,
		     unsigned long last)
{
	const struct cdna_queue *queue;

	lockdep_assert_held(&domain->lock);

	if (!domain->ctrlq)
		return false;
	queue = &domain->ctrlq->queue;
	return queue->left ||
	       (queue->backed &&
		(cdna_span_uses(&queue->shadow_span, first, last) ||
		 cdna_span_uses(&queue->avail_span, first, last) ||
		 cdna_span_uses(&queue->comp_span, first, last)));
}

/**
 * cdna_ctrlq_withdraw - its memory is taken away (I9)
 * @domain: the context, whose control queue used it when it was shut
 */
void cdna_ctrlq_withdraw(struct cdna_domain *domain)
{
	struct cdna_fault_info fault = { .reason = CDNA_VFAULT_WITHDRAWN };
	struct cdna_ctrlq *ctrlq = domain->ctrlq;

	lockdep_assert_held(&domain->lock);

	/* A guest may have made it again meanwhile: that is another one. */
	if (!cdna_gate_is_closed(&ctrlq->queue.gate))
		return;
	WRITE_ONCE(ctrlq->queue.left, ctrlq->queue.left || ctrlq->queue.backed);
	ctrlq->queue.backed = false;
	cdna_ctrlq_release(domain);
	fault.index = ctrlq->next;
	cdna_fault_queue(&ctrlq->queue, &fault);
}
