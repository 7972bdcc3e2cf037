// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling that a guest chooses. A driver of ours stores all of it into
 * registers, word by word; they are checked together, by the command.
 */
#include <linux/string.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_rss.h"
#include "vdev/cdna_rss_check.h"

/* Minor version of the NIC's interface */
#define RSS_SINCE	6

static_assert(sizeof_field(struct cdna_ctx, rss_arg) == sizeof(struct cdna_rss));

/**
 * cdna_guest_rss_offered - whether a guest may choose which queue pair gets which flow
 * @ctx: the context
 *
 * Return: whether the NIC can do it, and has more than one queue pair for it.
 */
bool cdna_guest_rss_offered(const struct cdna_ctx *ctx)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;

	return info->qps > 1 && CDNA_ABI_GET_MINOR(info->abi) >= RSS_SINCE;
}

static enum cdna_vresult rss_apply(struct cdna_ctx *ctx,
				   const struct cdna_rss *rss)
{
	lockdep_assert_held(&ctx->domain.lock);

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_VRES_BAD_STATE;
	if (!(ctx->domain.features & CDNA_VFEAT_RSS))
		return CDNA_VRES_UNSUPPORTED;
	switch (cdna_cmd_ctx_rss(&ctx->domain, rss)) {
	case 0:
		return CDNA_VRES_OK;
	case -ENOMEM:
	case -ENOSPC:
		return CDNA_VRES_NO_MEMORY;
	default:
		return CDNA_VRES_NIC;
	}
}

/**
 * cdna_guest_rss_set - CDNA_VCMD_SET_RSS
 * @ctx: the context
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_guest_rss_set(struct cdna_ctx *ctx)
{
	enum cdna_vresult res;
	struct cdna_rss rss;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	memcpy(&rss, ctx->rss_arg, sizeof(rss));
	if (!cdna_rss_check(&rss, ctx->domain.nic->info.qps))
		return CDNA_VRES_BAD_PARAM;
	mutex_lock(&ctx->domain.lock);
	res = rss_apply(ctx, &rss);
	mutex_unlock(&ctx->domain.lock);
	return res;
}
