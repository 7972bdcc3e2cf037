// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why frames of a context were dropped. The provider counts, from one CDNA_CMD_CTX_CONFIGURE
 * to the next release; an administrator looks after that, too.
 */
#include <linux/lockdep.h>
#include <linux/string.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_drops.h"

/**
 * cdna_drops_read - all that were dropped since the device was created
 * @ctx: the context
 * @drops: gets how many, by enum cdna_drop
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0 or an error of the provider.
 */
int cdna_drops_read(struct cdna_ctx *ctx, u64 drops[CDNA_NR_DROPS])
{
	struct cdna_provider *nic = ctx->domain.nic;
	u64 value[CDNA_NR_STATS];
	int ret;
	u32 i;

	lockdep_assert_held(&ctx->domain.lock);

	memcpy(drops, ctx->drops, sizeof(ctx->drops));
	if (!ctx->on_nic)
		return 0;
	ret = nic->ops->read_stats(nic, ctx->domain.id, value);
	for (i = 0; !ret && i < CDNA_NR_DROPS; i++)
		drops[i] += value[CDNA_CSTAT_DROP + i];
	return ret;
}

/**
 * cdna_drops_keep - the provider's context is about to be released
 * @ctx: the context
 *
 * What a NIC that has died had counted is lost.
 */
void cdna_drops_keep(struct cdna_ctx *ctx)
{
	u64 drops[CDNA_NR_DROPS];

	if (!cdna_drops_read(ctx, drops))
		memcpy(ctx->drops, drops, sizeof(drops));
}
