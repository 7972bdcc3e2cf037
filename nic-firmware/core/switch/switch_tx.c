// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Frames from a context: may it send them, and where do they go?
 */
#include "switch/switch_tx.h"

#include "base/vlan.h"
#include "ctx/filter.h"
#include "state.h"
#include "switch/switch.h"
#include "switch/wireq.h"

#define SWITCH_PASS		CDNA_NR_DROPS	/* no reason to drop it */

/* A whole header, no longer than the wire takes, a source of its own? */
static u32 switch_check(const struct fw_nic *nic, const struct fw_ctx *ctx,
			const struct fw_frame *frame)
{
	enum fw_vlan_size size = fw_vlan_size(frame, frame->len,
					      nic->config.mtu);

	if (size != FW_VLAN_FITS)
		return size == FW_VLAN_SHORT ? CDNA_DROP_TX_RUNT :
					       CDNA_DROP_TX_OVERSIZE;
	if (!fw_filter_source_ok(ctx, fw_frame_data(frame) + FW_ETH_ALEN))
		return CDNA_DROP_TX_SPOOF_MAC;
	if (!fw_filter_link_local_ok(ctx, frame))
		return CDNA_DROP_TX_LINK_LOCAL;
	return SWITCH_PASS;
}

/* Put an untagged frame, or one that has a priority only, into @ctx's VLAN. */
static u32 switch_access(const struct fw_ctx *ctx, struct fw_hop *hop)
{
	struct fw_rx_meta *meta = &hop->meta;

	if (hop->trunk_only || hop->vid)
		return CDNA_DROP_TX_SPOOF_VLAN;
	hop->vid = ctx->access_vlan;
	meta->tci = (u16)((meta->tci & 0xf000) | ctx->access_vlan);
	if (meta->tagged) {
		fw_put_be16(fw_frame_data(hop->frame) + FW_ETH_HLEN, meta->tci);
		return SWITCH_PASS;
	}
	meta->tagged = true;
	/* Must not leave without its tag, wherever the room for it went. */
	if (!fw_vlan_insert(hop->frame, meta->tci))
		return CDNA_DROP_TX_SPOOF_VLAN;
	return SWITCH_PASS;
}

static u32 switch_vlan(const struct fw_ctx *ctx, struct fw_hop *hop)
{
	if (ctx->access_vlan)
		return switch_access(ctx, hop);
	return fw_switch_member(hop, ctx) ? SWITCH_PASS :
					    CDNA_DROP_TX_SPOOF_VLAN;
}

/* The tag belongs on the wire, even where a receiver had it taken out. */
static bool switch_retag(struct fw_hop *hop)
{
	return !hop->meta.stripped ||
	       fw_vlan_insert(hop->frame, hop->meta.tci);
}

/* The wire knows no frame shorter than this; a short one is in one cell. */
static void switch_pad(struct fw_frame *frame)
{
	struct fw_cell *cell = frame->head;
	u32 pad;

	if (frame->len >= FW_ETH_MIN)
		return;
	pad = FW_ETH_MIN - frame->len;
	memset(cell->data + cell->start + cell->len, 0, pad);
	cell->len = FW_ETH_MIN;
	frame->len = FW_ETH_MIN;
}

/* The wire's part of it; @len is 0 if the sender had it counted */
static void switch_wire(struct fw_nic *nic, struct fw_hop *hop, u32 len)
{
	if (nic->link && switch_retag(hop)) {
		switch_pad(hop->frame);
		fw_wireq_send(nic, hop->frame, len);
		return;
	}
	fw_nic_count(nic, CDNA_NSTAT_WIRE_TX_DROPS, 1);
	if (len)
		fw_ctx_drop(hop->sender, CDNA_DROP_TX_WIRE);
	fw_pool_free(&nic->pool, hop->frame);
}

/* Multicast, broadcast, or unicast to a station beyond the wire */
static u32 switch_out(struct fw_nic *nic, struct fw_hop *hop, u32 len,
		      bool multicast)
{
	u32 copies;

	if (multicast &&
	    !fw_bucket_take_frame(&hop->sender->bounds.storm, nic->now)) {
		fw_ctx_drop(hop->sender, CDNA_DROP_TX_STORM);
		fw_pool_free(&nic->pool, hop->frame);
		return len;
	}
	copies = fw_switch_flood(nic, hop);
	/* With copies, a context has it whatever becomes of it on the wire. */
	if (copies) {
		fw_ctx_sent(hop->sender, len, multicast);
		fw_ctx_count(hop->sender, CDNA_CSTAT_TX_LOCAL, 1);
	}
	switch_wire(nic, hop, copies ? 0 : len);
	return len * (copies + 1);
}

/* To contexts of this NIC: never leaves it (paper 3.1) */
static u32 switch_local(struct fw_nic *nic, struct fw_hop *hop, u32 len,
			const u16 *to, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (to[i] != hop->sender->id)
			continue;
		fw_ctx_drop(hop->sender, CDNA_DROP_TX_LOOP);
		fw_pool_free(&nic->pool, hop->frame);
		return len;
	}
	fw_ctx_sent(hop->sender, len, false);
	fw_ctx_count(hop->sender, CDNA_CSTAT_TX_LOCAL, 1);
	if (!fw_switch_unicast(nic, hop, to, count))
		fw_pool_free(&nic->pool, hop->frame);
	return len * count;
}

/**
 * fw_switch_needs_wire() - would a frame go to the wire?
 * @nic: the NIC
 * @ctx: context that sends it
 * @frame: the frame, which stays as it is
 *
 * Return: true if so, or if it is to be refused for a reason not looked at
 */
bool fw_switch_needs_wire(const struct fw_nic *nic, struct fw_ctx *ctx,
			  struct fw_frame *frame)
{
	struct fw_hop hop;
	u16 to[2];

	if (switch_check(nic, ctx, frame) != SWITCH_PASS)
		return false;
	if (fw_mac_multicast(fw_frame_data(frame)))
		return true;
	fw_switch_start(&hop, frame, ctx);
	if (ctx->access_vlan)
		hop.vid = ctx->access_vlan;
	return !fw_switch_find(nic, &hop, to);
}

/**
 * fw_switch_tx() - a frame from a context (paper 3.1)
 * @nic: the NIC
 * @qp: queue pair that sends it
 * @frame: the frame; its headers are in the first cell. Is gone afterwards
 *
 * Return: bytes to charge, more than 0: its length for each way it went
 */
u32 fw_switch_tx(struct fw_nic *nic, struct fw_qp *qp, struct fw_frame *frame)
{
	struct fw_ctx *ctx = qp->ctx;
	u32 len = FW_MAX(frame->len, 1u);
	u32 drop = switch_check(nic, ctx, frame);
	struct fw_hop hop;
	u16 to[2];
	u32 count;

	if (drop == SWITCH_PASS) {
		fw_switch_start(&hop, frame, ctx);
		drop = switch_vlan(ctx, &hop);
	}
	if (drop != SWITCH_PASS) {
		fw_ctx_drop(ctx, drop);
		fw_pool_free(&nic->pool, frame);
		return len;
	}
	if (fw_mac_multicast(fw_frame_data(frame)))
		return switch_out(nic, &hop, len, true);
	count = fw_switch_find(nic, &hop, to);
	if (!count)
		return switch_out(nic, &hop, len, false);
	return switch_local(nic, &hop, len, to, count);
}
