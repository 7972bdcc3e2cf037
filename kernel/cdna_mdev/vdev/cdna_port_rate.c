// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rates of a context as devlink's rate object of its port, a leaf: tx_max and
 * tx_share of `devlink port function rate`. devlink keeps numbers of its own, under
 * its lock: so that they are ours, attributes take that lock, too.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <net/devlink.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_group.h"
#include "vdev/cdna_port_rate.h"

/* devlink's unit is a byte per second. */
#define PORT_RATE_MBPS		125000

/**
 * cdna_port_rate_add - show the rates of a port that was just registered
 * @ctx: the context
 *
 * Context: devlink's lock is held.
 *
 * Return: 0 or an error.
 */
int cdna_port_rate_add(struct cdna_ctx *ctx)
{
	if (!ctx->domain.nic->info.max_rate_mbps)
		return 0;
	return devl_rate_leaf_create(&ctx->port, ctx, NULL);
}

/**
 * cdna_port_rate_remove - undo cdna_port_rate_add()
 * @ctx: the context, its port still registered
 *
 * Context: devlink's lock is held.
 */
void cdna_port_rate_remove(struct cdna_ctx *ctx)
{
	/* From here on devlink may delete the node that was its parent. */
	cdna_group_leave(ctx);
	devl_rate_leaf_destroy(&ctx->port);
}

/**
 * cdna_port_rate_create - cdna_port_rate_add(), which takes devlink's lock
 * @ctx: the context
 *
 * Return: 0 or an error.
 */
int cdna_port_rate_create(struct cdna_ctx *ctx)
{
	struct devlink *devlink = ctx->domain.nic->devlink;
	int ret;

	devl_lock(devlink);
	ret = cdna_port_rate_add(ctx);
	devl_unlock(devlink);
	return ret;
}

/**
 * cdna_port_rate_destroy - undo cdna_port_rate_create()
 * @ctx: the context, its port still registered
 */
void cdna_port_rate_destroy(struct cdna_ctx *ctx)
{
	struct devlink *devlink = ctx->domain.nic->devlink;

	devl_lock(devlink);
	cdna_port_rate_remove(ctx);
	devl_unlock(devlink);
}

/**
 * cdna_port_rate_set - change a limit, and what devlink shows of it
 * @ctx: the context
 * @which: of its limits
 * @value: see cdna_rate_set()
 * @objection: as well
 *
 * Return: as cdna_rate_set().
 */
int cdna_port_rate_set(struct cdna_ctx *ctx, enum cdna_rate which, u32 value,
		       const char **objection)
{
	struct devlink *devlink = ctx->domain.nic->devlink;
	struct devlink_rate *rate;
	int ret;

	devl_lock(devlink);
	ret = cdna_rate_set(ctx, which, value, objection);
	rate = ctx->port.devlink_rate;
	if (!ret && rate && which == CDNA_RATE_TX_MAX)
		rate->tx_max = (u64)value * PORT_RATE_MBPS;
	if (!ret && rate && which == CDNA_RATE_TX_MIN)
		rate->tx_share = (u64)value * PORT_RATE_MBPS;
	devl_unlock(devlink);
	return ret;
}

/**
 * cdna_port_rate_mbps - a rate in devlink's unit
 * @bytes: per second
 * @mbps: the same in Mb/s
 * @extack: gets what is wrong with it
 *
 * Return: 0 or -EINVAL.
 */
int cdna_port_rate_mbps(u64 bytes, u32 *mbps, struct netlink_ext_ack *extack)
{
	u32 rest;
	u64 whole;

	whole = div_u64_rem(bytes, PORT_RATE_MBPS, &rest);
	if (rest || whole > U32_MAX) {
		NL_SET_ERR_MSG_MOD(extack,
				   "Give the rate in whole Mb/s, as in 100mbit");
		return -EINVAL;
	}
	*mbps = whole;
	return 0;
}

static int port_rate_store(struct cdna_ctx *ctx, enum cdna_rate which,
			   u64 bytes, struct netlink_ext_ack *extack)
{
	const char *objection;
	u32 mbps;
	int ret;

	ret = cdna_port_rate_mbps(bytes, &mbps, extack);
	if (ret)
		return ret;
	ret = cdna_rate_set(ctx, which, mbps, &objection);
	if (ret && objection)
		NL_SET_ERR_MSG_FMT_MOD(extack, "%s", objection);
	return ret;
}

/**
 * cdna_port_rate_max - devlink sets the most that a context transmits
 * @leaf: the context
 * @bytes: per second; 0: no limit
 * @extack: gets what is wrong with it
 *
 * Context: devlink's lock is held.
 *
 * Return: 0; -EINVAL; or an error of the NIC.
 */
int cdna_port_rate_max(void *leaf, u64 bytes, struct netlink_ext_ack *extack)
{
	return port_rate_store(leaf, CDNA_RATE_TX_MAX, bytes, extack);
}

/**
 * cdna_port_rate_min - devlink sets what a context can count on
 * @leaf: the context
 * @bytes: per second; 0: nothing
 * @extack: gets what is wrong with it
 *
 * Context: devlink's lock is held.
 *
 * Return: 0; -EINVAL; -EOPNOTSUPP: the NIC's firmware promises nothing; or an
 * error of the NIC.
 */
int cdna_port_rate_min(void *leaf, u64 bytes, struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = leaf;

	if (!cdna_rate_has_min(ctx->domain.nic)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "The NIC's firmware has no minimum; update it");
		return -EOPNOTSUPP;
	}
	return port_rate_store(ctx, CDNA_RATE_TX_MIN, bytes, extack);
}
