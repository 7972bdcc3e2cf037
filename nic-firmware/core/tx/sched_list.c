// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lists of contexts, for the scheduler. They are short: what looks through one
 * takes no longer than that.
 */
#include "tx/sched_list.h"

#include "state.h"

#define LIST_PATIENCE		((u64)FW_SCHED_BURST << 20)	/* ns */

static void list_append(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	ctx->sched.next = NULL;
	if (list->tail)
		list->tail->sched.next = ctx;
	else
		list->head = ctx;
	list->tail = ctx;
}

static void list_prepend(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	ctx->sched.next = list->head;
	list->head = ctx;
	if (!list->tail)
		list->tail = ctx;
}

/* @ctx may be in none. */
static void list_unlink(struct fw_sched_list *list, const struct fw_ctx *ctx)
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

/* Put @ctx where its time is, in a list whose head is due first. */
static void list_insert(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	struct fw_ctx *at = list->head;

	if (!at || list->tail->sched.when <= ctx->sched.when) {
		list_append(list, ctx);
		return;
	}
	if (ctx->sched.when < at->sched.when) {
		list_prepend(list, ctx);
		return;
	}
	while (at->sched.next->sched.when <= ctx->sched.when)
		at = at->sched.next;
	ctx->sched.next = at->sched.next;
	at->sched.next = ctx;
}

static struct fw_sched_list *list_of(struct fw_sched *sched, u32 where)
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

static void list_leave(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_sched_list *list = list_of(&nic->sched, ctx->sched.where);

	if (list)
		list_unlink(list, ctx);
}

/*
 * When all that it needs of its group's limit is there, and as much for each member that
 * has something to send. Some may have nothing soon: it looks again after a while.
 */
static u64 list_when_group(const struct fw_nic *nic, const struct fw_ctx *ctx)
{
	const struct fw_bucket *rate = &ctx->sched.group->rate[FW_SCHED_MAX];
	s64 lack = FW_MAX(1 - (s64)ctx->sched.part[FW_SCHED_MAX], 1);
	u64 all = (u64)lack * ctx->sched.group->busy;
	u64 alone, last;

	/* A timer that is late loses nothing of the other half. */
	all = FW_MIN(all, (u64)rate->burst / 2);
	last = fw_bucket_when_tokens(rate, (s32)all);
	alone = fw_bucket_when_tokens(rate, (s32)FW_MIN((u64)lack, all));
	return FW_MIN(last, FW_MAX(alone, nic->now + LIST_PATIENCE / 2));
}

static u64 list_when(const struct fw_nic *nic, const struct fw_ctx *ctx)
{
	u64 when = FW_MAX(nic->now + 1, fw_bucket_when(&ctx->sched.rate));

	if (ctx->sched.group)
		when = FW_MAX(when, list_when_group(nic, ctx));
	return when;
}

/**
 * fw_sched_return() - a member needs nothing of what its group may send
 * @ctx: the member
 *
 * The others may have it; what it has sent too much, it still owes.
 */
void fw_sched_return(struct fw_ctx *ctx)
{
	struct fw_bucket *rate = ctx->sched.group->rate;
	s32 *part = ctx->sched.part;
	u32 i;

	for (i = 0; i < FW_SCHED_NR_PARTS; i++) {
		if (part[i] <= 0)
			continue;
		rate[i].tokens = FW_MIN(rate[i].tokens + part[i],
					rate[i].burst);
		part[i] = 0;
	}
}

/* The group of @ctx divides its rates among those who have something to send. */
static void list_count(struct fw_ctx *ctx, bool was_busy, bool is_busy)
{
	if (!ctx->sched.group || was_busy == is_busy)
		return;
	if (is_busy) {
		ctx->sched.group->busy++;
	} else {
		ctx->sched.group->busy--;
		fw_sched_return(ctx);
	}
}

/**
 * fw_sched_put() - a context waits for something else, or for nothing
 * @nic: the NIC
 * @ctx: the context
 * @where: what for; behind the others that do, but for FW_SCHED_LIMITED
 */
void fw_sched_put(struct fw_nic *nic, struct fw_ctx *ctx,
		  enum fw_sched_where where)
{
	struct fw_sched_list *list = list_of(&nic->sched, where);
	struct fw_sched_entry *entry = &ctx->sched;

	list_leave(nic, ctx);
	list_count(ctx, entry->where != FW_SCHED_IDLE,
		   where != FW_SCHED_IDLE);
	entry->where = (u8)where;
	if (where == FW_SCHED_LIMITED) {
		entry->when = list_when(nic, ctx);
		list_insert(list, ctx);
	} else if (list) {
		list_append(list, ctx);
	}
}

/**
 * fw_sched_front() - it is a context's turn
 * @nic: the NIC
 * @ctx: the context
 */
void fw_sched_front(struct fw_nic *nic, struct fw_ctx *ctx)
{
	list_leave(nic, ctx);
	ctx->sched.where = FW_SCHED_ACTIVE;
	list_prepend(&nic->sched.active, ctx);
}
