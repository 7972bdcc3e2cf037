// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which context transmits next (paper 3.1): deficit round robin over the
 * contexts that have something to send. How long the next frame is shows only
 * when it was sent, so a turn ends when the deficit is used up, and what was
 * sent beyond it is missing from the next one.
 */
#include "tx/sched.h"

#include "ctx/mark.h"
#include "state.h"
#include "switch/wireq.h"
#include "tx/chain.h"
#include "tx/tx.h"

/* Tokens that gather in this many times 2^20 ns, so that late timers lose none */
#define SCHED_BURST		4

static void sched_append(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	ctx->sched.next = NULL;
	if (list->tail)
		list->tail->sched.next = ctx;
	else
		list->head = ctx;
	list->tail = ctx;
}

static void sched_pop(struct fw_sched_list *list)
{
	struct fw_ctx *ctx = list->head;

	list->head = ctx->sched.next;
	if (!list->head)
		list->tail = NULL;
	ctx->sched.next = NULL;
}

static void sched_unlink(struct fw_sched_list *list, const struct fw_ctx *ctx)
{
	struct fw_ctx *before = NULL;
	struct fw_ctx *at = list->head;

	while (at && at != ctx) {
		before = at;
		at = at->sched.next;
	}
	if (!at)
		return;
	if (before)
		before->sched.next = at->sched.next;
	else
		list->head = at->sched.next;
	if (list->tail == at)
		list->tail = before;
	at->sched.next = NULL;
}

/* Keep the list sorted: its head has the deadline. */
static void sched_insert_limited(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	struct fw_ctx *at = list->head;

	if (!at || list->tail->sched.when <= ctx->sched.when) {
		sched_append(list, ctx);
		return;
	}
	if (ctx->sched.when < at->sched.when) {
		ctx->sched.next = at;
		list->head = ctx;
		return;
	}
	while (at->sched.next->sched.when <= ctx->sched.when)
		at = at->sched.next;
	ctx->sched.next = at->sched.next;
	at->sched.next = ctx;
}

static struct fw_sched_list *sched_list(struct fw_sched *sched, u32 where)
{
	if (where == FW_SCHED_ACTIVE)
		return &sched->active;
	return where == FW_SCHED_LIMITED ? &sched->limited : &sched->starved;
}

/* The one place where an entry changes lists. */
static void sched_put(struct fw_nic *nic, struct fw_ctx *ctx,
		      enum fw_sched_where where)
{
	struct fw_sched_entry *entry = &ctx->sched;
	struct fw_sched *sched = &nic->sched;

	if (entry->where == FW_SCHED_ACTIVE && sched->active.head == ctx)
		sched_pop(&sched->active);
	else if (entry->where != FW_SCHED_IDLE)
		sched_unlink(sched_list(sched, entry->where), ctx);
	entry->where = (u8)where;
	if (where == FW_SCHED_LIMITED) {
		entry->when = fw_bucket_when(&entry->rate);
		sched_insert_limited(&sched->limited, ctx);
	} else if (where != FW_SCHED_IDLE) {
		sched_append(sched_list(sched, where), ctx);
	}
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
	    (ctx->sched.where == FW_SCHED_LIMITED && sched_draining(ctx)))
		sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/* Out of the round; what it sent beyond its quantum it still owes. */
static void sched_idle(struct fw_nic *nic, struct fw_ctx *ctx)
{
	sched_put(nic, ctx, FW_SCHED_IDLE);
	ctx->sched.in_turn = false;
	ctx->sched.deficit = FW_MIN(ctx->sched.deficit, 0);
	fw_pool_resign(&nic->pool, FW_BUDGET_TX, ctx->id);
}

/**
 * fw_sched_remove() - a context has no transmit queue that is served
 * @nic: the NIC
 * @ctx: the context
 */
void fw_sched_remove(struct fw_nic *nic, struct fw_ctx *ctx)
{
	sched_idle(nic, ctx);
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
	u32 mask = ctx->tx_running & ~empty;

	if (mask && !sched_may_send(nic, ctx)) {
		sched_cut_drains(nic, ctx);
		mask = 0;
		if (sched_has_posted(ctx)) {
			sched_put(nic, ctx, FW_SCHED_LIMITED);
			return 0;
		}
	}
	if (!mask)
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
		if (!*budget || fw_wireq_full(&nic->wireq) ||
		    !sched_send(nic, ctx, &empty, budget))
			return;
	}
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

/* The wire may have no room: then the board wakes the firmware. */
static bool sched_can_go_on(const struct fw_nic *nic)
{
	const struct fw_sched *sched = &nic->sched;

	return !fw_wireq_full(&nic->wireq) &&
	       (sched->active.head || (nic->pool.freed && sched->starved.head));
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
	while (sched->active.head && budget && !fw_wireq_full(&nic->wireq))
		sched_turn(nic, &budget);
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
