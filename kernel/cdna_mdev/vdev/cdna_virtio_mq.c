// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queue pairs of a virtio network card (Virtio 1.2, sections 5.1.2, 5.1.6.5.6 and
 * 5.1.6.5.7).
 *
 * A driver that has accepted VIRTIO_NET_F_MQ or _RSS gives all its virtqueues at DRIVER_OK, and
 * the NIC has a queue for each of them from then on. Which may receive is another
 * matter: only the first, until the driver says so by a command. What it has posted in
 * the others stays there. Each may transmit all the time.
 */
#include <linux/bits.h>
#include <linux/string.h>
#include <linux/virtio_net.h>

#include <cdna/regs.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_rss.h"

/* Minor version of the NIC's interface */
#define MQ_SINCE	5

/**
 * cdna_virtio_mq_most - queue pairs that a guest may have
 * @ctx: the context
 *
 * As many as one with a driver of ours, each with an interrupt source of its own.
 *
 * Return: 1 to CDNA_MAX_QPS; from 2 on, VIRTIO_NET_F_MQ is offered.
 */
u32 cdna_virtio_mq_most(const struct cdna_ctx *ctx)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;

	return CDNA_ABI_GET_MINOR(info->abi) >= MQ_SINCE ? info->qps : 1;
}

static bool mq_has(const struct cdna_ctx *ctx, u8 feature)
{
	return ctx->virtio->features & BIT_ULL(feature);
}

static bool mq_is_accepted(const struct cdna_ctx *ctx)
{
	return mq_has(ctx, VIRTIO_NET_F_MQ) || mq_has(ctx, VIRTIO_NET_F_RSS);
}

/**
 * cdna_virtio_mq_pairs - queue pairs that the guest has, by the features it accepts
 * @ctx: the context
 *
 * Return: 1 to CDNA_MAX_QPS. Virtqueues of these come first.
 */
u32 cdna_virtio_mq_pairs(const struct cdna_ctx *ctx)
{
	return mq_is_accepted(ctx) ? cdna_virtio_mq_most(ctx) : 1;
}

/**
 * cdna_virtio_mq_ctrl - which virtqueue is for commands
 * @ctx: the context
 *
 * Return: its number, behind all those of queue pairs. There is none from the next one on.
 */
u32 cdna_virtio_mq_ctrl(const struct cdna_ctx *ctx)
{
	return cdna_virtio_mq_pairs(ctx) * CDNA_NR_DIRS;
}

static int mq_apply(struct cdna_ctx *ctx, u32 pairs)
{
	int ret = -EBUSY;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		ret = cdna_cmd_ctx_spread(&ctx->domain,
					  GENMASK(pairs - 1, 0));
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

static int mq_apply_rss(struct cdna_ctx *ctx, const struct cdna_rss *rss)
{
	int ret = -EBUSY;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	/* A NIC computes much of it. */
	ctx->domain.ctrlq->rests = true;
	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		ret = cdna_cmd_ctx_rss(&ctx->domain, rss);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/**
 * cdna_virtio_mq_reset - only the first queue pair receives
 * @virtio: what a guest has written
 */
void cdna_virtio_mq_reset(struct cdna_virtio *virtio)
{
	virtio->pairs = 1;
	virtio->scaled = false;
	memset(&virtio->rss, 0, sizeof(virtio->rss));
}

/**
 * cdna_virtio_mq_begin - have those queue pairs receive that are to begin with
 * @ctx: the context, activated, without queues
 *
 * Return: 0; -EBUSY if the context is not active; or an error of the NIC.
 */
int cdna_virtio_mq_begin(struct cdna_ctx *ctx)
{
	const struct cdna_virtio *virtio = ctx->virtio;

	if (virtio->scaled)
		return mq_apply_rss(ctx, &virtio->rss);
	return mq_is_accepted(ctx) ? mq_apply(ctx, virtio->pairs) : 0;
}

/**
 * cdna_virtio_mq_set - VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET: have the first pairs receive
 * @ctx: the context
 * @pairs: how many, as the guest gave it
 *
 * Return: whether it is so now.
 */
bool cdna_virtio_mq_set(struct cdna_ctx *ctx, u32 pairs)
{
	if (!mq_has(ctx, VIRTIO_NET_F_MQ) ||
	    pairs < VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MIN ||
	    pairs > cdna_virtio_mq_most(ctx) || mq_apply(ctx, pairs))
		return false;
	cdna_virtio_mq_reset(ctx->virtio);
	ctx->virtio->pairs = pairs;
	return true;
}

/**
 * cdna_virtio_mq_scale - VIRTIO_NET_CTRL_MQ_RSS_CONFIG: choose which pair gets which flow
 * @ctx: the context
 * @data: struct virtio_net_rss_config, as the guest gave it
 * @len: bytes of it
 *
 * It is in force until the next cdna_virtio_mq_set().
 *
 * Return: whether it is so now.
 */
bool cdna_virtio_mq_scale(struct cdna_ctx *ctx, const u8 *data, u32 len)
{
	struct cdna_rss rss;

	if (!mq_has(ctx, VIRTIO_NET_F_RSS) ||
	    !cdna_virtio_rss_parse(data, len, cdna_virtio_mq_most(ctx), &rss) ||
	    mq_apply_rss(ctx, &rss))
		return false;
	ctx->virtio->scaled = true;
	ctx->virtio->rss = rss;
	return true;
}
