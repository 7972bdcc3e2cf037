// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register page: what a guest reads about its device, commands, and the
 * trap that works everywhere. The layout is in include/cdna/vdev.h.
 */
#include <linux/unaligned.h>

#include "vdev/cdna_ctx.h"
#include "cdna_trace.h"

/**
 * cdna_regs_reset - registers as they are at power-on
 * @ctx: whose
 */
void cdna_regs_reset(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->ctl_lock);

	memset(ctx->arg, 0, sizeof(ctx->arg));
	ctx->result = CDNA_VRES_OK;
}

static enum cdna_vresult regs_reset(struct cdna_ctx *ctx)
{
	return cdna_ctx_reset(ctx) ? CDNA_VRES_BAD_STATE : CDNA_VRES_OK;
}

static enum cdna_vresult regs_destroy(struct cdna_ctx *ctx)
{
	return cdna_queue_destroy(ctx, cdna_ctx_arg(ctx,
						    CDNA_VREG_ARG_QUEUE));
}

static enum cdna_vresult regs_drain(struct cdna_ctx *ctx)
{
	return cdna_queue_drain(ctx, cdna_ctx_arg(ctx, CDNA_VREG_ARG_QUEUE));
}

/* A command that only the NIC has to do something for */
static enum cdna_vresult regs_pass(struct cdna_ctx *ctx,
				   struct cdna_admin_cmd *cmd)
{
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;

	mutex_lock(&ctx->lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		res = cdna_ctx_command(ctx, cmd, NULL) ? CDNA_VRES_NIC :
							 CDNA_VRES_OK;
	mutex_unlock(&ctx->lock);
	return res;
}

static enum cdna_vresult regs_coalesce(struct cdna_ctx *ctx)
{
	u32 queue = cdna_ctx_arg(ctx, CDNA_VREG_ARG_QUEUE);
	u32 usecs = cdna_ctx_arg(ctx, CDNA_VREG_ARG_USECS);
	u32 frames = cdna_ctx_arg(ctx, CDNA_VREG_ARG_FRAMES);
	const struct cdna_nic_info *info = &cdna_ctx_nic(ctx)->info;
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_COALESCE),
		.coalesce = {
			.qp = queue / CDNA_NR_DIRS,
			.usecs = cpu_to_le32(usecs),
			.frames = cpu_to_le32(frames),
		},
	};

	if (queue / CDNA_NR_DIRS >= info->qps ||
	    usecs > info->max_coalesce_usecs || frames > CDNA_MAX_RING)
		return CDNA_VRES_BAD_PARAM;
	return regs_pass(ctx, &cmd);
}

/* No context is configured to see frames for others, and the NIC would refuse
 * a filter that asks for them. A guest that does gets all else: its user may
 * only want to look at its own traffic.
 */
static enum cdna_vresult regs_filter(struct cdna_ctx *ctx)
{
	const u32 hash = CDNA_VREG_ARG_MC_HASH;
	u32 flags = cdna_ctx_arg(ctx, CDNA_VREG_ARG_FILTER);
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_FILTER),
		.filter.flags = cpu_to_le32(flags & ~CDNA_FILTER_PROMISC),
	};
	u32 i;

	if (flags & ~CDNA_FILTER_FLAGS)
		return CDNA_VRES_BAD_PARAM;
	for (i = 0; i < ARRAY_SIZE(cmd.filter.mc_hash); i++)
		cmd.filter.mc_hash[i] =
			cpu_to_le64(cdna_ctx_arg64(ctx, hash + i * 8));
	return regs_pass(ctx, &cmd);
}

static enum cdna_vresult (*const regs_commands[])(struct cdna_ctx *ctx) = {
	[CDNA_VCMD_RESET] = regs_reset,
	[CDNA_VCMD_ACTIVATE] = cdna_ctx_activate,
	[CDNA_VCMD_QUEUE_CREATE] = cdna_queue_create,
	[CDNA_VCMD_QUEUE_DESTROY] = regs_destroy,
	[CDNA_VCMD_QUEUE_DRAIN] = regs_drain,
	[CDNA_VCMD_COALESCE] = regs_coalesce,
	[CDNA_VCMD_FILTER] = regs_filter,
	[CDNA_VCMD_SET_MAC] = cdna_identity_command,
};

static void regs_command(struct cdna_ctx *ctx, u32 command)
{
	ctx->result = CDNA_VRES_BAD_COMMAND;
	if (command < ARRAY_SIZE(regs_commands) && regs_commands[command])
		ctx->result = regs_commands[command](ctx);
}

static u32 regs_identity(struct cdna_ctx *ctx, u32 offset)
{
	const struct cdna_nic_info *info = &cdna_ctx_nic(ctx)->info;

	switch (offset) {
	case CDNA_VREG_ABI:
		return CDNA_VDEV_ABI_VERSION;
	case CDNA_VREG_MAGIC:
		return CDNA_VDEV_MAGIC;
	case CDNA_VREG_FEATURES:
		return cdna_ctx_offers(ctx);
	case CDNA_VREG_STATE:
		return READ_ONCE(ctx->state);
	case CDNA_VREG_QPS:
		return info->qps;
	case CDNA_VREG_MIN_RING:
		return info->min_ring;
	case CDNA_VREG_MAX_RING:
		return info->max_ring;
	case CDNA_VREG_OFFLOADS:
		return info->offloads;
	case CDNA_VREG_MAC_LO:
		return get_unaligned_le32(ctx->mac);
	case CDNA_VREG_MAC_HI:
		return get_unaligned_le16(ctx->mac + 4);
	case CDNA_VREG_MTU:
		return info->mtu;
	case CDNA_VREG_FORMATS:
		return ctx->parent->formats;
	case CDNA_VREG_LINK:
		return READ_ONCE(ctx->parent->link) ? CDNA_LINK_UP : 0;
	case CDNA_VREG_SPEED:
		return info->speed;
	case CDNA_VREG_RESULT:
		return ctx->result;
	default:
		return 0;
	}
}

static u32 regs_report(struct cdna_ctx *ctx, u32 offset)
{
	u32 number = offset / sizeof(struct cdna_vdev_report);
	struct cdna_vdev_report report;

	if (number >= CDNA_VDEV_NR_QUEUES)
		return 0;
	cdna_fault_report(&ctx->queue[number], &report);
	return get_unaligned_le32((u8 *)&report + offset % sizeof(report));
}

/* The formats as the NIC announced them, those that we can validate */
static u32 regs_format(struct cdna_ctx *ctx, u32 offset)
{
	u32 number = offset / (CDNA_VREG_FORMAT_OF(1) - CDNA_VREG_FORMAT);
	u32 within = offset % (CDNA_VREG_FORMAT_OF(1) - CDNA_VREG_FORMAT);
	const struct cdna_parent *parent = ctx->parent;

	if (number >= parent->formats ||
	    within >= sizeof(struct cdna_desc_format))
		return 0;
	return get_unaligned_le32((const u8 *)&parent->format[number] + within);
}

/**
 * cdna_regs_read - a load of the guest
 * @ctx: whose
 * @offset: in the register page, a multiple of 4
 *
 * Return: the register.
 */
u32 cdna_regs_read(struct cdna_ctx *ctx, u32 offset)
{
	u32 value;

	if (offset >= CDNA_VREG_FORMAT)
		return regs_format(ctx, offset - CDNA_VREG_FORMAT);
	if (offset >= CDNA_VREG_REPORT)
		return regs_report(ctx, offset - CDNA_VREG_REPORT);

	mutex_lock(&ctx->ctl_lock);
	if (offset >= CDNA_VREG_ARG_FEATURES && offset < CDNA_VREG_TRAP)
		value = cdna_ctx_arg(ctx, offset);
	else
		value = regs_identity(ctx, offset);
	mutex_unlock(&ctx->ctl_lock);
	return value;
}

/**
 * cdna_regs_write - a store of the guest
 * @ctx: whose
 * @offset: in the register page, a multiple of 4
 * @value: what it stores
 */
void cdna_regs_write(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	if (offset == CDNA_VREG_TRAP) {
		atomic64_inc(&ctx->traps_reg);
		trace_cdna_trap(ctx->id, false);
		cdna_enqueue_trap(ctx);
		return;
	}

	mutex_lock(&ctx->ctl_lock);
	if (offset == CDNA_VREG_COMMAND)
		regs_command(ctx, value);
	else if (offset >= CDNA_VREG_ARG_FEATURES && offset < CDNA_VREG_TRAP)
		ctx->arg[(offset - CDNA_VREG_ARG_FEATURES) / sizeof(u32)] =
			value;
	mutex_unlock(&ctx->ctl_lock);
}
