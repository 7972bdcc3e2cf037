// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt moderation of a virtio network card (Virtio 1.3, section 5.1.6.5.9): from what
 * its guest chooses for each direction to what the NIC has for each queue pair.
 */
#include <linux/minmax.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_coal.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_wait.h"

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

static struct cdna_virtio_coal coal_pair(const struct cdna_ctx *ctx, u32 pair)
{
	const struct cdna_virtio_queue *queue =
		&ctx->virtio->queue[pair * CDNA_NR_DIRS];
	const struct cdna_virtio_coal none = coal_default(ctx);

	return cdna_virtio_wait(&ctx->virtio->coal[CDNA_DIR_TX],
				&ctx->virtio->coal[CDNA_DIR_RX], &none,
				min(queue[0].size, queue[1].size));
}

/* What the NIC has already is sent only if it is to be sent @again. */
static int coal_apply_pair(struct cdna_ctx *ctx, u32 pair, bool again)
{
	const struct cdna_virtio_coal coal = coal_pair(ctx, pair);
	struct cdna_virtio_coal *has = &ctx->virtio->pair[pair];
	int ret;

	if (!again && coal.usecs == has->usecs && coal.frames == has->frames)
		return 0;
	ret = cdna_cmd_set_coalesce(&ctx->domain, pair, coal.usecs,
				    coal.frames);
	if (!ret)
		*has = coal;
	return ret;
}

static int coal_apply(struct cdna_ctx *ctx, bool again)
{
	u32 pairs = cdna_virtio_mq_pairs(ctx);
	int ret = 0;
	u32 i;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	mutex_lock(&ctx->domain.lock);
	if (ctx->state != CDNA_CTX_ACTIVE)
		ret = -EBUSY;
	for (i = 0; i < pairs && !ret; i++)
		ret = coal_apply_pair(ctx, i, again);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/**
 * cdna_virtio_coal_begin - have the NIC moderate the guest's queue pairs
 * @ctx: the context, activated; the NIC may have any moderation
 *
 * Return: 0; -EBUSY if the context is not active; or an error of the NIC.
 */
int cdna_virtio_coal_begin(struct cdna_ctx *ctx)
{
	return coal_apply(ctx, true);
}

/**
 * cdna_virtio_coal_set - VIRTIO_NET_CTRL_NOTF_COAL: the guest chooses for a direction
 * @ctx: the context
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @coal: as the guest gave it
 *
 * If the NIC refuses one of the pairs, those that have changed change back. A NIC that
 * refuses that, too, gets what is right with the next command.
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
	*to = *coal;
	if (!coal_apply(ctx, false))
		return true;
	*to = old;
	coal_apply(ctx, false);
	return false;
}
