// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Admin commands about the NIC as a whole.
 */
#include "host/admin_nic.h"

#include "base/bucket.h"
#include "ctx/ring.h"
#include "notify/bitvec.h"
#include "notify/event.h"
#include "state.h"

static void admin_fill_formats(struct cdna_identify *id)
{
	const struct cdna_desc_format *format;
	u32 i;

	for (i = 0; i < CDNA_MAX_FORMATS; i++) {
		format = fw_ring_format(i);
		if (!format)
			break;
		id->format[i] = *format;
	}
	id->formats = fw_to_le16((u16)i);
}

static void admin_fill_identify(const struct fw_nic *nic,
				struct cdna_identify *id)
{
	memset(id, 0, sizeof(*id));
	id->abi = fw_to_le32(CDNA_ABI_VERSION);
	id->fw_version = fw_to_le32(FW_VERSION);
	id->contexts = fw_to_le16((u16)nic->config.contexts);
	id->qps = fw_to_le16(CDNA_MAX_QPS);
	id->sources = fw_to_le16(FW_NR_SOURCES);
	id->bitvec_words = fw_to_le16(FW_BITVEC_WORDS);
	id->min_ring = fw_to_le16(CDNA_MIN_RING);
	id->max_ring = fw_to_le16(CDNA_MAX_RING);
	id->mtu = fw_to_le16(nic->config.mtu);
	id->max_macs = fw_to_le16(CDNA_MAX_CTX_MACS);
	id->speed = fw_to_le32(nic->config.speed);
	id->offloads = fw_to_le32(FW_OFFLOADS_TX | FW_OFFLOADS_RX);
	id->max_coalesce_usecs = fw_to_le32(CDNA_MAX_COALESCE_USECS);
	id->max_rate_mbps = fw_to_le32(CDNA_MAX_RATE_MBPS);
	id->fw_bytes = fw_to_le32((u32)sizeof(*nic));
	memcpy(id->mac, nic->config.mac, FW_ETH_ALEN);
	id->groups = fw_to_le32(CDNA_MAX_GROUPS);
	admin_fill_formats(id);
}

/**
 * fw_admin_identify() - CDNA_CMD_IDENTIFY
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_identify(struct fw_nic *nic, struct fw_admin_call *call)
{
	u64 addr = fw_le64(call->cmd.identify.addr);
	struct cdna_identify id;

	if (addr % 8)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(identify.addr));
	admin_fill_identify(nic, &id);
	if (fw_dma_write(nic, FW_DMA_HOST, addr, &id, sizeof(id)))
		return CDNA_SC_DMA_ERROR;
	return CDNA_SC_OK;
}

static bool admin_bad_slots(u32 slots)
{
	return slots < CDNA_MIN_NOTIFY_RING || slots > CDNA_MAX_NOTIFY_RING ||
	       slots & (slots - 1);
}

static bool admin_bad_memory(u64 addr, u64 bytes, u32 align)
{
	return !addr || addr % align || addr + bytes < addr;
}

/* A byte at either end shows whether the NIC can reach it at all. */
static bool admin_reaches(struct fw_nic *nic, u64 addr, u64 bytes)
{
	u8 byte;

	return !fw_dma_read(nic, FW_DMA_HOST, addr, &byte, 1) &&
	       !fw_dma_read(nic, FW_DMA_HOST, addr + bytes - 1, &byte, 1);
}

/**
 * fw_admin_set_rings() - CDNA_CMD_SET_RINGS
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_set_rings(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_set_rings *cmd = &call->cmd.set_rings;
	u32 vec_slots = fw_le32(cmd->bitvec_slots);
	u32 event_slots = fw_le32(cmd->event_slots);
	u64 vec = fw_le64(cmd->bitvec_addr);
	u64 event = fw_le64(cmd->event_addr);
	u64 cons = fw_le64(cmd->cons_addr);
	u64 vec_bytes, event_bytes, cons_bytes;

	if (nic->rings_set)
		return CDNA_SC_BAD_STATE;
	if (admin_bad_slots(vec_slots))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(set_rings.bitvec_slots));
	if (admin_bad_slots(event_slots))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(set_rings.event_slots));
	vec_bytes = sizeof(struct cdna_ring_header) +
		    (u64)vec_slots * FW_BITVEC_WORDS * 8;
	event_bytes = sizeof(struct cdna_ring_header) +
		      (u64)event_slots * sizeof(struct cdna_event);
	cons_bytes = (u64)nic->config.contexts * CDNA_MAX_QPS *
		     sizeof(struct cdna_host_cons);
	if (admin_bad_memory(vec, vec_bytes, 64))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(set_rings.bitvec_addr));
	if (admin_bad_memory(event, event_bytes, 64))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(set_rings.event_addr));
	if (admin_bad_memory(cons, cons_bytes, 8))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(set_rings.cons_addr));
	if (!admin_reaches(nic, vec, vec_bytes) ||
	    !admin_reaches(nic, event, event_bytes) ||
	    !admin_reaches(nic, cons, cons_bytes))
		return CDNA_SC_DMA_ERROR;
	fw_notify_setup(&nic->bitvec.ring, vec, vec_slots, FW_BITVEC_WORDS * 8);
	fw_notify_setup(&nic->event.ring, event, event_slots,
			sizeof(struct cdna_event));
	nic->cons_addr = cons;
	nic->rings_set = true;
	return CDNA_SC_OK;
}

/**
 * fw_admin_set_throttle() - CDNA_CMD_SET_THROTTLE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_set_throttle(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 usecs = fw_le32(call->cmd.throttle.usecs);
	u32 burst = fw_le32(call->cmd.throttle.burst);

	if (usecs > CDNA_MAX_COALESCE_USECS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(throttle.usecs));
	if (usecs ? !burst || burst > CDNA_MAX_THROTTLE_BURST : burst)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(throttle.burst));
	fw_bucket_set_usecs(&nic->bitvec.throttle, usecs, burst, nic->now);
	return CDNA_SC_OK;
}

static const u64 *admin_counters(const struct fw_nic *nic,
				 const struct fw_ctx *ctx, u32 what, u32 qp,
				 u32 *count)
{
	*count = CDNA_NR_STATS;
	if (what == CDNA_STATS_NIC)
		return nic->stats;
	if (what == CDNA_STATS_CONTEXT)
		return ctx->stats;
	*count = CDNA_NR_QSTATS;
	return ctx->qp[qp].stats;
}

/**
 * fw_admin_read_stats() - CDNA_CMD_READ_STATS
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_read_stats(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_stats *cmd = &call->cmd.stats;
	struct cdna_stats stats = { 0 };
	u64 addr = fw_le64(cmd->addr);
	u32 what = fw_le16(cmd->what);
	u32 qp = fw_le16(cmd->qp);
	const u64 *from;
	u32 count;
	u32 i;

	if (addr % 8)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(stats.addr));
	if (what > CDNA_STATS_QP)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(stats.what));
	if (what == CDNA_STATS_NIC && call->ctx->id)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(context));
	if (what == CDNA_STATS_QP ? qp >= CDNA_MAX_QPS : qp)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(stats.qp));
	if (what != CDNA_STATS_NIC && call->ctx->state == CDNA_CTX_FREE)
		return CDNA_SC_BAD_STATE;
	from = admin_counters(nic, call->ctx, what, qp, &count);
	for (i = 0; i < count; i++)
		stats.value[i] = fw_to_le64(from[i]);
	if (fw_dma_write(nic, FW_DMA_HOST, addr, &stats, sizeof(stats)))
		return CDNA_SC_DMA_ERROR;
	return CDNA_SC_OK;
}
