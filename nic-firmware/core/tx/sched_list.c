// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lists of contexts, for the scheduler. They are short: what looks through one
 * takes no longer than that.
 */
#include "tx/sched_list.h"

#include "state.h"

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
	entry->where = (u8)where;
	if (where == FW_SCHED_LIMITED) {
		entry->when = fw_bucket_when(&entry->rate);
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
