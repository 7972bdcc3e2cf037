// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts and queues as the host makes them, and what it can read of them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/**
 * h_mac() - address that h_configure() gives a context
 * @mac: the address
 * @ctx: the context
 */
void h_mac(u8 *mac, u32 ctx)
{
	const u8 base[6] = { 0x02, 0xcd, 0x0a, 0x00, (u8)(ctx >> 8), (u8)ctx };

	memcpy(mac, base, sizeof(base));
}

/**
 * h_configure() - CDNA_CMD_CTX_CONFIGURE
 * @h: the NIC
 * @ctx: the context, which gets the address of h_mac()
 * @access_vlan: 0 for none
 * @flags: CDNA_CTX_*
 *
 * Return: enum cdna_admin_status
 */
u32 h_configure(struct h *h, u32 ctx, u32 access_vlan, u32 flags)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_CTX_CONFIGURE, ctx);
	h_mac(cmd.configure.mac, ctx);
	memcpy(h->ctx[ctx].mac, cmd.configure.mac, 6);
	cmd.configure.access_vlan = fw_to_le16((u16)access_vlan);
	cmd.configure.flags = fw_to_le32(flags);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_activate() - CDNA_CMD_CTX_ACTIVATE with a fresh status page
 * @h: the NIC
 * @ctx: the context
 *
 * Return: enum cdna_admin_status
 */
u32 h_activate(struct h *h, u32 ctx)
{
	struct cdna_admin_cmd cmd;

	if (!h->ctx[ctx].status)
		h->ctx[ctx].status = fake_alloc(h->board, ctx, H_PAGE, H_PAGE);
	memset(fake_ptr(h->board, h->ctx[ctx].status), 0, H_PAGE);
	h_cmd(&cmd, CDNA_CMD_CTX_ACTIVATE, ctx);
	cmd.activate.status_addr = fw_to_le64(h->ctx[ctx].status);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_ctx_op() - an admin command without arguments
 * @h: the NIC
 * @opcode: CDNA_CMD_CTX_*
 * @ctx: the context
 *
 * Return: enum cdna_admin_status
 */
u32 h_ctx_op(struct h *h, u32 opcode, u32 ctx)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, opcode, ctx);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_ctx_query() - CDNA_CMD_CTX_QUERY
 * @h: the NIC
 * @ctx: the context
 * @info: the result
 *
 * Return: enum cdna_admin_status
 */
u32 h_ctx_query(struct h *h, u32 ctx, struct cdna_ctx_info *info)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	u32 status;

	h_cmd(&cmd, CDNA_CMD_CTX_QUERY, ctx);
	status = h_admin(h, &cmd, &done);
	*info = done.ctx;
	return status;
}

/**
 * h_filter() - CDNA_CMD_SET_FILTER
 * @h: the NIC
 * @ctx: the context
 * @flags: CDNA_FILTER_*
 * @mc_hash: 4 words, NULL for none
 *
 * Return: enum cdna_admin_status
 */
u32 h_filter(struct h *h, u32 ctx, u32 flags, const u64 *mc_hash)
{
	struct cdna_admin_cmd cmd;
	u32 i;

	h_cmd(&cmd, CDNA_CMD_SET_FILTER, ctx);
	cmd.filter.flags = fw_to_le32(flags);
	for (i = 0; i < 4 && mc_hash; i++)
		cmd.filter.mc_hash[i] = fw_to_le64(mc_hash[i]);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_spread() - CDNA_CMD_CTX_SPREAD
 * @h: the NIC
 * @ctx: the context
 * @qps: bit per queue pair that may receive
 *
 * Return: enum cdna_admin_status
 */
u32 h_spread(struct h *h, u32 ctx, u32 qps)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_CTX_SPREAD, ctx);
	cmd.spread.qps = (u8)qps;
	return h_admin(h, &cmd, NULL);
}

/**
 * h_rss() - CDNA_CMD_CTX_RSS
 * @h: the NIC
 * @ctx: the context
 * @rss: what is in the host's memory
 *
 * Return: enum cdna_admin_status
 */
u32 h_rss(struct h *h, u32 ctx, const struct cdna_rss *rss)
{
	struct cdna_admin_cmd cmd;

	memcpy(fake_ptr(h->board, h->scratch), rss, sizeof(*rss));
	h_cmd(&cmd, CDNA_CMD_CTX_RSS, ctx);
	cmd.rss.addr = fw_to_le64(h->scratch);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_mac_op() - CDNA_CMD_MAC_ADD or _DEL
 * @h: the NIC
 * @opcode: which
 * @ctx: the context
 * @mac: the address
 *
 * Return: enum cdna_admin_status
 */
u32 h_mac_op(struct h *h, u32 opcode, u32 ctx, const u8 *mac)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, opcode, ctx);
	memcpy(cmd.mac.mac, mac, 6);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_vlan_op() - CDNA_CMD_VLAN_ADD or _DEL
 * @h: the NIC
 * @opcode: which
 * @ctx: the context
 * @vid: the VLAN
 *
 * Return: enum cdna_admin_status
 */
u32 h_vlan_op(struct h *h, u32 opcode, u32 ctx, u32 vid)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, opcode, ctx);
	cmd.vlan.vid = fw_to_le16((u16)vid);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_coalesce() - CDNA_CMD_SET_COALESCE
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @usecs: longest wait
 * @frames: frames that end it
 *
 * Return: enum cdna_admin_status
 */
u32 h_coalesce(struct h *h, u32 ctx, u32 qp, u32 usecs, u32 frames)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SET_COALESCE, ctx);
	cmd.coalesce.qp = (u8)qp;
	cmd.coalesce.usecs = fw_to_le32(usecs);
	cmd.coalesce.frames = fw_to_le32(frames);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_limits() - CDNA_CMD_SET_LIMITS
 * @h: the NIC
 * @ctx: the context
 * @mbps: transmit rate, 0 for no limit
 * @storm_fps: multicast and broadcast, 0 for the default
 *
 * Return: enum cdna_admin_status
 */
u32 h_limits(struct h *h, u32 ctx, u32 mbps, u32 storm_fps)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SET_LIMITS, ctx);
	cmd.limits.tx_mbps = fw_to_le32(mbps);
	cmd.limits.storm_fps = fw_to_le32(storm_fps);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_group_set() - CDNA_CMD_GROUP_SET
 * @h: the NIC
 * @group: its number
 * @max: transmit rate of its members together, 0 for no limit
 * @min: what they can count on, 0 for nothing
 *
 * Return: enum cdna_admin_status
 */
u32 h_group_set(struct h *h, u32 group, u32 max, u32 min)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_GROUP_SET, 0);
	cmd.group.group = fw_to_le16((u16)group);
	cmd.group.tx_mbps = fw_to_le32(max);
	cmd.group.tx_min_mbps = fw_to_le32(min);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_group_del() - CDNA_CMD_GROUP_DEL
 * @h: the NIC
 * @group: its number
 *
 * Return: enum cdna_admin_status
 */
u32 h_group_del(struct h *h, u32 group)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_GROUP_DEL, 0);
	cmd.group.group = fw_to_le16((u16)group);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_ctx_group() - CDNA_CMD_CTX_GROUP
 * @h: the NIC
 * @ctx: the context
 * @group: that it becomes a member of; CDNA_NO_GROUP: of none
 *
 * Return: enum cdna_admin_status
 */
u32 h_ctx_group(struct h *h, u32 ctx, u32 group)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_CTX_GROUP, ctx);
	cmd.ctx_group.group = fw_to_le16((u16)group);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_bind() - CDNA_CMD_SOURCE_BIND
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @bit: of the vector
 *
 * Return: enum cdna_admin_status
 */
u32 h_bind(struct h *h, u32 ctx, u32 qp, u32 bit)
{
	struct cdna_admin_cmd cmd;
	u32 status;

	h_cmd(&cmd, CDNA_CMD_SOURCE_BIND, ctx);
	cmd.source.qp = (u8)qp;
	cmd.source.bit = fw_to_le32(bit);
	status = h_admin(h, &cmd, NULL);
	if (status == CDNA_SC_OK)
		h->ctx[ctx].qp[qp].source = bit;
	return status;
}

/**
 * h_unbind() - CDNA_CMD_SOURCE_UNBIND
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 *
 * Return: enum cdna_admin_status
 */
u32 h_unbind(struct h *h, u32 ctx, u32 qp)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SOURCE_UNBIND, ctx);
	cmd.source.qp = (u8)qp;
	h->ctx[ctx].qp[qp].source = FW_NO_SOURCE;
	return h_admin(h, &cmd, NULL);
}

/**
 * h_host_cons() - the host's consumer table
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @tx: transmit consumer
 * @rx: receive consumer
 */
void h_host_cons(struct h *h, u32 ctx, u32 qp, u32 *tx, u32 *rx)
{
	struct cdna_host_cons *cons = fake_ptr(h->board, h->cons);

	cons += ctx * CDNA_MAX_QPS + qp;
	*tx = fw_le32(cons->tx_cons);
	*rx = fw_le32(cons->rx_cons);
}

/**
 * h_read_stats() - CDNA_CMD_READ_STATS
 * @h: the NIC
 * @what: CDNA_STATS_*
 * @ctx: the context
 * @qp: queue pair
 * @value: CDNA_NR_STATS counters
 */
void h_read_stats(struct h *h, u32 what, u32 ctx, u32 qp, u64 *value)
{
	struct cdna_stats *stats = fake_ptr(h->board, h->scratch);
	struct cdna_admin_cmd cmd;
	u32 i;

	h_cmd(&cmd, CDNA_CMD_READ_STATS, ctx);
	cmd.stats.addr = fw_to_le64(h->scratch);
	cmd.stats.what = fw_to_le16((u16)what);
	cmd.stats.qp = fw_to_le16((u16)qp);
	FAKE_CHECK(h_admin(h, &cmd, NULL) == CDNA_SC_OK);
	for (i = 0; i < CDNA_NR_STATS; i++)
		value[i] = fw_le64(stats->value[i]);
}

/**
 * h_partition_info() - what the NIC tells the driver in its partition
 * @h: the NIC
 * @ctx: the context
 * @info: little-endian as it is
 */
void h_partition_info(struct h *h, u32 ctx, struct cdna_partition_info *info)
{
	__le32 word;
	u32 i;

	for (i = 0; i < sizeof(*info); i += 4) {
		word = fw_to_le32(fake_sram_load(h->board,
						 CDNA_PARTITION(ctx) +
						 CDNA_PARTITION_INFO + i));
		memcpy((u8 *)info + i, &word, 4);
	}
}
