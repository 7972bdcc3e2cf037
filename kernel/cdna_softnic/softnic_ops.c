// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of cdna_provider.h. What comes from cdna_mdev is bounded here: the
 * other files rely on it.
 */
#include <linux/nospec.h>

#include "softnic.h"
#include "softnic_cmd.h"
#include "softnic_ctx.h"
#include "softnic_events.h"
#include "softnic_ops.h"
#include "softnic_port.h"
#include "softnic_rx.h"
#include "softnic_stats.h"
#include "softnic_status.h"
#include "softnic_tx.h"
#include "softnic_zc.h"

static struct softnic_ctx *ops_ctx(struct cdna_provider *provider, u16 id)
{
	if (id >= provider->info.contexts)
		return NULL;
	id = array_index_nospec(id, provider->info.contexts);
	return &softnic_of(provider)->ctx[id];
}

static int ops_command(struct cdna_provider *provider,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	struct softnic_ctx *ctx = ops_ctx(provider, le16_to_cpu(cmd->context));
	struct cdna_admin_completion result = {
		.opcode = cmd->opcode,
		.tag = cmd->tag,
	};
	u16 status = CDNA_SC_BAD_CONTEXT;

	if (cdna_provider_is_dead(provider))
		return -ENODEV;
	if (ctx)
		status = softnic_cmd_run(ctx, cmd, &result);
	result.status = cpu_to_le16(status);
	if (done)
		*done = result;
	return cdna_provider_errno(status);
}

/* Return: 0, or -ETIMEDOUT if the host still has frames of a queue that was stopped */
static int ops_drained(struct softnic_ctx *ctx, u8 dir, u32 qp)
{
	bool done;

	if (dir != CDNA_DIR_TX)
		return 0;
	mutex_lock(&ctx->lock);
	done = softnic_zc_wait(&ctx->qp[qp]);
	mutex_unlock(&ctx->lock);
	return done ? 0 : -ETIMEDOUT;
}

static int ops_drain(struct cdna_provider *provider, u16 id, u8 dir,
		     unsigned long qps)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_DRAIN),
		.context = cpu_to_le16(id),
		.queue.dir = dir,
	};
	struct softnic_ctx *ctx = ops_ctx(provider, id);
	int err, ret = 0;
	u32 qp;

	for_each_set_bit(qp, &qps, CDNA_MAX_QPS) {
		cmd.queue.qp = qp;
		err = ops_command(provider, &cmd, NULL);
		ret = ret ?: err ?: ops_drained(ctx, dir, qp);
	}
	return ret;
}

static int ops_mailbox_page(struct cdna_provider *provider, u16 id,
			    unsigned long *pfn)
{
	const struct softnic_ctx *ctx = ops_ctx(provider, id);

	if (!ctx)
		return -EINVAL;
	*pfn = page_to_pfn(ctx->partition);
	return 0;
}

static void ops_ring_mailbox(struct cdna_provider *provider, u16 id, u32 mbox,
			     u32 value)
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);
	struct softnic_qp *qp;

	if (!ctx || mbox >= CDNA_NR_MAILBOXES)
		return;
	mbox = array_index_nospec(mbox, CDNA_NR_MAILBOXES);
	qp = &ctx->qp[mbox / CDNA_MBOXES_PER_QP];
	if (mbox % CDNA_MBOXES_PER_QP == CDNA_MBOX_TX_PROD)
		softnic_tx_posted(qp, value);
	else if (mbox % CDNA_MBOXES_PER_QP == CDNA_MBOX_RX_PROD)
		softnic_rx_posted(qp, value);
}

static u32 ops_load(struct cdna_provider *provider, u16 id, u32 offset)
{
	const struct softnic_ctx *ctx = ops_ctx(provider, id);
	const __le32 *word;

	if (!ctx || offset >= CDNA_PARTITION_SIZE)
		return 0;
	offset = array_index_nospec(offset, CDNA_PARTITION_SIZE);
	word = page_address(ctx->partition) + offset;
	return le32_to_cpu(READ_ONCE(*word));
}

static void ops_forget(struct cdna_provider *provider, u16 id)
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);

	if (!ctx)
		return;
	mutex_lock(&ctx->lock);
	softnic_port_destroy(ctx);
	mutex_unlock(&ctx->lock);
	softnic_events_forget(ctx);
}

static int ops_bridge(struct cdna_provider *provider, u16 id, const char *name)
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);
	int ret;

	if (!ctx || cdna_provider_is_dead(provider))
		return -ENODEV;
	mutex_lock(&ctx->lock);
	ret = softnic_port_bridge(ctx, name);
	mutex_unlock(&ctx->lock);
	return ret;
}

static int ops_read_stats(struct cdna_provider *provider, u16 id,
			  u64 value[CDNA_NR_STATS])
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);

	if (!ctx)
		return -EINVAL;
	softnic_stats_ctx(ctx, value);
	return 0;
}

static int ops_source_bind(struct cdna_provider *provider, u16 id, u8 qp,
			   cdna_source_fn fn, void *data)
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);

	if (!ctx || qp >= CDNA_MAX_QPS)
		return -EINVAL;
	return softnic_status_bind(&ctx->qp[qp], fn, data);
}

static void ops_source_unbind(struct cdna_provider *provider, u16 id,
			      unsigned long qps)
{
	struct softnic_ctx *ctx = ops_ctx(provider, id);

	if (ctx)
		softnic_status_unbind(ctx, qps);
}

/* Guests' memory is used by queues only: without them it is out of reach. */
static void ops_fail(struct cdna_provider *provider, const char *why)
{
	struct softnic *nic = softnic_of(provider);
	u32 i;

	dev_err(provider->dev, "the device is dead: %s; load the module again\n",
		why);
	/* No command that comes later gives it more. */
	WRITE_ONCE(nic->cut, true);
	for (i = 0; i < provider->info.contexts; i++) {
		mutex_lock(&nic->ctx[i].lock);
		softnic_ctx_destroy_queues(&nic->ctx[i]);
		mutex_unlock(&nic->ctx[i].lock);
	}
	/* Pairs with cdna_provider_is_dead(). */
	smp_store_release(&provider->dead, true);
	softnic_events_failed(nic);
}

static void ops_mute(struct cdna_provider *provider)
{
	softnic_events_mute(softnic_of(provider));
}

/* The operations of a softnic */
const struct cdna_provider_ops softnic_ops = {
	.command = ops_command,
	.drain = ops_drain,
	.mailbox_page = ops_mailbox_page,
	.ring_mailbox = ops_ring_mailbox,
	.load = ops_load,
	.forget = ops_forget,
	.bridge = ops_bridge,
	.read_stats = ops_read_stats,
	.source_bind = ops_source_bind,
	.source_unbind = ops_source_unbind,
	.fail = ops_fail,
	.mute = ops_mute,
};
