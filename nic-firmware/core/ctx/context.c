// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lifecycle of a context: what each transition of ctx/context_state.c does, and
 * the step that deals with what was marked.
 */
#include "ctx/context.h"

#include "base/pool.h"
#include "base/rss.h"
#include "ctx/demux.h"
#include "ctx/filter.h"
#include "ctx/intr.h"
#include "ctx/mbox.h"
#include "ctx/queue.h"
#include "ctx/status.h"
#include "notify/event.h"
#include "state.h"

static void ctx_clear_stats(struct fw_ctx *ctx)
{
	u32 i;
	u32 j;

	for (i = 0; i < CDNA_NR_STATS; i++)
		ctx->stats[i] = 0;
	for (i = 0; i < CDNA_MAX_QPS; i++)
		for (j = 0; j < CDNA_NR_QSTATS; j++)
			ctx->qp[i].stats[j] = 0;
}

static void ctx_destroy_queues(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		fw_queue_event(nic, &ctx->qp[i], CDNA_DIR_TX,
			       FW_QUEUE_DESTROY);
		fw_queue_event(nic, &ctx->qp[i], CDNA_DIR_RX,
			       FW_QUEUE_DESTROY);
		fw_status_forget(nic, &ctx->qp[i]);
		fw_intr_forget(nic, &ctx->qp[i]);
	}
	ctx->held = 0;
	ctx->fault = CDNA_FAULT_NONE;
}

static void ctx_configure(struct fw_nic *nic, struct fw_ctx *ctx)
{
	ctx_clear_stats(ctx);
	nic->pool.owners++;
}

static void ctx_activate(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	ctx_destroy_queues(nic, ctx);
	ctx->rx_spread = (u8)((1u << CDNA_MAX_QPS) - 1);
	ctx->driven = true;
	fw_rss_clear(&ctx->rss);
	for (i = 0; i < CDNA_MAX_QPS; i++) {
		ctx->qp[i].moderation.event = 0;
		ctx->qp[i].moderation.raised = 0;
	}
}

static void ctx_quiesce(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		fw_queue_quiesce(nic, &ctx->qp[i], CDNA_DIR_RX);
		fw_queue_quiesce(nic, &ctx->qp[i], CDNA_DIR_TX);
	}
	fw_status_settle(nic, ctx);
}

static void ctx_resume(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		fw_queue_resume(nic, &ctx->qp[i], CDNA_DIR_RX);
		fw_queue_resume(nic, &ctx->qp[i], CDNA_DIR_TX);
	}
	fw_mbox_catch_up(nic, ctx);
}

static void ctx_reset(struct fw_nic *nic, struct fw_ctx *ctx)
{
	ctx_destroy_queues(nic, ctx);
	nic->hooks->ctx_reset(nic, ctx);
	ctx->status_addr = 0;
}

static void ctx_stop(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	fw_ctx_count(ctx, CDNA_CSTAT_FAULT + ctx->fault, 1);
	ctx->status_addr = 0;
	for (i = 0; i < CDNA_MAX_QPS; i++) {
		fw_queue_event(nic, &ctx->qp[i], CDNA_DIR_TX, FW_QUEUE_STOP);
		fw_queue_event(nic, &ctx->qp[i], CDNA_DIR_RX, FW_QUEUE_STOP);
		fw_intr_now(nic, &ctx->qp[i]);
	}
	fw_event_ctx_fault(nic, ctx->id, ctx->fault);
}

static void ctx_revoke(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i;

	ctx_reset(nic, ctx);
	for (i = 0; i < ctx->nr_macs; i++)
		fw_demux_del(&nic->demux, ctx->mac[i], ctx->access_vlan);
	ctx->nr_macs = 0;
}

static void ctx_clear_partition(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	u32 at;

	for (at = 0; at < CDNA_PARTITION_SIZE; at += 4)
		nic->ops->sram_write(nic->board, CDNA_PARTITION(ctx->id) + at,
				     0);
}

static void ctx_release(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_bucket rate = ctx->sched.rate, share = ctx->sched.share;
	u32 owed = FW_MIN(ctx->sched.owed + ctx->work, FW_WORK_MAX);
	s32 deficit = FW_MIN(ctx->sched.deficit, 0);
	struct fw_bounds bounds = ctx->bounds;
	u32 i;

	ctx_revoke(nic, ctx);
	for (i = 0; i < CDNA_MAX_QPS; i++)
		fw_intr_unbind(nic, &ctx->qp[i]);
	fw_event_forget(nic, ctx->id);
	fw_pool_forget(&nic->pool, ctx->id);
	nic->pool.owners--;
	ctx_clear_partition(nic, ctx);
	/*
	 * A context that is opened again and again has no burst each time, and its debts
	 * stay.
	 */
	fw_ctx_init(ctx, ctx->id);
	ctx->sched.rate = rate;
	ctx->sched.share = share;
	ctx->sched.owed = owed;
	ctx->sched.deficit = deficit;
	ctx->bounds = bounds;
}

static void (* const ctx_action[FW_NR_CTX_ACTIONS])(struct fw_nic *nic,
						      struct fw_ctx *ctx) = {
	[FW_CTX_DO_CONFIGURE] = ctx_configure,
	[FW_CTX_DO_ACTIVATE] = ctx_activate,
	[FW_CTX_DO_QUIESCE] = ctx_quiesce,
	[FW_CTX_DO_RESUME] = ctx_resume,
	[FW_CTX_DO_RESET] = ctx_reset,
	[FW_CTX_DO_STOP] = ctx_stop,
	[FW_CTX_DO_REVOKE] = ctx_revoke,
	[FW_CTX_DO_RELEASE] = ctx_release,
};

/**
 * fw_ctx_init() - make a context FREE, whatever it was
 * @ctx: the context
 * @id: its number
 */
void fw_ctx_init(struct fw_ctx *ctx, u32 id)
{
	u32 i;

	memset(ctx, 0, sizeof(*ctx));
	ctx->id = (u16)id;
	for (i = 0; i < CDNA_MAX_QPS; i++) {
		ctx->qp[i].ctx = ctx;
		ctx->qp[i].id = (u8)i;
		ctx->qp[i].moderation.source = FW_NO_SOURCE;
		ctx->qp[i].moderation.armed = true;
	}
}

/**
 * fw_ctx_may() - whether an event is allowed in a context's state
 * @ctx: the context
 * @event: the event
 *
 * Return: true if fw_ctx_event() would not refuse it
 */
bool fw_ctx_may(const struct fw_ctx *ctx, enum fw_ctx_event event)
{
	return !fw_ctx_transition(ctx->state, event)->status;
}

/**
 * fw_ctx_event() - something happens to a context
 * @nic: the NIC
 * @ctx: the context
 * @event: what
 *
 * After RESET, REVOKE and RELEASE no DMA for the context will start (I6), and after
 * QUIESCE none until RESUME.
 *
 * Return: CDNA_SC_OK, or CDNA_SC_BAD_STATE if it was refused
 */
u32 fw_ctx_event(struct fw_nic *nic, struct fw_ctx *ctx,
		 enum fw_ctx_event event)
{
	const struct fw_ctx_transition *to;
	u32 before = ctx->state;

	to = fw_ctx_transition(ctx->state, event);
	ctx->state = to->next;
	if (to->action)
		ctx_action[to->action](nic, ctx);
	if (ctx->state != before) {
		fw_filter_update(nic, ctx);
		fw_ctx_publish_info(nic, ctx);
	}
	return to->status;
}

static void ctx_serve_marks(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 left, n;

	for (left = ctx->faulted; left; left &= left - 1) {
		n = fw_ffs32(left);
		fw_queue_event(nic, &ctx->qp[n / CDNA_NR_DIRS],
			       n % CDNA_NR_DIRS, FW_QUEUE_FAULT);
	}
	for (left = ctx->drained; left; left &= left - 1)
		fw_queue_event(nic, &ctx->qp[fw_ffs32(left)], CDNA_DIR_TX,
			       FW_QUEUE_DRAINED);
	ctx->faulted = 0;
	ctx->drained = 0;
	if (ctx->fault)
		fw_ctx_event(nic, ctx, FW_CTX_FAULT);
}

/**
 * fw_ctx_service() - deal with all that is marked
 * @nic: the NIC
 *
 * Its place in a step is between finding and publishing: faults are reported,
 * states published and interrupts raised in the step that found them.
 */
void fw_ctx_service(struct fw_nic *nic)
{
	u32 left, i;

	while (nic->marks.any) {
		nic->marks.any = false;
		for (i = 0; i < FW_ARRAY_SIZE(nic->marks.ctx); i++) {
			left = nic->marks.ctx[i];
			nic->marks.ctx[i] = 0;
			for (; left; left &= left - 1)
				ctx_serve_marks(nic, &nic->ctx[i * 32 +
							fw_ffs32(left)]);
		}
	}
}

static void ctx_fill_info(const struct fw_nic *nic, const struct fw_ctx *ctx,
			  struct cdna_partition_info *info)
{
	info->abi = fw_to_le32(CDNA_ABI_VERSION);
	info->state = fw_to_le32(ctx->state);
	info->link = fw_to_le32(nic->link ? CDNA_LINK_UP : 0);
	info->speed = fw_to_le32(nic->config.speed);
	info->mtu = fw_to_le32(nic->config.mtu);
	memcpy(info->mac, ctx->mac[0], FW_ETH_ALEN);
	info->access_vlan = fw_to_le16(ctx->access_vlan);
	info->offloads = fw_to_le32(FW_OFFLOADS_TX | FW_OFFLOADS_RX);
	info->max_qps = fw_to_le32(CDNA_MAX_QPS);
	info->min_ring = fw_to_le32(CDNA_MIN_RING);
	info->max_ring = fw_to_le32(CDNA_MAX_RING);
}

/**
 * fw_ctx_publish_info() - write the shared part of a context's partition
 * @nic: the NIC
 * @ctx: the context; zeros are written while it is FREE
 */
void fw_ctx_publish_info(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 at = CDNA_PARTITION(ctx->id) + CDNA_PARTITION_INFO;
	struct cdna_partition_info info = { 0 };
	__le32 word;
	u32 i;

	if (ctx->state != CDNA_CTX_FREE)
		ctx_fill_info(nic, ctx, &info);
	for (i = 0; i < sizeof(info); i += sizeof(word)) {
		memcpy(&word, (const u8 *)&info + i, sizeof(word));
		nic->ops->sram_write(nic->board, at + i, fw_le32(word));
	}
}
