// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt moderation of a virtio network card (Virtio 1.3, section 5.1.6.5.9).
 *
 * A guest chooses it for each direction, and the NIC has one for each queue pair. So a pair
 * waits as long, and for as many frames, as the direction that wants less; one that wants
 * no moderation does not count beside one that does.
 */
#include <linux/minmax.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_coal.h"
#include "vdev/cdna_virtio_mq.h"

#define COAL_USECS	20	/* of a guest that wants no moderation */

static u32 coal_longest(const struct cdna_ctx *ctx)
{
	return min_t(u32, ctx->domain.nic->info.max_coalesce_usecs,
		     CDNA_MAX_COALESCE_USECS);
}

/**
 * cdna_virtio_coal_offered - whether a guest may choose
 * @ctx: the context
 *
 * Return: true if the NIC can wait at all.
 */
bool cdna_virtio_coal_offered(const struct cdna_ctx *ctx)
{
	return coal_longest(ctx);
}

/* A source handler costs an interrupt of the host where the NIC is a device, and nothing
 * where it is code of this kernel. The guest's own wishes are looked at in either case.
 */
static struct cdna_virtio_coal coal_default(const struct cdna_ctx *ctx)
{
	return (struct cdna_virtio_coal) {
		.usecs = ctx->domain.nic->dma_dev ?
			 min_t(u32, COAL_USECS, coal_longest(ctx)) : 0,
	};
}

static bool coal_waits(const struct cdna_virtio_coal *coal)
{
	return coal->usecs && coal->frames > 1;
}

static struct cdna_virtio_coal coal_pair(const struct cdna_ctx *ctx)
{
	const struct cdna_virtio_coal *tx = &ctx->virtio->coal[CDNA_DIR_TX];
	const struct cdna_virtio_coal *rx = &ctx->virtio->coal[CDNA_DIR_RX];

	if (!coal_waits(tx) && !coal_waits(rx))
		return coal_default(ctx);
	if (!coal_waits(tx))
		return *rx;
	if (!coal_waits(rx))
		return *tx;
	return (struct cdna_virtio_coal) {
		.usecs = min(tx->usecs, rx->usecs),
		.frames = min(tx->frames, rx->frames),
	};
}

/**
 * cdna_virtio_coal_apply - have the NIC moderate the guest's queue pairs
 * @ctx: the context
 *
 * Return: 0; -EBUSY if the context is not active; or an error of the NIC.
 */
int cdna_virtio_coal_apply(struct cdna_ctx *ctx)
{
	const struct cdna_virtio_coal coal = coal_pair(ctx);
	u32 pairs = cdna_virtio_mq_pairs(ctx);
	int ret = 0;
	u32 i;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	mutex_lock(&ctx->domain.lock);
	if (ctx->state != CDNA_CTX_ACTIVE)
		ret = -EBUSY;
	for (i = 0; i < pairs && !ret; i++)
		ret = cdna_cmd_set_coalesce(&ctx->domain, i, coal.usecs,
					    coal.frames);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/**
 * cdna_virtio_coal_set - VIRTIO_NET_CTRL_NOTF_COAL: the guest chooses for a direction
 * @ctx: the context
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @coal: as the guest gave it
 *
 * More frames than a ring has never end a wait.
 *
 * Return: whether it is so now.
 */
bool cdna_virtio_coal_set(struct cdna_ctx *ctx, u8 dir,
			  const struct cdna_virtio_coal *coal)
{
	struct cdna_virtio_coal *to = &ctx->virtio->coal[dir];
	const struct cdna_virtio_coal old = *to;

	if (coal->usecs > coal_longest(ctx))
		return false;
	to->usecs = coal->usecs;
	to->frames = min_t(u32, coal->frames, CDNA_MAX_RING);
	if (!cdna_virtio_coal_apply(ctx))
		return true;
	*to = old;
	return false;
}
