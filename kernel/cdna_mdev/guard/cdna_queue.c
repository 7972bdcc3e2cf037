// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: created and destroyed at a guest's command, stopped when memory or the
 * context is taken away.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/nospec.h>

#include "cdna_provider.h"
#include "guard/cdna_backing.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_formats.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_queue_state.h"
#include "guard/cdna_span.h"

/* Zeroed slots must not look valid: the first lap never expects 0 (I4). */
#define QUEUE_FIRST_SEQ		1

/**
 * cdna_queue_init - make a queue that does not exist yet
 * @queue: the queue
 * @domain: whose
 * @qp: queue pair
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 */
void cdna_queue_init(struct cdna_queue *queue, struct cdna_domain *domain,
		     u8 qp, u8 dir)
{
	queue->domain = domain;
	queue->qp = qp;
	queue->dir = dir;
	mutex_init(&queue->trap_lock);
	cdna_gate_init(&queue->gate);
	spin_lock_init(&queue->release_lock);
	spin_lock_init(&queue->lock);
}

/**
 * cdna_queue_event - something happens to a queue: the door to its state
 * @queue: the queue
 * @event: what
 * @fault: why, for CDNA_QEV_FAULT; else NULL
 *
 * Context: process context. A queue is created and destroyed with
 * cdna_domain.lock held; it may fault at any time.
 *
 * Return: whether the state changed.
 */
bool cdna_queue_event(struct cdna_queue *queue, enum cdna_queue_event event,
		      const struct cdna_fault_info *fault)
{
	bool changed;
	int next;

	spin_lock(&queue->lock);
	next = cdna_queue_state_next(queue->state, event);
	changed = next >= 0 && next != queue->state;
	if (changed) {
		WRITE_ONCE(queue->state, next);
		queue->fault = fault ? *fault : (struct cdna_fault_info) {};
		queue->faults += event == CDNA_QEV_FAULT;
		if (event == CDNA_QEV_CREATE)
			WRITE_ONCE(queue->accepted, 0);
	}
	spin_unlock(&queue->lock);
	return changed;
}

/**
 * cdna_queue_report - what the guest reads about a queue
 * @queue: the queue
 * @report: filled in
 */
void cdna_queue_report(struct cdna_queue *queue,
		       struct cdna_vdev_report *report)
{
	spin_lock(&queue->lock);
	*report = (struct cdna_vdev_report) {
		.state = cpu_to_le32(queue->state),
		.fault = cpu_to_le32(queue->fault.reason),
		.index = cpu_to_le32(queue->fault.index),
		.expected = cpu_to_le32(queue->fault.expected),
		.seen = cpu_to_le32(queue->fault.seen),
		.accepted = cpu_to_le32(queue->accepted),
		.faults = cpu_to_le32(queue->faults),
	};
	spin_unlock(&queue->lock);
}

/* Which queue a guest means. Return: NULL if there can be none of that number */
static struct cdna_queue *queue_by_number(struct cdna_domain *domain,
					  u32 number)
{
	if (number >= CDNA_VDEV_NR_QUEUES)
		return NULL;
	number = array_index_nospec(number, CDNA_VDEV_NR_QUEUES);
	return &domain->queue[number];
}

static enum cdna_vresult queue_check(struct cdna_queue *queue,
				     const struct cdna_queue_params *params)
{
	const struct cdna_domain *domain = queue->domain;
	const struct cdna_nic_info *info = &domain->nic->info;
	const struct cdna_layout *layout = &domain->formats->virtio;

	if (queue->qp >= info->qps || params->slots < info->min_ring ||
	    params->slots > info->max_ring || !is_power_of_2(params->slots))
		return CDNA_VRES_BAD_PARAM;
	if (!params->vring)
		layout = cdna_formats_find(domain->formats, params->format,
					   queue->dir);
	if (!layout || params->offloads & ~info->offloads)
		return CDNA_VRES_BAD_PARAM;

	queue->layout = layout;
	queue->slots = params->slots;
	return CDNA_VRES_OK;
}

/* The queue pair's interrupt source comes with its first queue. */
static int queue_bind(struct cdna_queue *queue)
{
	struct cdna_domain *domain = queue->domain;
	struct cdna_provider *nic = domain->nic;
	int ret;

	if (domain->bound & BIT(queue->qp))
		return 0;
	ret = nic->ops->source_bind(nic, domain->id, queue->qp,
				    domain->source,
				    &domain->queue[CDNA_VQUEUE(queue->qp, 0)]);
	if (!ret)
		domain->bound |= BIT(queue->qp);
	return ret;
}

static enum cdna_vresult queue_install(struct cdna_queue *queue, u32 offloads)
{
	struct cdna_domain *domain = queue->domain;

	lockdep_assert_held(&domain->lock);

	if (!cdna_gate_is_open(&domain->gate))
		return CDNA_VRES_BAD_STATE;
	queue->prod = 0;
	queue->released = 0;
	queue->chain = 0;
	queue->seq = QUEUE_FIRST_SEQ;
	if (queue_bind(queue) || cdna_cmd_queue_create(queue, offloads))
		return CDNA_VRES_NIC;

	queue->backed = true;
	cdna_queue_event(queue, CDNA_QEV_CREATE, NULL);
	cdna_gate_open(&queue->gate);
	set_bit(CDNA_VQUEUE(queue->qp, queue->dir), &domain->installed);
	return CDNA_VRES_OK;
}

/**
 * cdna_queue_create - CDNA_VCMD_QUEUE_CREATE
 * @domain: whose
 * @number: CDNA_VQUEUE(), as the guest gave it
 * @params: what the guest requests
 *
 * Context: everything is pinned before cdna_domain.lock is taken.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_create(struct cdna_domain *domain, u32 number,
				    const struct cdna_queue_params *params)
{
	struct cdna_queue *queue = queue_by_number(domain, number);
	enum cdna_vresult res;
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	if (!queue)
		return CDNA_VRES_BAD_PARAM;
	if (!cdna_gate_is_open(&domain->gate) ||
	    queue->state != CDNA_QUEUE_NONE)
		return CDNA_VRES_BAD_STATE;
	res = queue_check(queue, params);
	if (res)
		return res;

	ret = cdna_backing_allocate(queue, params);
	if (ret)
		return cdna_span_result(ret);
	mutex_lock(&domain->lock);
	res = queue_install(queue, params->offloads);
	mutex_unlock(&domain->lock);
	if (res)
		cdna_backing_free(queue);
	return res;
}

/**
 * cdna_queue_withdraw - end the NIC's use of a queue, and release its memory
 * @queue: the queue, with its gate closed; may have no memory any longer
 *
 * Its state does not change: the caller records why this happens. When it
 * returns, the NIC no longer reaches the queue's memory.
 */
void cdna_queue_withdraw(struct cdna_queue *queue)
{
	lockdep_assert_held(&queue->domain->lock);

	if (!queue->backed)
		return;
	cdna_cmd_queue_destroy(queue);
	cdna_queue_strip(queue);
	cdna_queue_release(queue);
}

/**
 * cdna_queue_strip - the NIC has forgotten a queue
 * @queue: the queue, with its gate shut; may not exist
 */
void cdna_queue_strip(struct cdna_queue *queue)
{
	lockdep_assert_held(&queue->domain->lock);

	clear_bit(CDNA_VQUEUE(queue->qp, queue->dir),
		  &queue->domain->installed);
	queue->left |= queue->backed;
	queue->backed = false;
}

/**
 * cdna_queue_release - release what is left of a queue
 * @queue: the queue, with its gate closed
 */
void cdna_queue_release(struct cdna_queue *queue)
{
	lockdep_assert_held(&queue->domain->lock);

	if (queue->left)
		cdna_backing_free(queue);
	queue->left = false;
}

/**
 * cdna_queue_destroy - CDNA_VCMD_QUEUE_DESTROY
 * @domain: whose
 * @number: CDNA_VQUEUE(), as the guest gave it
 *
 * Context: waits for traps of this machine in progress, without cdna_domain.lock.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_destroy(struct cdna_domain *domain, u32 number)
{
	struct cdna_queue *queue = queue_by_number(domain, number);
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;

	lockdep_assert_held(&domain->ctl_lock);

	if (!queue)
		return CDNA_VRES_BAD_PARAM;
	cdna_gate_shut(&queue->gate);
	cdna_gate_wait(&queue->gate);
	mutex_lock(&domain->lock);
	if (queue->state != CDNA_QUEUE_NONE) {
		cdna_queue_withdraw(queue);
		cdna_queue_event(queue, CDNA_QEV_DESTROY, NULL);
		res = CDNA_VRES_OK;
	}
	mutex_unlock(&domain->lock);
	return res;
}

/**
 * cdna_queue_drain - CDNA_VCMD_QUEUE_DRAIN
 * @domain: whose
 * @number: CDNA_VQUEUE(), as the guest gave it
 *
 * Context: waits for the NIC, and for traps of this machine in progress, without
 * cdna_domain.lock: the queue may be taken away meanwhile.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_drain(struct cdna_domain *domain, u32 number)
{
	struct cdna_queue *queue = queue_by_number(domain, number);
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	if (!queue)
		return CDNA_VRES_BAD_PARAM;
	if (READ_ONCE(queue->state) != CDNA_QUEUE_RUNNING)
		return CDNA_VRES_BAD_STATE;
	cdna_gate_shut(&queue->gate);
	cdna_gate_wait(&queue->gate);
	ret = cdna_cmd_drain(domain, queue->dir, BIT(queue->qp));
	/* Sent or not, it accepts no further descriptors. */
	cdna_queue_event(queue, CDNA_QEV_DRAIN, NULL);
	return ret ? CDNA_VRES_NIC : CDNA_VRES_OK;
}
