// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lists of contexts, for the scheduler. They are short: what looks through one
 * takes no longer than that.
 */
#include "tx/sched_list.h"

#include "state.h"

/**
 * fw_sched_append() - put a context behind all others
 * @list: the list
 * @ctx: the context, in no list
 */
void fw_sched_append(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	ctx->sched.next = NULL;
	if (list->tail)
		list->tail->sched.next = ctx;
	else
		list->head = ctx;
	list->tail = ctx;
}

/**
 * fw_sched_prepend() - put a context before all others
 * @list: the list
 * @ctx: the context, in no list
 */
void fw_sched_prepend(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	ctx->sched.next = list->head;
	list->head = ctx;
	if (!list->tail)
		list->tail = ctx;
}

/**
 * fw_sched_unlink() - take a context out of a list
 * @list: the list
 * @ctx: the context; may be in none
 */
void fw_sched_unlink(struct fw_sched_list *list, const struct fw_ctx *ctx)
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

/**
 * fw_sched_insert() - put a context where its time is in a list sorted by that
 * @list: the list, whose head is due first
 * @ctx: the context, in no list
 */
void fw_sched_insert(struct fw_sched_list *list, struct fw_ctx *ctx)
{
	struct fw_ctx *at = list->head;

	if (!at || list->tail->sched.when <= ctx->sched.when) {
		fw_sched_append(list, ctx);
		return;
	}
	if (ctx->sched.when < at->sched.when) {
		fw_sched_prepend(list, ctx);
		return;
	}
	while (at->sched.next->sched.when <= ctx->sched.when)
		at = at->sched.next;
	ctx->sched.next = at->sched.next;
	at->sched.next = ctx;
}
