// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which context transmits next (paper 3.1): deficit round robin over the
 * contexts that have something to send. What the next frame costs shows only
 * when it was sent, so a turn ends when the deficit is used up, and what was
 * too much is missing from the next one.
 *
 * A frame costs its bytes, once for each way it goes, and the core's work on it
 * (base/work.h). Work counts while the core is what contexts wait for; what was
 * done for a context between its turns is taken from its next ones. While the core
 * has time for all of them, and they wait for the wire at most, they share the wire,
 * and bytes count alone. Rate limits, too, are of bytes.
 */
#include "tx/sched.h"

#include "ctx/mark.h"
#include "state.h"
#include "switch/wireq.h"
#include "tx/chain.h"
#include "tx/sched_list.h"
#include "tx/sched_part.h"
#include "tx/sched_share.h"
#include "tx/sched_wire.h"
#include "tx/tx.h"

/* Queue pairs whose transmit queue drains */
static u32 sched_draining(const struct fw_ctx *ctx)
{
	u32 left, mask = 0;

	for (left = ctx->tx_running; left; left &= left - 1) {
		u32 id = fw_ffs32(left);

		if (ctx->qp[id].queue[CDNA_DIR_TX].state ==
		    CDNA_QUEUE_DRAINING)
			mask |= 1u << id;
	}
	return mask;
}

static bool sched_has_posted(const struct fw_ctx *ctx)
{
	u32 left;

	for (left = ctx->tx_running; left; left &= left - 1) {
		const struct fw_qp *qp = &ctx->qp[fw_ffs32(left)];
		const struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;

		if (ring->cons != ring->prod)
			return true;
	}
	return false;
}

/**
 * fw_sched_wake() - a context may have something to send
 * @nic: the NIC
 * @ctx: the context
 */
void fw_sched_wake(struct fw_nic *nic, struct fw_ctx *ctx)
{
	if (ctx->sched.where == FW_SCHED_IDLE ||
	    ctx->sched.where == FW_SCHED_BLOCKED ||
	    (ctx->sched.where == FW_SCHED_LIMITED && sched_draining(ctx)))
		fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/**
 * fw_sched_idle() - a context has nothing to send
 * @nic: the NIC
 * @ctx: the context; it is in no list afterwards
 *
 * What it sent beyond its quantum it still owes.
 */
void fw_sched_idle(struct fw_nic *nic, struct fw_ctx *ctx)
{
	fw_sched_put(nic, ctx, FW_SCHED_IDLE);
	fw_sched_wire_unblock(nic, ctx, ~0u);
	fw_sched_wire_yield(nic, ctx);
	ctx->sched.in_turn = false;
	ctx->sched.deficit = FW_MIN(ctx->sched.deficit, 0);
	fw_pool_resign(&nic->pool, FW_BUDGET_TX, ctx->id);
}

/**
 * fw_sched_stopped() - a transmit queue is not served any longer
 * @nic: the NIC
 * @qp: its queue pair
 */
void fw_sched_stopped(struct fw_nic *nic, struct fw_qp *qp)
{
	fw_sched_wire_unblock(nic, qp->ctx, 1u << qp->id);
	if (!qp->ctx->tx_running)
		fw_sched_idle(nic, qp->ctx);
}

/**
 * fw_sched_set_rate() - bound what a context transmits
 * @nic: the NIC
 * @ctx: the context
 * @mbps: 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: no limit
 */
void fw_sched_set_rate(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps)
{
	fw_bucket_change_mbps(&ctx->sched.rate, mbps, FW_SCHED_BURST,
			      2 * FW_SCHED_QUANTUM, nic->now);
	if (ctx->sched.where == FW_SCHED_LIMITED)
		fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/* Lowest queue pair in @mask at or after @first, round and round */
static u32 sched_first(u32 mask, u32 first)
{
	u32 after = mask & ~((1u << first) - 1);

	return fw_ffs32(after ? after : mask);
}

/*
 * A drain neither waits for the limit nor evades it: a guest may create, drain
 * and destroy queues as often as it likes. So it ends where the limit ends it,
 * and the queue's indices show what was not sent.
 */
static void sched_cut_drains(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 left;

	for (left = sched_draining(ctx); left; left &= left - 1)
		fw_mark_drained(nic, &ctx->qp[fw_ffs32(left)]);
}

/*
 * Which queue pairs may send? If none, put the context where it waits. One that
 * waits for its limit goes on with the same turn: were it a new one, the queue
 * pair in front would have that as well, and the others none.
 */
static u32 sched_eligible(struct fw_nic *nic, struct fw_ctx *ctx, u32 empty)
{
	u32 mask = ctx->tx_running & ~empty & ~ctx->sched.blocked;

	if (mask && (!fw_bucket_ready(&ctx->sched.rate, nic->now) ||
		     (ctx->sched.group && !fw_sched_part_allows(nic, ctx)))) {
		sched_cut_drains(nic, ctx);
		mask = 0;
		if (sched_has_posted(ctx)) {
			fw_sched_wire_yield(nic, ctx);
			fw_sched_put(nic, ctx, FW_SCHED_LIMITED);
			return 0;
		}
	}
	if (!mask && ctx->sched.blocked & ctx->tx_running)
		fw_sched_put(nic, ctx, FW_SCHED_BLOCKED);
	else if (!mask)
		fw_sched_idle(nic, ctx);
	return mask;
}

/* What was freed before it was refused does not help it. */
static void sched_starve(struct fw_nic *nic, struct fw_ctx *ctx)
{
	if (!nic->sched.starved.head)
		nic->pool.freed = false;
	fw_sched_put(nic, ctx, FW_SCHED_STARVED);
}

static void sched_charge(struct fw_nic *nic, struct fw_ctx *ctx, s32 bytes)
{
	struct fw_sched_entry *entry = &ctx->sched;

	fw_bucket_take(&entry->rate, (u32)bytes);
	if (entry->group)
		fw_sched_part_take(ctx, bytes);
	fw_sched_share_take(nic, ctx, bytes);
	if (!entry->promised && nic->sched.spare)
		entry->deficit -= bytes;
	else if (!entry->promised)
		entry->deficit -= bytes + (s32)(FW_WORK_FRAME + ctx->work);
	ctx->work = 0;
}

/* Send one frame. Return: false if the context is no longer in the round. */
static bool sched_send(struct fw_nic *nic, struct fw_ctx *ctx, u32 *empty,
		       u32 *budget)
{
	u32 mask = sched_eligible(nic, ctx, *empty);
	struct fw_qp *qp;
	s32 charge;

	if (!mask)
		return false;
	ctx->sched.next_qp = (u8)sched_first(mask, ctx->sched.next_qp);
	qp = &ctx->qp[ctx->sched.next_qp];
	charge = fw_tx_one(nic, qp);
	if (charge == FW_TX_NO_MEMORY) {
		sched_starve(nic, ctx);
		return false;
	}
	if (charge == FW_TX_WIRE_FULL) {
		fw_sched_wire_block(nic, ctx, qp->id);
		return true;
	}
	if (charge > 0) {
		sched_charge(nic, ctx, charge);
		--*budget;
	} else {
		*empty |= 1u << qp->id;
		ctx->sched.next_qp = (qp->id + 1) % CDNA_MAX_QPS;
		if (charge == FW_TX_EMPTY &&
		    qp->queue[CDNA_DIR_TX].state == CDNA_QUEUE_DRAINING)
			fw_mark_drained(nic, qp);
	}
	return true;
}

/* What was done for a context meanwhile is not part of what it sends next. */
static void sched_settle(struct fw_ctx *ctx)
{
	ctx->sched.owed = FW_MIN(ctx->sched.owed + ctx->work, FW_WORK_MAX);
	ctx->work = 0;
}

/* A turn pays for as much of what was done meanwhile as a turn is worth. */
static void sched_begin(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_sched_entry *entry = &ctx->sched;
	u32 pays;

	sched_settle(ctx);
	if (entry->in_turn)
		return;
	if (nic->sched.spare)
		entry->owed = 0;
	pays = FW_MIN(entry->owed, (u32)FW_SCHED_QUANTUM);
	entry->owed -= pays;
	entry->in_turn = true;
	entry->deficit += FW_SCHED_QUANTUM - (s32)pays;
}

/* The turn of the context in front, or a part of it if @budget runs out */
static void sched_turn(struct fw_nic *nic, u32 *budget)
{
	struct fw_ctx *ctx = nic->sched.active.head;
	struct fw_sched_entry *entry = &ctx->sched;
	u32 empty = 0;

	sched_begin(nic, ctx);
	while (entry->deficit > 0) {
		if (!*budget || !sched_send(nic, ctx, &empty, budget))
			return;
	}
	fw_sched_wire_yield(nic, ctx);
	entry->in_turn = false;
	entry->next_qp = (entry->next_qp + 1) % CDNA_MAX_QPS;
	fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/*
 * Send what a minimum rate is due, as much as a turn at a time. A queue that has nothing
 * does not end the turn: the context is due until all have been looked at.
 */
static void sched_keep_share(struct fw_nic *nic, struct fw_ctx *ctx,
			     u32 *budget)
{
	u32 empty = 0, was;

	sched_settle(ctx);
	ctx->sched.promised = true;
	do {
		was = empty;
		if (!*budget || !sched_send(nic, ctx, &empty, budget))
			break;
	} while (empty != was || !fw_sched_share_over(nic, ctx));
	ctx->sched.promised = false;
}

/*
 * While the core is busy, who gets frames off the wire takes turns for that, too.
 * While it is not, nobody owes anything.
 */
static void sched_wake_receivers(struct fw_nic *nic)
{
	u32 left, i;

	for (i = 0; i < FW_ARRAY_SIZE(nic->received); i++) {
		for (left = nic->received[i]; left; left &= left - 1) {
			struct fw_ctx *ctx;

			ctx = &nic->ctx[i * 32 + fw_ffs32(left)];
			if (nic->sched.spare) {
				ctx->sched.owed = 0;
				ctx->work = 0;
			} else if (ctx->sched.where == FW_SCHED_IDLE) {
				fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
			}
		}
		nic->received[i] = 0;
	}
}

static void sched_wake_limited(struct fw_nic *nic)
{
	struct fw_sched_list *limited = &nic->sched.limited;

	while (limited->head && limited->head->sched.when <= nic->now)
		fw_sched_put(nic, limited->head, FW_SCHED_ACTIVE);
}

/* All may try again: the longest waiting first, and none is forgotten. */
static void sched_wake_starved(struct fw_nic *nic)
{
	struct fw_sched_list *starved = &nic->sched.starved;

	if (!nic->pool.freed)
		return;
	nic->pool.freed = false;
	while (starved->head)
		fw_sched_put(nic, starved->head, FW_SCHED_ACTIVE);
}

/* Is there a context that could go on? The board looks after a full wire. */
static bool sched_can_go_on(const struct fw_nic *nic)
{
	const struct fw_sched *sched = &nic->sched;

	return sched->active.head || (nic->pool.freed && sched->starved.head) ||
	       (!fw_wireq_full(&nic->wireq) &&
		fw_sched_wire_waits(sched));
}

/**
 * fw_sched_service() - transmit, for one step
 * @nic: the NIC
 *
 * Return: whether there is something left that could be sent immediately
 */
bool fw_sched_service(struct fw_nic *nic)
{
	struct fw_sched *sched = &nic->sched;
	u32 budget = FW_SCHED_FRAMES;

	sched_wake_receivers(nic);
	sched_wake_limited(nic);
	sched_wake_starved(nic);
	while (budget) {
		struct fw_ctx *ctx = fw_sched_share_due(nic);

		if (ctx) {
			sched_keep_share(nic, ctx, &budget);
			continue;
		}
		if (!fw_wireq_full(&nic->wireq))
			fw_sched_wire_resume(nic);
		if (!sched->active.head)
			break;
		sched_turn(nic, &budget);
	}
	sched->spare = !sched->active.head;
	return sched_can_go_on(nic);
}

/**
 * fw_sched_deadline() - when the scheduler can go on
 * @nic: the NIC
 *
 * Return: time in ns: @nic->now if immediately, ~0 if not by waiting
 */
u64 fw_sched_deadline(const struct fw_nic *nic)
{
	const struct fw_ctx *first = nic->sched.limited.head;

	if (sched_can_go_on(nic))
		return nic->now;
	return first ? first->sched.when : ~0ull;
}
