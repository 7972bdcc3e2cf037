// SPDX-License-Identifier: GPL-2.0-only
/*
 * Admin commands about a context. They are what the firmware's host/admin_ctx.c
 * does; each takes effect before it returns.
 */
#include <linux/array_size.h>
#include <linux/etherdevice.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "base/rss.h"
#include "softnic_cmd.h"
#include "softnic_cmd_queue.h"
#include "softnic_ctx.h"
#include "softnic_port.h"
#include "softnic_queue.h"
#include "softnic_status.h"

typedef u16 (*cmd_fn)(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done);

static u16 cmd_status(int err)
{
	switch (err) {
	case 0:
		return CDNA_SC_OK;
	case -EEXIST:
		return CDNA_SC_EXISTS;
	default:
		return CDNA_SC_NO_SPACE;
	}
}

/* A copy of what is in force, which cmd_commit() frees */
static struct softnic_rules *cmd_rules(const struct softnic_ctx *ctx)
{
	const struct softnic_rules *rules =
		rcu_dereference_protected(ctx->rules,
					  lockdep_is_held(&ctx->lock));

	return kmemdup(rules, sizeof(*rules), GFP_KERNEL);
}

static u16 cmd_commit(struct softnic_ctx *ctx, struct softnic_rules *rules)
{
	u16 status = cmd_status(softnic_ctx_change(ctx, rules));

	kfree(rules);
	return status;
}

static bool cmd_may_configure(const struct cdna_admin_ctx_configure *arg)
{
	u32 vlan = le16_to_cpu(arg->access_vlan);
	u32 flags = le32_to_cpu(arg->flags);

	return is_valid_ether_addr(arg->mac) && vlan <= 4094 &&
	       !(flags & ~CDNA_CTXF_FLAGS) &&
	       !(vlan && flags & CDNA_CTXF_TRUNK);
}

static void cmd_fill_buckets(struct softnic_ctx *ctx)
{
	u64 now = ktime_get_ns();

	spin_lock_bh(&ctx->bucket_lock);
	fw_bucket_change_frames(&ctx->storm, SOFTNIC_STORM_FPS, now);
	fw_bucket_change_frames(&ctx->multicast, SOFTNIC_STORM_FPS, now);
	fw_bucket_change_frames(&ctx->broadcast, SOFTNIC_STORM_FPS, now);
	spin_unlock_bh(&ctx->bucket_lock);
}

static u16 cmd_configure(struct softnic_ctx *ctx,
			 const struct cdna_admin_cmd *cmd,
			 struct cdna_admin_completion *done)
{
	const struct cdna_admin_ctx_configure *arg = &cmd->configure;
	struct softnic_rules *rules;
	u16 status;

	if (!softnic_ctx_may(ctx, FW_CTX_CONFIGURE))
		return CDNA_SC_BAD_STATE;
	if (!cmd_may_configure(arg))
		return CDNA_SC_BAD_PARAM;
	rules = kzalloc(sizeof(*rules), GFP_KERNEL);
	if (!rules)
		return CDNA_SC_NO_SPACE;
	rules->flags = le32_to_cpu(arg->flags);
	rules->access_vlan = le16_to_cpu(arg->access_vlan);
	rules->nr_macs = 1;
	ether_addr_copy(rules->mac[0], arg->mac);
	status = cmd_commit(ctx, rules);
	if (status)
		return status;
	if (softnic_port_create(ctx, arg->mac)) {
		softnic_ctx_unrule(ctx);
		return CDNA_SC_NO_SPACE;
	}
	cmd_fill_buckets(ctx);
	return softnic_ctx_event(ctx, FW_CTX_CONFIGURE);
}

static u16 cmd_activate(struct softnic_ctx *ctx,
			const struct cdna_admin_cmd *cmd,
			struct cdna_admin_completion *done)
{
	u64 addr = le64_to_cpu(cmd->activate.status_addr);
	struct cdna_qp_status *status;
	u32 i;

	if (!softnic_ctx_may(ctx, FW_CTX_ACTIVATE))
		return CDNA_SC_BAD_STATE;
	if (!addr || addr % CDNA_PAGE_SIZE)
		return CDNA_SC_BAD_PARAM;
	/* One that is paused has queues. */
	softnic_ctx_destroy_queues(ctx);
	status = phys_to_virt(addr);
	softnic_queue_spread(ctx, GENMASK(CDNA_MAX_QPS - 1, 0), NULL);
	for (i = 0; i < CDNA_MAX_QPS; i++)
		softnic_status_attach(&ctx->qp[i], &status[i]);
	return softnic_ctx_event(ctx, FW_CTX_ACTIVATE);
}

static u16 cmd_quiesce(struct softnic_ctx *ctx,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	return softnic_ctx_event(ctx, FW_CTX_QUIESCE);
}

static u16 cmd_resume(struct softnic_ctx *ctx,
		      const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done)
{
	return softnic_ctx_event(ctx, FW_CTX_RESUME);
}

static u16 cmd_reset(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done)
{
	return softnic_ctx_event(ctx, FW_CTX_RESET);
}

static u16 cmd_revoke(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done)
{
	return softnic_ctx_event(ctx, FW_CTX_REVOKE);
}

static u16 cmd_release(struct softnic_ctx *ctx,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	return softnic_ctx_event(ctx, FW_CTX_RELEASE);
}

static u8 cmd_queues(const struct softnic_ctx *ctx, u8 dir)
{
	u8 queues = 0;
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++)
		if (ctx->qp[i].ring[dir].state != CDNA_QUEUE_NONE)
			queues |= BIT(i);
	return queues;
}

static u16 cmd_query(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done)
{
	done->ctx = (struct cdna_ctx_info) {
		.state = ctx->state,
		.tx_queues = cmd_queues(ctx, CDNA_DIR_TX),
		.rx_queues = cmd_queues(ctx, CDNA_DIR_RX),
	};
	return CDNA_SC_OK;
}

static u16 cmd_spread(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done)
{
	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_SC_BAD_STATE;
	if (!cmd->spread.qps)
		return CDNA_SC_BAD_PARAM;
	softnic_queue_spread(ctx, cmd->spread.qps, NULL);
	return CDNA_SC_OK;
}

static u16 cmd_rss(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		   struct cdna_admin_completion *done)
{
	u64 addr = le64_to_cpu(cmd->rss.addr);
	struct fw_rss *rss;

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_SC_BAD_STATE;
	if (!addr || addr % 8)
		return CDNA_SC_BAD_PARAM;
	rss = kmalloc(sizeof(*rss), GFP_KERNEL_ACCOUNT);
	if (!rss)
		return CDNA_SC_NO_SPACE;
	if (!fw_rss_set(rss, phys_to_virt(addr))) {
		kfree(rss);
		return CDNA_SC_BAD_PARAM;
	}
	softnic_queue_spread(ctx, rss->qps, rss);
	return CDNA_SC_OK;
}

static u16 cmd_filter(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done)
{
	struct softnic_rules *rules = cmd_rules(ctx);
	u32 flags = le32_to_cpu(cmd->filter.flags);
	u32 i;

	if (!rules)
		return CDNA_SC_NO_SPACE;
	if (flags & ~CDNA_FILTER_FLAGS ||
	    (flags & CDNA_FILTER_PROMISC &&
	     !(rules->flags & CDNA_CTXF_ALLOW_PROMISC))) {
		kfree(rules);
		return CDNA_SC_BAD_PARAM;
	}
	rules->filter = flags;
	for (i = 0; i < ARRAY_SIZE(rules->mc_hash); i++)
		rules->mc_hash[i] = le64_to_cpu(cmd->filter.mc_hash[i]);
	return cmd_commit(ctx, rules);
}

static u16 cmd_mac_add(struct softnic_ctx *ctx,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	struct softnic_rules *rules;

	if (!is_valid_ether_addr(cmd->mac.mac))
		return CDNA_SC_BAD_PARAM;
	rules = cmd_rules(ctx);
	if (!rules)
		return CDNA_SC_NO_SPACE;
	if (softnic_rules_own(rules, cmd->mac.mac)) {
		kfree(rules);
		return CDNA_SC_EXISTS;
	}
	if (rules->nr_macs == CDNA_MAX_CTX_MACS) {
		kfree(rules);
		return CDNA_SC_NO_SPACE;
	}
	ether_addr_copy(rules->mac[rules->nr_macs++], cmd->mac.mac);
	return cmd_commit(ctx, rules);
}

static u16 cmd_mac_del(struct softnic_ctx *ctx,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	struct softnic_rules *rules = cmd_rules(ctx);
	u32 i;

	if (!rules)
		return CDNA_SC_NO_SPACE;
	/* The first is the context's identity. */
	for (i = 1; i < rules->nr_macs; i++)
		if (ether_addr_equal(rules->mac[i], cmd->mac.mac))
			break;
	if (i >= rules->nr_macs) {
		i = ether_addr_equal(rules->mac[0], cmd->mac.mac);
		kfree(rules);
		return i ? CDNA_SC_BAD_PARAM : CDNA_SC_NOT_FOUND;
	}
	ether_addr_copy(rules->mac[i], rules->mac[--rules->nr_macs]);
	return cmd_commit(ctx, rules);
}

static u16 cmd_vlan(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		    struct cdna_admin_completion *done)
{
	bool add = cmd->opcode == cpu_to_le16(CDNA_CMD_VLAN_ADD);
	u32 vid = le16_to_cpu(cmd->vlan.vid);
	struct softnic_rules *rules;
	u16 status = CDNA_SC_OK;
	u64 bit = BIT_ULL(vid % 64);

	if (!vid || vid > 4094)
		return CDNA_SC_BAD_PARAM;
	rules = cmd_rules(ctx);
	if (!rules)
		return CDNA_SC_NO_SPACE;
	if (rules->access_vlan)
		status = CDNA_SC_BAD_STATE;
	else if (!!(rules->vlans[vid / 64] & bit) == add)
		status = add ? CDNA_SC_EXISTS : CDNA_SC_NOT_FOUND;
	if (status) {
		kfree(rules);
		return status;
	}
	rules->vlans[vid / 64] ^= bit;
	return cmd_commit(ctx, rules);
}

/* A rate is for tc on the port. */
static u16 cmd_limits(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		      struct cdna_admin_completion *done)
{
	u32 fps = le32_to_cpu(cmd->limits.storm_fps);

	if (cmd->limits.tx_mbps || cmd->limits.tx_min_mbps ||
	    cmd->limits.rx_mbps)
		return CDNA_SC_BAD_OPCODE;
	if (fps > CDNA_MAX_STORM_FPS)
		return CDNA_SC_BAD_PARAM;
	spin_lock_bh(&ctx->bucket_lock);
	fw_bucket_change_frames(&ctx->storm, fps ?: SOFTNIC_STORM_FPS,
				ktime_get_ns());
	spin_unlock_bh(&ctx->bucket_lock);
	return CDNA_SC_OK;
}

/* What it takes to be run: a context that is not FREE, or any; and a device that
 * is not dead, if memory of the guest is used from then on
 */
static const struct {
	cmd_fn fn;
	bool any;
	bool memory;
} cmd_table[] = {
	[CDNA_CMD_CTX_CONFIGURE] = { cmd_configure, true },
	[CDNA_CMD_CTX_ACTIVATE] = { cmd_activate, true, true },
	[CDNA_CMD_CTX_QUIESCE] = { cmd_quiesce, true },
	[CDNA_CMD_CTX_RESUME] = { cmd_resume, true, true },
	[CDNA_CMD_CTX_RESET] = { cmd_reset, true },
	[CDNA_CMD_CTX_REVOKE] = { cmd_revoke, true },
	[CDNA_CMD_CTX_RELEASE] = { cmd_release, true },
	[CDNA_CMD_CTX_QUERY] = { cmd_query, true },
	[CDNA_CMD_CTX_SPREAD] = { cmd_spread },
	[CDNA_CMD_CTX_RSS] = { cmd_rss },
	[CDNA_CMD_QUEUE_CREATE] = { softnic_cmd_queue_create, false, true },
	[CDNA_CMD_QUEUE_DESTROY] = { softnic_cmd_queue_destroy },
	[CDNA_CMD_QUEUE_DRAIN] = { softnic_cmd_queue_drain },
	[CDNA_CMD_QUEUE_QUERY] = { softnic_cmd_queue_query },
	[CDNA_CMD_SET_FILTER] = { cmd_filter },
	[CDNA_CMD_MAC_ADD] = { cmd_mac_add },
	[CDNA_CMD_MAC_DEL] = { cmd_mac_del },
	[CDNA_CMD_VLAN_ADD] = { cmd_vlan },
	[CDNA_CMD_VLAN_DEL] = { cmd_vlan },
	[CDNA_CMD_SET_COALESCE] = { softnic_cmd_queue_coalesce },
	[CDNA_CMD_SET_LIMITS] = { cmd_limits },
};

/**
 * softnic_cmd_run - run a command about a context
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Commands about the device as a whole, and about bits of vectors, which there are
 * none of, are refused: nobody gives them to a provider.
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_run(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		    struct cdna_admin_completion *done)
{
	u16 opcode = le16_to_cpu(cmd->opcode);
	u16 status;

	if (opcode >= ARRAY_SIZE(cmd_table) || !cmd_table[opcode].fn)
		return CDNA_SC_BAD_OPCODE;
	mutex_lock(&ctx->lock);
	if ((ctx->state == CDNA_CTX_FREE && !cmd_table[opcode].any) ||
	    (READ_ONCE(ctx->nic->cut) && cmd_table[opcode].memory))
		status = CDNA_SC_BAD_STATE;
	else
		status = cmd_table[opcode].fn(ctx, cmd, done);
	mutex_unlock(&ctx->lock);
	return status;
}
