// SPDX-License-Identifier: GPL-2.0-only
/*
 * States of rings. The table of states is the firmware's; here is what its
 * transitions do.
 */
#include <linux/slab.h>

#include "ctx/queue_state.h"
#include "softnic_backlog.h"
#include "softnic_desc.h"
#include "softnic_events.h"
#include "softnic_queue.h"
#include "softnic_ring.h"
#include "softnic_status.h"
#include "softnic_zc.h"

static bool queue_receives(const struct softnic_qp *qp)
{
	return qp->spread && softnic_ring_serves(&qp->ring[CDNA_DIR_RX]);
}

/* The guest receives while one of its receive queues does. While one is only paused, the
 * guest's place in the host's network stays what it is.
 */
static void queue_note_rx(struct softnic_qp *qp)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct softnic_ctx *ctx = qp->ctx;

	/* Queue pairs start and stop at the same time. */
	spin_lock(&ctx->rx_lock);
	assign_bit(qp->id, &ctx->lro, ring->offloads & CDNA_OFFLOAD_LRO);
	assign_bit(qp->id, &ctx->rx_running, queue_receives(qp));
	assign_bit(qp->id, &ctx->rx_paused, qp->spread && ring->resumes);
	if (ctx->rx_running || ctx->rx_paused)
		netif_carrier_on(ctx->port);
	else
		netif_carrier_off(ctx->port);
	spin_unlock(&ctx->rx_lock);
}

/* A receive ring may have begun or ended to be served, or to be paused. */
static void queue_settle_rx(struct softnic_qp *qp)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];

	lockdep_assert_held(&qp->lock);

	queue_note_rx(qp);
	if (!softnic_ring_serves(ring) && !ring->resumes)
		softnic_backlog_purge(qp);
}

/* The door to a ring's state. Return: whether it changed */
static bool queue_event(struct softnic_qp *qp, u8 dir,
			enum fw_queue_event event)
{
	struct softnic_ring *ring = &qp->ring[dir];
	const struct fw_queue_transition *to =
		fw_queue_transition(ring->state, event);

	lockdep_assert_held(&qp->lock);

	if (!to->action)
		return false;
	WRITE_ONCE(ring->state, to->next);
	if (to->next != CDNA_QUEUE_STOPPED)
		ring->resumes = false;
	if (dir == CDNA_DIR_RX)
		queue_settle_rx(qp);
	softnic_status_publish(qp, 0);
	return true;
}

/**
 * softnic_queue_start - serve a ring
 * @qp: its queue pair; the ring is filled in
 * @dir: CDNA_DIR_*
 */
void softnic_queue_start(struct softnic_qp *qp, u8 dir)
{
	spin_lock_bh(&qp->lock);
	queue_event(qp, dir, FW_QUEUE_CREATE);
	spin_unlock_bh(&qp->lock);
}

static void queue_end(struct softnic_qp *qp, u8 dir, enum fw_queue_event event,
		      bool resumes)
{
	struct softnic_ring *ring = &qp->ring[dir];
	bool paused;

	spin_lock_bh(&qp->lock);
	paused = ring->resumes;
	ring->resumes = resumes && ring->state == CDNA_QUEUE_RUNNING;
	/* One that is paused has stopped already, as far as its state goes. */
	if (!queue_event(qp, dir, event) && paused && dir == CDNA_DIR_RX)
		queue_settle_rx(qp);
	spin_unlock_bh(&qp->lock);
	if (dir == CDNA_DIR_RX)
		return;
	/* Transmission looks at the state before each frame. */
	mutex_lock(&qp->tx_lock);
	mutex_unlock(&qp->tx_lock);
	if (!resumes)
		softnic_zc_wait(qp);
}

/**
 * softnic_queue_stop - stop a ring where it is
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * Context: process; waits for the frame that is being sent, and some time for those
 * that the host has.
 */
void softnic_queue_stop(struct softnic_qp *qp, u8 dir)
{
	queue_end(qp, dir, FW_QUEUE_STOP, false);
}

/**
 * softnic_queue_quiesce - stop a ring where it is, with its context
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * Frames that wait for buffers are kept. What the host has is reported when the queue goes
 * on.
 *
 * Context: process; waits for the frame that is being sent.
 */
void softnic_queue_quiesce(struct softnic_qp *qp, u8 dir)
{
	queue_end(qp, dir, FW_QUEUE_STOP, true);
}

/**
 * softnic_queue_resume - serve a ring again that was quiesced
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * Return: false if it was not, or was stopped otherwise since.
 */
bool softnic_queue_resume(struct softnic_qp *qp, u8 dir)
{
	bool runs;

	spin_lock_bh(&qp->lock);
	runs = qp->ring[dir].resumes && queue_event(qp, dir, FW_QUEUE_RESUME);
	spin_unlock_bh(&qp->lock);
	return runs;
}

/**
 * softnic_queue_fault - stop a ring that is bad, and report it
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 * @reason: why
 * @index: free-running index of the descriptor
 */
void softnic_queue_fault(struct softnic_qp *qp, u8 dir, enum cdna_fault reason,
			 u32 index)
{
	struct softnic_ring *ring = &qp->ring[dir];
	struct softnic_desc desc = {};
	u32 expected = 0;
	bool changed;

	spin_lock_bh(&qp->lock);
	if (reason == CDNA_FAULT_SEQUENCE) {
		softnic_desc_read(ring->memory, ring->format,
				  index & (ring->slots - 1), &desc);
		expected = softnic_desc_seq(ring->format,
					    ring->first_seq + index);
	}
	ring->fault = reason;
	changed = queue_event(qp, dir, FW_QUEUE_FAULT);
	if (changed)
		softnic_status_raise(qp);
	spin_unlock_bh(&qp->lock);
	if (!changed)
		return;
	softnic_count(qp->ctx, CDNA_CSTAT_FAULT + reason, 1);
	softnic_count_qp(qp, CDNA_QSTAT_FAULTS, 1);
	softnic_events_fault(qp, dir, index, expected, desc.seq);
}

/**
 * softnic_queue_destroy - use a ring and its buffers no longer
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * Context: process; as softnic_queue_stop().
 */
void softnic_queue_destroy(struct softnic_qp *qp, u8 dir)
{
	queue_end(qp, dir, FW_QUEUE_DESTROY, false);
	if (dir == CDNA_DIR_TX)
		softnic_zc_destroy(qp);
}

/**
 * softnic_queue_scale - choose which queue pair receives which flow
 * @ctx: the context
 * @rss: which, is freed when it is not used any longer; NULL: the host's own hash says
 *
 * A guest that repeats it waits for the last one: otherwise memory would, for RCU.
 *
 * Context: process. Waits until no frame is received by the old one any longer.
 */
void softnic_queue_scale(struct softnic_ctx *ctx, struct fw_rss *rss)
{
	rss = rcu_replace_pointer(ctx->rss, rss, lockdep_is_held(&ctx->lock));
	if (!rss)
		return;
	synchronize_rcu();
	kfree(rss);
}

static void queue_spread(struct softnic_qp *qp, bool spread)
{
	spin_lock_bh(&qp->lock);
	qp->spread = spread;
	queue_note_rx(qp);
	if (!spread)
		softnic_backlog_purge(qp);
	spin_unlock_bh(&qp->lock);
}

/**
 * softnic_queue_spread - choose which receive rings get frames
 * @ctx: the context
 * @qps: bit per queue pair
 * @rss: which of them gets which flow, allocated by kmalloc(), and freed in time; NULL: all
 *	of them get some
 *
 * What was posted in the others stays; frames that wait for them are dropped. First come
 * those that begin to receive, so that there is one all the time.
 *
 * Context: process. When it returns, no other ring gets a frame.
 */
void softnic_queue_spread(struct softnic_ctx *ctx, unsigned long qps,
			  struct fw_rss *rss)
{
	u32 i;

	for_each_set_bit(i, &qps, CDNA_MAX_QPS)
		queue_spread(&ctx->qp[i], true);
	softnic_queue_scale(ctx, rss);
	for_each_clear_bit(i, &qps, CDNA_MAX_QPS)
		queue_spread(&ctx->qp[i], false);
}

/**
 * softnic_queue_info - what QUEUE_QUERY and QUEUE_DRAIN report
 * @qp: the queue pair
 * @dir: CDNA_DIR_*
 * @info: filled
 */
void softnic_queue_info(const struct softnic_qp *qp, u8 dir,
			struct cdna_queue_info *info)
{
	const struct softnic_ring *ring = &qp->ring[dir];

	*info = (struct cdna_queue_info) {
		.state = ring->state,
		.fault = ring->state == CDNA_QUEUE_FAULTED ? ring->fault : 0,
		.prod = cpu_to_le32(ring->prod),
		.cons = cpu_to_le32(dir == CDNA_DIR_TX ? ring->done :
							 ring->cons),
		.next_seq = cpu_to_le32(softnic_desc_seq(ring->format,
							 ring->first_seq +
							 ring->cons)),
		.comp_prod = cpu_to_le32(dir == CDNA_DIR_RX ?
					 qp->comp_prod : 0),
	};
}
