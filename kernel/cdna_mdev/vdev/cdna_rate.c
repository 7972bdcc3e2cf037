// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much a context may transmit and receive, and how much it can count on. An administrator
 * says so by attributes of the mediated device (cdna_rate_attrs.c), or by `devlink
 * port function rate` (cdna_port_rate.c), which knows nothing of receiving: they are the
 * same numbers. The NIC's scheduler and its switch enforce them; a provider without has the
 * bound of storms only.
 */
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include <cdna/admin.h>
#include <cdna/regs.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_group.h"
#include "vdev/cdna_rate.h"
#include "vdev/cdna_table.h"

/* Minor versions of the NIC's interface */
#define RATE_MIN_SINCE		3
#define RATE_RX_SINCE		9

/**
 * cdna_rate_has_min - whether a context can count on something
 * @nic: the provider
 *
 * Return: true if so.
 */
bool cdna_rate_has_min(const struct cdna_provider *nic)
{
	return nic->info.max_rate_mbps &&
	       CDNA_ABI_GET_MINOR(nic->info.abi) >= RATE_MIN_SINCE;
}

/**
 * cdna_rate_has_rx - whether what a context receives can be bounded
 * @nic: the provider
 *
 * Return: true if so.
 */
bool cdna_rate_has_rx(const struct cdna_provider *nic)
{
	return nic->info.max_rate_mbps &&
	       CDNA_ABI_GET_MINOR(nic->info.abi) >= RATE_RX_SINCE;
}

static bool rate_is_default(const struct cdna_limits *limits)
{
	return !limits->tx_max_mbps && !limits->tx_min_mbps &&
	       !limits->storm_fps && !limits->rx_max_mbps;
}

/**
 * cdna_rate_apply - give the NIC's context, which was just configured, its limits, and
 *	its group
 * @ctx: the context
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0 or an error of the NIC.
 */
int cdna_rate_apply(struct cdna_ctx *ctx)
{
	int ret = 0;

	lockdep_assert_held(&ctx->domain.lock);

	if (!rate_is_default(&ctx->limits))
		ret = cdna_cmd_set_limits(&ctx->domain, &ctx->limits);
	return ret ?: cdna_group_apply(ctx);
}

static const char *rate_objection(const struct cdna_ctx *ctx,
				  const struct cdna_limits *limits)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;
	const struct cdna_promise change = {
		.ctx = ctx,
		.ctx_min = limits->tx_min_mbps,
		.ctx_group = ctx->group,
	};
	u32 most = limits->tx_max_mbps ?: info->max_rate_mbps;

	if (limits->tx_max_mbps > info->max_rate_mbps ||
	    limits->rx_max_mbps > info->max_rate_mbps)
		return "The NIC takes no maximum that high";
	if (limits->storm_fps > CDNA_MAX_STORM_FPS)
		return "The NIC takes no bound of storms that high";
	if (limits->tx_min_mbps > most)
		return "The minimum is above the maximum; raise that first";
	return cdna_group_objection(ctx->table, &change);
}

/* A context that the NIC does not have, or that is revoked, gets it later. */
static int rate_set_locked(struct cdna_ctx *ctx,
			   const struct cdna_limits *limits)
{
	int ret = 0;

	lockdep_assert_held(&ctx->domain.lock);

	if (ctx->on_nic && ctx->state != CDNA_CTX_REVOKED)
		ret = cdna_cmd_set_limits(&ctx->domain, limits);
	if (ret)
		return ret;
	WRITE_ONCE(ctx->limits.tx_max_mbps, limits->tx_max_mbps);
	WRITE_ONCE(ctx->limits.tx_min_mbps, limits->tx_min_mbps);
	WRITE_ONCE(ctx->limits.storm_fps, limits->storm_fps);
	WRITE_ONCE(ctx->limits.rx_max_mbps, limits->rx_max_mbps);
	return 0;
}

/**
 * cdna_rate_field - the number of a limit
 * @limits: of a context
 * @which: of them
 *
 * Return: where it is.
 */
u32 *cdna_rate_field(struct cdna_limits *limits, enum cdna_rate which)
{
	switch (which) {
	case CDNA_RATE_TX_MAX:
		return &limits->tx_max_mbps;
	case CDNA_RATE_TX_MIN:
		return &limits->tx_min_mbps;
	case CDNA_RATE_RX_MAX:
		return &limits->rx_max_mbps;
	default:
		return &limits->storm_fps;
	}
}

/**
 * cdna_rate_set - change a limit; a guest may be running
 * @ctx: the context
 * @which: of its limits
 * @value: Mb/s, or frames per second; 0: no limit, nothing promised, or the
 *	provider's bound of storms
 * @objection: set to what is wrong with @value, or to NULL
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0; -EINVAL with an @objection; or an error of the NIC.
 */
int cdna_rate_set(struct cdna_ctx *ctx, enum cdna_rate which, u32 value,
		  const char **objection)
{
	struct cdna_limits limits;
	int ret = -EINVAL;

	mutex_lock(&ctx->table->lock);
	mutex_lock(&ctx->domain.lock);
	limits = ctx->limits;
	*cdna_rate_field(&limits, which) = value;
	*objection = rate_objection(ctx, &limits);
	if (!*objection)
		ret = rate_set_locked(ctx, &limits);
	mutex_unlock(&ctx->domain.lock);
	mutex_unlock(&ctx->table->lock);
	return ret;
}
