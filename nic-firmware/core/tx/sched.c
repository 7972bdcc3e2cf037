// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which context transmits next (paper 3.1): deficit round robin over the
 * contexts that have something to send. How long the next frame is shows only
 * when it was sent, so a turn ends when the deficit is used up, and what was
 * sent beyond it is missing from the next one.
 *
 * A full wire stops what is for the wire and nothing else: a queue pair whose
 * next frame would go there is blocked, and a context with nothing else to send
 * leaves the round. Whenever the wire has room, those with blocked queue pairs
 * come first, in the order of their numbers and each for the rest of its turn:
 * what they post meanwhile for each other changes nothing in that order.
 */
#include "tx/sched.h"

#include "ctx/mark.h"
#include "state.h"
#include "switch/wireq.h"
#include "tx/chain.h"
#include "tx/sched_list.h"
#include "tx/tx.h"

/* Tokens that gather in this many times 2^20 ns, so that late timers lose none */
#define SCHED_BURST		4

static struct fw_sched_list *sched_list(struct fw_sched *sched, u32 where)
{
	switch (where) {
	case FW_SCHED_ACTIVE:
		return &sched->active;
	case FW_SCHED_LIMITED:
		return &sched->limited;
	case FW_SCHED_STARVED:
		return &sched->starved;
	default:
		return NULL;
	}
}

static void sched_leave(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_sched_list *list = sched_list(&nic->sched, ctx->sched.where);

	if (list)
		fw_sched_unlink(list, ctx);
}

/* The one place where an entry changes lists, but for sched_resume() */
static void sched_put(struct fw_nic *nic, struct fw_ctx *ctx,
		      enum fw_sched_where where)
{
	struct fw_sched_list *list = sched_list(&nic->sched, where);
	struct fw_sched_entry *entry = &ctx->sched;

	sched_leave(nic, ctx);
	entry->where = (u8)where;
	if (where == FW_SCHED_LIMITED) {
		entry->when = fw_bucket_when(&entry->rate);
		fw_sched_insert(list, ctx);
	} else if (list) {
		fw_sched_append(list, ctx);
	}
}

/* A context with blocked queue pairs, @first if possible. Return: or FW_NO_CTX */
static u32 sched_blocked(const struct fw_sched *sched, u32 first)
{
	u32 words = FW_ARRAY_SIZE(sched->blocked);
	u32 mask = ~0u << (first % 32);
	u32 i, at;

	/* The word of @first twice: what is before it comes last. */
	for (i = 0; i <= words; i++, mask = ~0u) {
		at = (first / 32 + i) % words;
		if (sched->blocked[at] & mask)
			return at * 32 + fw_ffs32(sched->blocked[at] & mask);
	}
	return FW_NO_CTX;
}

/* The first to find the wire full is in the middle of its turn there. */
static void sched_block(struct fw_nic *nic, struct fw_ctx *ctx, u32 qp)
{
	struct fw_sched *sched = &nic->sched;

	if (sched_blocked(sched, 0) == FW_NO_CTX) {
		sched->wire_turn = ctx->id;
		sched->wire_new = false;
	}
	ctx->sched.blocked |= (u8)(1u << qp);
	sched->blocked[ctx->id / 32] |= 1u << (ctx->id % 32);
}

static void sched_unblock(struct fw_nic *nic, struct fw_ctx *ctx, u32 mask)
{
	ctx->sched.blocked &= (u8)~mask;
	if (!ctx->sched.blocked)
		nic->sched.blocked[ctx->id / 32] &= ~(1u << (ctx->id % 32));
}

/* The wire has room: whose turn is it there? To the front of the round. */
static void sched_resume(struct fw_nic *nic)
{
	struct fw_sched *sched = &nic->sched;
	struct fw_ctx *ctx = sched->active.head;
	u32 id = sched_blocked(sched, sched->wire_turn);

	/* In the middle of it, where the last step ended? */
	if (id == FW_NO_CTX || (ctx && ctx->sched.in_turn &&
				ctx->id == sched->wire_turn && !sched->wire_new))
		return;
	ctx = &nic->ctx[id];
	sched->wire_turn = (u16)id;
	sched->wire_new = false;
	sched_unblock(nic, ctx, ~0u);
	sched_leave(nic, ctx);
	ctx->sched.where = FW_SCHED_ACTIVE;
	fw_sched_prepend(&sched->active, ctx);
}

/* A context's turn on the wire is over, if it had it. */
static void sched_yield_wire(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	if (nic->sched.wire_turn != ctx->id || nic->sched.wire_new)
		return;
	nic->sched.wire_turn = (ctx->id + 1) % FW_MAX_CONTEXTS;
	nic->sched.wire_new = true;
}

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
		sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/* Out of the round; what it sent beyond its quantum it still owes. */
static void sched_idle(struct fw_nic *nic, struct fw_ctx *ctx)
{
	sched_put(nic, ctx, FW_SCHED_IDLE);
	sched_unblock(nic, ctx, ~0u);
	sched_yield_wire(nic, ctx);
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
	sched_unblock(nic, qp->ctx, 1u << qp->id);
	if (!qp->ctx->tx_running)
		sched_idle(nic, qp->ctx);
}

/**
 * fw_sched_set_rate() - bound what a context transmits
 * @nic: the NIC
 * @ctx: the context
 * @mbps: 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: no limit
 */
void fw_sched_set_rate(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps)
{
	/* 10^6 / 8 bytes in 10^9 ns are 131.072 in 2^20 ns */
	u32 rate = mbps * 16384u / 125u;

	fw_bucket_set(&ctx->sched.rate, rate,
		      FW_MAX(SCHED_BURST * rate, 2u * FW_SCHED_QUANTUM),
		      nic->now);
	if (ctx->sched.where == FW_SCHED_LIMITED)
		sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/* Lowest queue pair in @mask at or after @first, round and round */
static u32 sched_first(u32 mask, u32 first)
{
	u32 after = mask & ~((1u << first) - 1);

	return fw_ffs32(after ? after : mask);
}

/*
 * A quiesced context sends what it has posted, and gets no more to send until
 * the host activates it again. What it sends is charged all the same.
 */
static bool sched_may_send(struct fw_nic *nic, struct fw_ctx *ctx)
{
	return ctx->state == CDNA_CTX_QUIESCED ||
	       fw_bucket_ready(&ctx->sched.rate, nic->now);
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

	if (mask && !sched_may_send(nic, ctx)) {
		sched_cut_drains(nic, ctx);
		mask = 0;
		if (sched_has_posted(ctx)) {
			sched_yield_wire(nic, ctx);
			sched_put(nic, ctx, FW_SCHED_LIMITED);
			return 0;
		}
	}
	if (!mask && ctx->sched.blocked & ctx->tx_running)
		sched_put(nic, ctx, FW_SCHED_BLOCKED);
	else if (!mask)
		sched_idle(nic, ctx);
	return mask;
}

/* What was freed before it was refused does not help it. */
static void sched_starve(struct fw_nic *nic, struct fw_ctx *ctx)
{
	if (!nic->sched.starved.head)
		nic->pool.freed = false;
	sched_put(nic, ctx, FW_SCHED_STARVED);
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
		sched_block(nic, ctx, qp->id);
		return true;
	}
	if (charge > 0) {
		ctx->sched.deficit -= charge;
		fw_bucket_take(&ctx->sched.rate, (u32)charge);
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

/* The turn of the context in front, or a part of it if @budget runs out */
static void sched_turn(struct fw_nic *nic, u32 *budget)
{
	struct fw_ctx *ctx = nic->sched.active.head;
	struct fw_sched_entry *entry = &ctx->sched;
	u32 empty = 0;

	if (!entry->in_turn) {
		entry->in_turn = true;
		entry->deficit += FW_SCHED_QUANTUM;
	}
	while (entry->deficit > 0) {
		if (!*budget || !sched_send(nic, ctx, &empty, budget))
			return;
	}
	sched_yield_wire(nic, ctx);
	entry->in_turn = false;
	entry->next_qp = (entry->next_qp + 1) % CDNA_MAX_QPS;
	sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

static void sched_wake_limited(struct fw_nic *nic)
{
	struct fw_sched_list *limited = &nic->sched.limited;

	while (limited->head && limited->head->sched.when <= nic->now)
		sched_put(nic, limited->head, FW_SCHED_ACTIVE);
}

/* All may try again: the longest waiting first, and none is forgotten. */
static void sched_wake_starved(struct fw_nic *nic)
{
	struct fw_sched_list *starved = &nic->sched.starved;

	if (!nic->pool.freed)
		return;
	nic->pool.freed = false;
	while (starved->head)
		sched_put(nic, starved->head, FW_SCHED_ACTIVE);
}

/* Is there a context that could go on? The board looks after a full wire. */
static bool sched_can_go_on(const struct fw_nic *nic)
{
	const struct fw_sched *sched = &nic->sched;

	return sched->active.head || (nic->pool.freed && sched->starved.head) ||
	       (!fw_wireq_full(&nic->wireq) &&
		sched_blocked(sched, 0) != FW_NO_CTX);
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

	sched_wake_limited(nic);
	sched_wake_starved(nic);
	while (budget) {
		if (!fw_wireq_full(&nic->wireq))
			sched_resume(nic);
		if (!sched->active.head)
			break;
		sched_turn(nic, &budget);
	}
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
