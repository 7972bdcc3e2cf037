// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a context. The table of states is the firmware's; here is what its
 * transitions do.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "softnic_backlog.h"
#include "softnic_ctx.h"
#include "softnic_events.h"
#include "softnic_queue.h"
#include "softnic_stats.h"
#include "softnic_status.h"
#include "softnic_tx.h"

/**
 * softnic_ctx_destroy_queues - use no memory of the guest any longer
 * @ctx: the context
 */
void softnic_ctx_destroy_queues(struct softnic_ctx *ctx)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		softnic_queue_destroy(&ctx->qp[i], CDNA_DIR_RX);
		softnic_queue_destroy(&ctx->qp[i], CDNA_DIR_TX);
		softnic_status_detach(&ctx->qp[i]);
	}
	softnic_events_forget_faults(ctx);
}

static void ctx_quiesce(struct softnic_ctx *ctx)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		softnic_queue_quiesce(&ctx->qp[i], CDNA_DIR_RX);
		/* What was posted was sent in the trap. */
		softnic_queue_quiesce(&ctx->qp[i], CDNA_DIR_TX);
		softnic_status_pause(&ctx->qp[i], true);
	}
}

/* Nothing is sent here, with locks held that an administrator may wait for: mailboxes
 * are rung again.
 */
static void ctx_resume(struct softnic_ctx *ctx)
{
	struct softnic_qp *qp;
	u32 i, news;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		qp = &ctx->qp[i];
		news = softnic_status_pause(qp, false);
		if (softnic_queue_resume(qp, CDNA_DIR_RX))
			softnic_backlog_drain(qp, false);
		softnic_tx_settle(qp, news);
		softnic_queue_resume(qp, CDNA_DIR_TX);
	}
}

static void ctx_revoke(struct softnic_ctx *ctx)
{
	const struct softnic_rules *old =
		rcu_dereference_protected(ctx->rules,
					  lockdep_is_held(&ctx->lock));
	struct softnic_rules *rules;

	softnic_ctx_destroy_queues(ctx);
	/* Without memory it keeps its addresses: without queues, nobody sends. */
	rules = kmemdup(old, sizeof(*old), GFP_KERNEL);
	if (!rules)
		return;
	rules->nr_macs = 0;
	softnic_ctx_change(ctx, rules);
	kfree(rules);
}

/**
 * softnic_ctx_unrule - a context has no rules, and no addresses
 * @ctx: the context
 */
void softnic_ctx_unrule(struct softnic_ctx *ctx)
{
	struct softnic_rules *rules;

	mutex_lock(&ctx->nic->mac_lock);
	rules = rcu_replace_pointer(ctx->rules, NULL, true);
	mutex_unlock(&ctx->nic->mac_lock);
	if (rules)
		kfree_rcu_mightsleep(rules);
}

/* Nothing of one guest is left to the next. */
static void ctx_release(struct softnic_ctx *ctx)
{
	softnic_ctx_destroy_queues(ctx);
	softnic_queue_scale(ctx, NULL);
	softnic_ctx_unrule(ctx);
	clear_page(page_address(ctx->partition));
}

static void (*const ctx_action[])(struct softnic_ctx *ctx) = {
	[FW_CTX_DO_CONFIGURE] = softnic_stats_clear,
	[FW_CTX_DO_ACTIVATE] = NULL,
	[FW_CTX_DO_QUIESCE] = ctx_quiesce,
	[FW_CTX_DO_RESUME] = ctx_resume,
	[FW_CTX_DO_RESET] = softnic_ctx_destroy_queues,
	[FW_CTX_DO_STOP] = softnic_ctx_destroy_queues,
	[FW_CTX_DO_REVOKE] = ctx_revoke,
	[FW_CTX_DO_RELEASE] = ctx_release,
};

static_assert(ARRAY_SIZE(ctx_action) == FW_NR_CTX_ACTIONS);

/* What a guest may read in its partition */
static void ctx_publish(struct softnic_ctx *ctx)
{
	const struct cdna_nic_info *nic = &ctx->nic->provider.info;
	struct cdna_partition_info *info =
		page_address(ctx->partition) + CDNA_PARTITION_INFO;
	const struct softnic_rules *rules =
		rcu_dereference_protected(ctx->rules,
					  lockdep_is_held(&ctx->lock));

	if (!rules)
		return;
	*info = (struct cdna_partition_info) {
		.abi = cpu_to_le32(CDNA_ABI_VERSION),
		.state = cpu_to_le32(ctx->state),
		.link = cpu_to_le32(CDNA_LINK_UP),
		.speed = cpu_to_le32(nic->speed),
		.mtu = cpu_to_le32(nic->mtu),
		.access_vlan = cpu_to_le16(rules->access_vlan),
		.offloads = cpu_to_le32(nic->offloads),
		.max_qps = cpu_to_le32(nic->qps),
		.min_ring = cpu_to_le32(nic->min_ring),
		.max_ring = cpu_to_le32(nic->max_ring),
	};
	memcpy(info->mac, rules->mac[0], sizeof(info->mac));
}

/**
 * softnic_ctx_may - whether an event is allowed in a context's state
 * @ctx: the context
 * @event: the event
 *
 * Return: true if softnic_ctx_event() would not refuse it.
 */
bool softnic_ctx_may(const struct softnic_ctx *ctx, enum fw_ctx_event event)
{
	return !fw_ctx_transition(ctx->state, event)->status;
}

/**
 * softnic_ctx_event - something happens to a context: the door to its state
 * @ctx: the context
 * @event: what
 *
 * After RESET, REVOKE and RELEASE no memory of the guest is used (I6).
 *
 * Return: an enum cdna_admin_status.
 */
u32 softnic_ctx_event(struct softnic_ctx *ctx, enum fw_ctx_event event)
{
	const struct fw_ctx_transition *to = fw_ctx_transition(ctx->state,
							       event);
	u8 before = ctx->state;

	lockdep_assert_held(&ctx->lock);

	WRITE_ONCE(ctx->state, to->next);
	if (ctx_action[to->action])
		ctx_action[to->action](ctx);
	if (ctx->state != before)
		ctx_publish(ctx);
	return to->status;
}

static bool ctx_clashes(const struct softnic_rules *a,
			const struct softnic_rules *b)
{
	u32 i;

	for (i = 0; a->access_vlan == b->access_vlan && i < a->nr_macs; i++)
		if (softnic_rules_own(b, a->mac[i]))
			return true;
	return false;
}

static bool ctx_is_taken(const struct softnic_ctx *ctx,
			 const struct softnic_rules *rules)
{
	const struct softnic *nic = ctx->nic;
	const struct softnic_rules *other;
	u32 i;

	for (i = 0; i < nic->provider.info.contexts; i++) {
		other = rcu_dereference_protected(nic->ctx[i].rules,
						  lockdep_is_held(&nic->mac_lock));
		if (i != ctx->id && other && ctx_clashes(rules, other))
			return true;
	}
	return false;
}

/**
 * softnic_ctx_change - give a context other rules
 * @ctx: the context
 * @rules: they are copied
 *
 * Return: 0, -ENOMEM, or -EEXIST if another context has one of the addresses.
 */
int softnic_ctx_change(struct softnic_ctx *ctx,
		       const struct softnic_rules *rules)
{
	struct softnic_rules *copy = kmemdup(rules, sizeof(*rules), GFP_KERNEL);
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	mutex_lock(&ctx->nic->mac_lock);
	if (ctx_is_taken(ctx, rules))
		ret = -EEXIST;
	else
		copy = rcu_replace_pointer(ctx->rules, copy, true);
	mutex_unlock(&ctx->nic->mac_lock);
	if (copy)
		kfree_rcu_mightsleep(copy);
	return ret;
}

static void ctx_init_qp(struct softnic_ctx *ctx, u32 id)
{
	struct softnic_qp *qp = &ctx->qp[id];

	qp->ctx = ctx;
	qp->id = id;
	mutex_init(&qp->tx_lock);
	spin_lock_init(&qp->lock);
	softnic_backlog_init(qp);
	softnic_status_init(qp);
}

/**
 * softnic_ctx_init - make a context that is FREE
 * @nic: the device
 * @id: number
 *
 * Return: 0 or -ENOMEM; then softnic_ctx_destroy() is still to be called.
 */
int softnic_ctx_init(struct softnic *nic, u32 id)
{
	struct softnic_ctx *ctx = &nic->ctx[id];
	u32 i;

	ctx->nic = nic;
	ctx->id = id;
	mutex_init(&ctx->lock);
	spin_lock_init(&ctx->rx_lock);
	spin_lock_init(&ctx->bucket_lock);
	spin_lock_init(&ctx->news.lock);
	for (i = 0; i < CDNA_MAX_QPS; i++)
		ctx_init_qp(ctx, i);
	ctx->counters = alloc_percpu(struct softnic_counters);
	ctx->partition = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return ctx->counters && ctx->partition ? 0 : -ENOMEM;
}

/**
 * softnic_ctx_destroy - undo it
 * @ctx: the context, which is FREE and has no port
 */
void softnic_ctx_destroy(struct softnic_ctx *ctx)
{
	free_percpu(ctx->counters);
	if (ctx->partition)
		__free_page(ctx->partition);
}
