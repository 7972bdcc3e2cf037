// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register page: what a guest reads about its device, its commands, and the
 * trap that works everywhere. The layout is in include/cdna/vdev.h.
 */
#include <linux/nospec.h>
#include <linux/unaligned.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_formats.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_queue.h"
#include "vdev/cdna_activate.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_guest_rss.h"
#include "vdev/cdna_link_state.h"
#include "vdev/cdna_regs.h"
#include "vdev/cdna_table.h"

/* Where an argument of a command is kept */
static u32 *regs_arg_at(struct cdna_ctx *ctx, u32 reg)
{
	u32 i = (reg - CDNA_VREG_ARG_FEATURES) / sizeof(u32);

	return &ctx->arg[array_index_nospec(i, ARRAY_SIZE(ctx->arg))];
}

/* An argument of a command */
static u32 regs_arg(struct cdna_ctx *ctx, u32 reg)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);
	return *regs_arg_at(ctx, reg);
}

static u64 regs_arg64(struct cdna_ctx *ctx, u32 reg_lo)
{
	return regs_arg(ctx, reg_lo) |
	       (u64)regs_arg(ctx, reg_lo + sizeof(u32)) << 32;
}

static bool regs_is_arg(u32 reg)
{
	return reg >= CDNA_VREG_ARG_FEATURES && reg < CDNA_VREG_TRAP;
}

/* Where a word of what SET_RSS takes is kept, as it was stored */
static __le32 *regs_rss_at(struct cdna_ctx *ctx, u32 reg)
{
	u32 i = (reg - CDNA_VREG_ARG_RSS) / sizeof(u32);

	lockdep_assert_held(&ctx->domain.ctl_lock);
	return &ctx->rss_arg[array_index_nospec(i, ARRAY_SIZE(ctx->rss_arg))];
}

static bool regs_is_rss(u32 reg)
{
	return reg >= CDNA_VREG_ARG_RSS && reg < CDNA_VREG_ARG_RSS_END;
}

/**
 * cdna_regs_reset - registers as they are at power-on
 * @ctx: whose
 */
void cdna_regs_reset(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	memset(ctx->arg, 0, sizeof(ctx->arg));
	memset(ctx->rss_arg, 0, sizeof(ctx->rss_arg));
	ctx->result = CDNA_VRES_OK;
}

static enum cdna_vresult regs_reset(struct cdna_ctx *ctx)
{
	return cdna_ctx_reset(ctx) ? CDNA_VRES_BAD_STATE : CDNA_VRES_OK;
}

static enum cdna_vresult regs_activate(struct cdna_ctx *ctx)
{
	const struct cdna_activation act = {
		.features = regs_arg(ctx, CDNA_VREG_ARG_FEATURES),
		.status = regs_arg64(ctx, CDNA_VREG_ARG_STATUS_LO),
		.tails = regs_arg64(ctx, CDNA_VREG_ARG_TAILS_LO),
		.doorbell = regs_arg64(ctx, CDNA_VREG_ARG_DOORBELL_LO),
	};

	return cdna_activate(ctx, &act);
}

static enum cdna_vresult regs_create(struct cdna_ctx *ctx)
{
	const struct cdna_queue_params params = {
		.format = regs_arg(ctx, CDNA_VREG_ARG_FORMAT),
		.slots = regs_arg(ctx, CDNA_VREG_ARG_SLOTS),
		.offloads = regs_arg(ctx, CDNA_VREG_ARG_OFFLOADS),
		.ring = regs_arg64(ctx, CDNA_VREG_ARG_RING_LO),
		.completions = regs_arg64(ctx, CDNA_VREG_ARG_COMP_LO),
	};

	return cdna_queue_create(&ctx->domain,
				 regs_arg(ctx, CDNA_VREG_ARG_QUEUE), &params);
}

static enum cdna_vresult regs_destroy(struct cdna_ctx *ctx)
{
	return cdna_queue_destroy(&ctx->domain,
				  regs_arg(ctx, CDNA_VREG_ARG_QUEUE));
}

static enum cdna_vresult regs_drain(struct cdna_ctx *ctx)
{
	return cdna_queue_drain(&ctx->domain,
				regs_arg(ctx, CDNA_VREG_ARG_QUEUE));
}

static enum cdna_vresult regs_coalesce(struct cdna_ctx *ctx)
{
	u32 qp = regs_arg(ctx, CDNA_VREG_ARG_QUEUE) / CDNA_NR_DIRS;
	u32 usecs = regs_arg(ctx, CDNA_VREG_ARG_USECS);
	u32 frames = regs_arg(ctx, CDNA_VREG_ARG_FRAMES);
	const struct cdna_nic_info *info = &ctx->domain.nic->info;
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;

	if (qp >= info->qps || usecs > info->max_coalesce_usecs ||
	    frames > CDNA_MAX_RING)
		return CDNA_VRES_BAD_PARAM;
	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		res = cdna_cmd_set_coalesce(&ctx->domain, qp, usecs, frames) ?
		      CDNA_VRES_NIC : CDNA_VRES_OK;
	mutex_unlock(&ctx->domain.lock);
	return res;
}

/* No guest's context is configured to receive frames for others, and the NIC would refuse
 * a filter that requests them. Such a guest gets everything else: its user may only
 * be capturing its own traffic.
 */
static enum cdna_vresult regs_filter(struct cdna_ctx *ctx)
{
	u32 flags = regs_arg(ctx, CDNA_VREG_ARG_FILTER);
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;
	u64 mc_hash[CDNA_CMD_MC_WORDS];
	u32 i;

	if (flags & ~CDNA_FILTER_FLAGS)
		return CDNA_VRES_BAD_PARAM;
	if (!ctx->address.promisc)
		flags &= ~CDNA_FILTER_PROMISC;
	for (i = 0; i < CDNA_CMD_MC_WORDS; i++)
		mc_hash[i] = regs_arg64(ctx, CDNA_VREG_ARG_MC_HASH + i * 8);
	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		res = cdna_cmd_set_filter(&ctx->domain,
					  flags,
					  mc_hash) ?
		      CDNA_VRES_NIC : CDNA_VRES_OK;
	mutex_unlock(&ctx->domain.lock);
	return res;
}

static enum cdna_vresult regs_set_mac(struct cdna_ctx *ctx)
{
	u8 mac[2 * sizeof(u32)];

	put_unaligned_le32(regs_arg(ctx, CDNA_VREG_ARG_MAC_LO), mac);
	put_unaligned_le32(regs_arg(ctx, CDNA_VREG_ARG_MAC_HI), mac + 4);
	if (get_unaligned_le16(mac + ETH_ALEN))
		return CDNA_VRES_BAD_PARAM;
	return cdna_guest_mac_set(ctx, mac);
}

static enum cdna_vresult (*const regs_commands[])(struct cdna_ctx *ctx) = {
	[CDNA_VCMD_RESET] = regs_reset,
	[CDNA_VCMD_ACTIVATE] = regs_activate,
	[CDNA_VCMD_QUEUE_CREATE] = regs_create,
	[CDNA_VCMD_QUEUE_DESTROY] = regs_destroy,
	[CDNA_VCMD_QUEUE_DRAIN] = regs_drain,
	[CDNA_VCMD_COALESCE] = regs_coalesce,
	[CDNA_VCMD_FILTER] = regs_filter,
	[CDNA_VCMD_SET_MAC] = regs_set_mac,
	[CDNA_VCMD_SET_RSS] = cdna_guest_rss_set,
};

static void regs_command(struct cdna_ctx *ctx, u32 command)
{
	ctx->result = CDNA_VRES_BAD_COMMAND;
	if (command >= ARRAY_SIZE(regs_commands))
		return;
	/* Its processors are stopped: this is its process, and may only end it. */
	if (ctx->domain.paused && command != CDNA_VCMD_RESET) {
		ctx->result = CDNA_VRES_BAD_STATE;
		return;
	}
	command = array_index_nospec(command, ARRAY_SIZE(regs_commands));
	if (regs_commands[command])
		ctx->result = regs_commands[command](ctx);
}

static u32 regs_device(struct cdna_ctx *ctx, u32 offset)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;

	switch (offset) {
	case CDNA_VREG_ABI:
		return CDNA_VDEV_ABI_VERSION;
	case CDNA_VREG_MAGIC:
		return CDNA_VDEV_MAGIC;
	case CDNA_VREG_FEATURES:
		return cdna_activate_offers(ctx);
	case CDNA_VREG_STATE:
		return READ_ONCE(ctx->state);
	case CDNA_VREG_QPS:
		return info->qps;
	case CDNA_VREG_MIN_RING:
		return info->min_ring;
	case CDNA_VREG_MAX_RING:
		return info->max_ring;
	case CDNA_VREG_OFFLOADS:
		return info->offloads & ~CDNA_OFFLOAD_RX_CHAINS;
	case CDNA_VREG_MAC_LO:
		return get_unaligned_le32(ctx->address.mac);
	case CDNA_VREG_MAC_HI:
		return get_unaligned_le16(ctx->address.mac + 4);
	case CDNA_VREG_MTU:
		return info->mtu;
	case CDNA_VREG_FORMATS:
		return ctx->table->formats.count;
	case CDNA_VREG_LINK:
		return cdna_link_state_up(ctx) ? CDNA_LINK_UP : 0;
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
	number = array_index_nospec(number, CDNA_VDEV_NR_QUEUES);
	cdna_queue_report(&ctx->domain.queue[number], &report);
	return get_unaligned_le32((u8 *)&report + offset % sizeof(report));
}

/* The formats as the NIC announced them, if the host can validate them */
static u32 regs_format(struct cdna_ctx *ctx, u32 offset)
{
	u32 number = offset / (CDNA_VREG_FORMAT_OF(1) - CDNA_VREG_FORMAT);
	u32 within = offset % (CDNA_VREG_FORMAT_OF(1) - CDNA_VREG_FORMAT);
	const struct cdna_formats *formats = &ctx->table->formats;

	if (number >= formats->count ||
	    within >= sizeof(struct cdna_desc_format))
		return 0;
	number = array_index_nospec(number, ARRAY_SIZE(formats->format));
	return get_unaligned_le32((const u8 *)&formats->format[number] +
				  within);
}

/* What is read without a lock */
static u32 regs_table(struct cdna_ctx *ctx, u32 offset)
{
	return offset >= CDNA_VREG_FORMAT ?
	       regs_format(ctx, offset - CDNA_VREG_FORMAT) :
	       regs_report(ctx, offset - CDNA_VREG_REPORT);
}

/**
 * cdna_regs_load - read a register
 * @ctx: whose; cdna_domain.ctl_lock is held
 * @offset: in the register page, a multiple of 4
 *
 * Return: the register.
 */
u32 cdna_regs_load(struct cdna_ctx *ctx, u32 offset)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (offset >= CDNA_VREG_REPORT)
		return regs_table(ctx, offset);
	if (regs_is_arg(offset))
		return regs_arg(ctx, offset);
	if (regs_is_rss(offset))
		return le32_to_cpu(*regs_rss_at(ctx, offset));
	return regs_device(ctx, offset);
}

/**
 * cdna_regs_store - write a register, but for the trap's
 * @ctx: whose; cdna_domain.ctl_lock is held
 * @offset: in the register page, a multiple of 4
 * @value: what is stored
 *
 * After a command, the caller runs cdna_idle_trim(), without the lock.
 */
void cdna_regs_store(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (offset == CDNA_VREG_COMMAND)
		regs_command(ctx, value);
	else if (regs_is_arg(offset))
		*regs_arg_at(ctx, offset) = value;
	else if (regs_is_rss(offset))
		*regs_rss_at(ctx, offset) = cpu_to_le32(value);
}

/**
 * cdna_regs_read - a load of the guest
 * @ctx: whose
 * @offset: in the register page, a multiple of 4
 * @value: gets the register
 *
 * Return: 0, or -EINTR if the caller is killed.
 */
int cdna_regs_read(struct cdna_ctx *ctx, u32 offset, u32 *value)
{
	int ret;

	if (offset >= CDNA_VREG_REPORT) {
		*value = regs_table(ctx, offset);
		return 0;
	}
	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	*value = cdna_regs_load(ctx, offset);
	mutex_unlock(&ctx->domain.ctl_lock);
	return 0;
}

/**
 * cdna_regs_write - a store of the guest
 * @ctx: whose
 * @offset: in the register page, a multiple of 4
 * @value: what it stores
 *
 * Return: 0, or -EINTR if the caller is killed.
 */
int cdna_regs_write(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	int ret;

	if (offset == CDNA_VREG_TRAP) {
		atomic64_inc(&ctx->domain.traps_reg);
		trace_cdna_trap(ctx->domain.id, false);
		cdna_enqueue_trap(&ctx->domain);
		return 0;
	}

	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	cdna_regs_store(ctx, offset, value);
	mutex_unlock(&ctx->domain.ctl_lock);
	if (offset == CDNA_VREG_COMMAND)
		cdna_idle_trim(&ctx->domain);
	return 0;
}
