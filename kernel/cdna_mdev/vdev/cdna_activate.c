// SPDX-License-Identifier: GPL-2.0-only
/*
 * Activation of a context: its guest accepts features and gives pages, or has none to
 * give.
 */
#include <linux/mm.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_span.h"
#include "vdev/cdna_activate.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_rss.h"
#include "vdev/cdna_state.h"

/**
 * cdna_activate_offers - features that a guest may accept
 * @ctx: the context, open
 *
 * Return: CDNA_VFEAT_*.
 */
u32 cdna_activate_offers(struct cdna_ctx *ctx)
{
	struct cdna_domain *domain = &ctx->domain;
	struct cdna_provider *nic = domain->nic;
	u32 features = CDNA_VFEAT_TRAP_REG;
	unsigned long pfn;

	if (cdna_doorbell_offered(domain))
		features |= CDNA_VFEAT_TRAP_PAGE;
	if (nic->partitions_in_memory || ctx->sf.vector ||
	    nic->ops->mailbox_page(nic, domain->id, &pfn))
		features |= CDNA_VFEAT_HOST_MAILBOX;
	if (READ_ONCE(ctx->guest_mac_allowed))
		features |= CDNA_VFEAT_MAC;
	if (cdna_guest_rss_offered(ctx))
		features |= CDNA_VFEAT_RSS;
	return features;
}

/* With the pages that it is to have, which are gone if it fails */
static enum cdna_vresult activate_start(struct cdna_ctx *ctx,
					struct cdna_domain_pages *pages, u32 features)
{
	const struct cdna_ctx_detail detail = {
		.pages = pages,
		.features = features,
	};
	int ret;

	mutex_lock(&ctx->domain.lock);
	ret = cdna_ctx_event(ctx, CDNA_EV_ACTIVATE, &detail);
	mutex_unlock(&ctx->domain.lock);
	if (!ret)
		return CDNA_VRES_OK;
	cdna_domain_unpin(&ctx->domain, pages);
	return ret == -EBUSY ? CDNA_VRES_BAD_STATE : CDNA_VRES_NIC;
}

static enum cdna_vresult activate_pages(struct cdna_ctx *ctx,
					const struct cdna_activation *act)
{
	struct cdna_domain_pages pages;
	int ret;

	ret = cdna_domain_pin(&ctx->domain, &pages, act->status, act->tails);
	if (ret)
		return cdna_span_result(ret);
	return activate_start(ctx, &pages, act->features);
}

static bool activate_allowed(const struct cdna_ctx *ctx)
{
	return cdna_state_cell(READ_ONCE(ctx->state),
			       CDNA_EV_ACTIVATE)->allowed &&
	       cdna_config_masters(&ctx->config) && !ctx->domain.paused;
}

/**
 * cdna_activate_own - activate a context whose guest knows of no page of ours
 * @ctx: the context
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_activate_own(struct cdna_ctx *ctx)
{
	u32 features = CDNA_VFEAT_HOST_MAILBOX;
	struct cdna_domain_pages pages;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!activate_allowed(ctx))
		return CDNA_VRES_BAD_STATE;
	if (cdna_domain_own(&ctx->domain, &pages))
		return CDNA_VRES_NO_MEMORY;
	if (READ_ONCE(ctx->guest_mac_allowed))
		features |= CDNA_VFEAT_MAC;
	return activate_start(ctx, &pages, features);
}

/**
 * cdna_activate - CDNA_VCMD_ACTIVATE
 * @ctx: the context
 * @act: what the guest gives
 *
 * Context: pins pages.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_activate(struct cdna_ctx *ctx,
				const struct cdna_activation *act)
{
	struct cdna_domain *domain = &ctx->domain;
	u32 offers = cdna_activate_offers(ctx);
	enum cdna_vresult res;

	lockdep_assert_held(&domain->ctl_lock);

	if (!activate_allowed(ctx))
		return CDNA_VRES_BAD_STATE;
	if (act->features & ~offers || !PAGE_ALIGNED(act->doorbell))
		return CDNA_VRES_BAD_PARAM;
	/* Nobody else would ring them. */
	if (offers & ~act->features & CDNA_VFEAT_HOST_MAILBOX)
		return CDNA_VRES_BAD_PARAM;

	/* One that was watched when the context was revoked still is. */
	cdna_doorbell_forget(domain);
	res = activate_pages(ctx, act);
	if (!res && act->features & CDNA_VFEAT_TRAP_PAGE &&
	    cdna_doorbell_set(domain, act->doorbell)) {
		cdna_ctx_reset(ctx);
		res = CDNA_VRES_BAD_ADDRESS;
	}
	return res;
}
