// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Admin commands about a context: lifecycle, and what it may send and receive.
 */
#include "host/admin_ctx.h"

#include "base/bucket.h"
#include "base/rss.h"
#include "ctx/context.h"
#include "ctx/demux.h"
#include "ctx/filter.h"
#include "state.h"
#include "switch/switch.h"
#include "tx/sched.h"
#include "tx/sched_group.h"
#include "tx/sched_share.h"

static bool admin_mac_usable(const u8 *mac)
{
	return !fw_mac_multicast(mac) &&
	       (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

static u32 admin_demux_status(int err)
{
	switch (err) {
	case FW_OK:
		return CDNA_SC_OK;
	case FW_EEXIST:
		return CDNA_SC_EXISTS;
	default:
		return CDNA_SC_NO_SPACE;
	}
}

static u32 admin_check_configure(struct fw_admin_call *call)
{
	const struct cdna_admin_ctx_configure *cmd = &call->cmd.configure;
	u32 flags = fw_le32(cmd->flags);
	u32 vlan = fw_le16(cmd->access_vlan);

	if (!admin_mac_usable(cmd->mac))
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(configure.mac));
	if (vlan > 4094)
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(configure.access_vlan));
	if (flags & ~CDNA_CTXF_FLAGS || (vlan && flags & CDNA_CTXF_TRUNK))
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(configure.flags));
	return CDNA_SC_OK;
}

/**
 * fw_admin_ctx_configure() - CDNA_CMD_CTX_CONFIGURE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_configure(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_ctx_configure *cmd = &call->cmd.configure;
	u32 vlan = fw_le16(cmd->access_vlan);
	struct fw_ctx *ctx = call->ctx;
	u32 status;

	if (!nic->rings_set || !fw_ctx_may(ctx, FW_CTX_CONFIGURE))
		return CDNA_SC_BAD_STATE;
	status = admin_check_configure(call);
	if (status)
		return status;
	status = admin_demux_status(fw_demux_add(&nic->demux, cmd->mac, vlan,
						 ctx->id));
	if (status)
		return status;
	ctx->flags = fw_le32(cmd->flags);
	ctx->access_vlan = (u16)vlan;
	ctx->nr_macs = 1;
	memcpy(ctx->mac[0], cmd->mac, FW_ETH_ALEN);
	fw_bucket_change_frames(&ctx->bounds.storm, FW_STORM_FPS, nic->now);
	fw_switch_set_rate(nic, ctx, 0);
	fw_bucket_change_frames(&ctx->bounds.multicast, FW_STORM_FPS, nic->now);
	fw_bucket_change_frames(&ctx->bounds.broadcast, FW_STORM_FPS, nic->now);
	fw_sched_set_rate(nic, ctx, 0);
	fw_sched_end_share(nic, ctx);
	return fw_ctx_event(nic, ctx, FW_CTX_CONFIGURE);
}

/**
 * fw_admin_ctx_activate() - CDNA_CMD_CTX_ACTIVATE
 * @nic: the NIC
 * @call: the command
 *
 * Writes zeros into the status page, which shows that it can be reached.
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_activate(struct fw_nic *nic, struct fw_admin_call *call)
{
	static const struct cdna_qp_status zero[CDNA_MAX_QPS];
	u64 addr = fw_le64(call->cmd.activate.status_addr);
	struct fw_ctx *ctx = call->ctx;

	if (!fw_ctx_may(ctx, FW_CTX_ACTIVATE))
		return CDNA_SC_BAD_STATE;
	if (!addr || addr % CDNA_PAGE_SIZE)
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(activate.status_addr));
	if (fw_dma_write(nic, ctx->id, addr, zero, sizeof(zero)))
		return CDNA_SC_DMA_ERROR;
	ctx->status_addr = addr;
	return fw_ctx_event(nic, ctx, FW_CTX_ACTIVATE);
}

/**
 * fw_admin_ctx_quiesce() - CDNA_CMD_CTX_QUIESCE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_quiesce(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 status = fw_ctx_event(nic, call->ctx, FW_CTX_QUIESCE);

	/* The fault is marked, and stops it before the next command. */
	return !status && call->ctx->fault ? CDNA_SC_ABORTED : status;
}

/**
 * fw_admin_ctx_resume() - CDNA_CMD_CTX_RESUME
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_resume(struct fw_nic *nic, struct fw_admin_call *call)
{
	return fw_ctx_event(nic, call->ctx, FW_CTX_RESUME);
}

/**
 * fw_admin_ctx_reset() - CDNA_CMD_CTX_RESET
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_reset(struct fw_nic *nic, struct fw_admin_call *call)
{
	return fw_ctx_event(nic, call->ctx, FW_CTX_RESET);
}

/**
 * fw_admin_ctx_revoke() - CDNA_CMD_CTX_REVOKE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_revoke(struct fw_nic *nic, struct fw_admin_call *call)
{
	return fw_ctx_event(nic, call->ctx, FW_CTX_REVOKE);
}

/**
 * fw_admin_ctx_release() - CDNA_CMD_CTX_RELEASE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_release(struct fw_nic *nic, struct fw_admin_call *call)
{
	if (fw_ctx_may(call->ctx, FW_CTX_RELEASE)) {
		fw_sched_group_join(nic, call->ctx, NULL);
		fw_sched_end_share(nic, call->ctx);
	}
	return fw_ctx_event(nic, call->ctx, FW_CTX_RELEASE);
}

/**
 * fw_admin_ctx_spread() - CDNA_CMD_CTX_SPREAD
 * @nic: the NIC
 * @call: the command
 *
 * Nothing that was received before is on its way to a queue: aggregation ends with each
 * step.
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_spread(struct fw_nic *nic, struct fw_admin_call *call)
{
	u8 qps = call->cmd.spread.qps;

	(void)nic;
	if (!qps)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(spread.qps));
	call->ctx->rx_spread = qps;
	fw_rss_clear(&call->ctx->rss);
	return CDNA_SC_OK;
}

static u8 admin_queues(const struct fw_ctx *ctx, u32 dir)
{
	u32 queues = 0;
	u32 i;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		if (ctx->qp[i].queue[dir].state != CDNA_QUEUE_NONE)
			queues |= 1u << i;
	}
	return (u8)queues;
}

/**
 * fw_admin_ctx_query() - CDNA_CMD_CTX_QUERY
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_query(struct fw_nic *nic, struct fw_admin_call *call)
{
	struct cdna_ctx_info *info = &call->done.ctx;

	(void)nic;
	info->state = call->ctx->state;
	info->fault = call->ctx->fault;
	info->tx_queues = admin_queues(call->ctx, CDNA_DIR_TX);
	info->rx_queues = admin_queues(call->ctx, CDNA_DIR_RX);
	return CDNA_SC_OK;
}

/**
 * fw_admin_set_filter() - CDNA_CMD_SET_FILTER
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_set_filter(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_filter *cmd = &call->cmd.filter;
	u32 flags = fw_le32(cmd->flags);
	struct fw_ctx *ctx = call->ctx;
	u32 i;

	if (flags & ~CDNA_FILTER_FLAGS ||
	    (flags & CDNA_FILTER_PROMISC &&
	     !(ctx->flags & CDNA_CTXF_ALLOW_PROMISC)))
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(filter.flags));
	ctx->filter = flags;
	for (i = 0; i < FW_ARRAY_SIZE(ctx->mc_hash); i++)
		ctx->mc_hash[i] = fw_le64(cmd->mc_hash[i]);
	fw_filter_update(nic, ctx);
	return CDNA_SC_OK;
}

/**
 * fw_admin_mac_add() - CDNA_CMD_MAC_ADD
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_mac_add(struct fw_nic *nic, struct fw_admin_call *call)
{
	const u8 *mac = call->cmd.mac.mac;
	struct fw_ctx *ctx = call->ctx;
	u32 status;

	if (!admin_mac_usable(mac))
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(mac.mac));
	if (ctx->nr_macs == CDNA_MAX_CTX_MACS)
		return CDNA_SC_NO_SPACE;
	status = admin_demux_status(fw_demux_add(&nic->demux, mac,
						 ctx->access_vlan, ctx->id));
	if (!status)
		memcpy(ctx->mac[ctx->nr_macs++], mac, FW_ETH_ALEN);
	return status;
}

/**
 * fw_admin_mac_del() - CDNA_CMD_MAC_DEL
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_mac_del(struct fw_nic *nic, struct fw_admin_call *call)
{
	const u8 *mac = call->cmd.mac.mac;
	struct fw_ctx *ctx = call->ctx;
	u32 i;

	for (i = 0; i < ctx->nr_macs; i++) {
		if (!memcmp(ctx->mac[i], mac, FW_ETH_ALEN))
			break;
	}
	if (i == ctx->nr_macs)
		return CDNA_SC_NOT_FOUND;
	/* The first is the context's identity. */
	if (!i)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(mac.mac));
	fw_demux_del(&nic->demux, mac, ctx->access_vlan);
	ctx->nr_macs--;
	memmove(ctx->mac[i], ctx->mac[ctx->nr_macs], FW_ETH_ALEN);
	return CDNA_SC_OK;
}

static u32 admin_check_vlan(struct fw_admin_call *call, u32 vid)
{
	if (!vid || vid > 4094)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(vlan.vid));
	return call->ctx->access_vlan ? CDNA_SC_BAD_STATE : CDNA_SC_OK;
}

/**
 * fw_admin_vlan_add() - CDNA_CMD_VLAN_ADD
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_vlan_add(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 vid = fw_le16(call->cmd.vlan.vid);
	u32 status = admin_check_vlan(call, vid);
	u64 bit = 1ull << (vid % 64);
	u64 *word;

	(void)nic;
	if (status)
		return status;
	word = &call->ctx->vlans[vid / 64];
	if (*word & bit)
		return CDNA_SC_EXISTS;
	*word |= bit;
	return CDNA_SC_OK;
}

/**
 * fw_admin_vlan_del() - CDNA_CMD_VLAN_DEL
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_vlan_del(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 vid = fw_le16(call->cmd.vlan.vid);
	u32 status = admin_check_vlan(call, vid);
	u64 bit = 1ull << (vid % 64);
	u64 *word;

	(void)nic;
	if (status)
		return status;
	word = &call->ctx->vlans[vid / 64];
	if (!(*word & bit))
		return CDNA_SC_NOT_FOUND;
	*word &= ~bit;
	return CDNA_SC_OK;
}

/**
 * fw_admin_set_limits() - CDNA_CMD_SET_LIMITS
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_set_limits(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 mbps = fw_le32(call->cmd.limits.tx_mbps);
	u32 fps = fw_le32(call->cmd.limits.storm_fps);
	u32 min = fw_le32(call->cmd.limits.tx_min_mbps);
	u32 rx = fw_le32(call->cmd.limits.rx_mbps);

	if (mbps > CDNA_MAX_RATE_MBPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(limits.tx_mbps));
	if (fps > CDNA_MAX_STORM_FPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(limits.storm_fps));
	if (min > (mbps ? mbps : CDNA_MAX_RATE_MBPS))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(limits.tx_min_mbps));
	if (rx > CDNA_MAX_RATE_MBPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(limits.rx_mbps));
	fw_sched_set_rate(nic, call->ctx, mbps);
	fw_sched_set_share(nic, call->ctx, min);
	fw_switch_set_rate(nic, call->ctx, rx);
	fw_bucket_change_frames(&call->ctx->bounds.storm,
				fps ? fps : FW_STORM_FPS, nic->now);
	return CDNA_SC_OK;
}
