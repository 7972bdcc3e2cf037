// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Switching, what both directions share. In here a frame carries the tag of
 * its VLAN; each receiver gets it with or without.
 */
#include "switch/switch.h"

#include "base/parse.h"
#include "base/vlan.h"
#include "ctx/demux.h"
#include "ctx/filter.h"
#include "state.h"

/*
 * What a context may receive in a burst beyond its rate: that of 52 ms, or as many bytes.
 * It is what policing leaves to TCP, whose windows come together.
 */
#define SWITCH_RX_PERIODS	50
#define SWITCH_RX_LEAST		(32u * 1024u)

/**
 * fw_switch_start() - look at a frame's tags
 * @hop: filled
 * @frame: the frame: has a whole Ethernet header and, if tagged, a whole tag
 * @sender: context that sent it, NULL if it came from the wire
 */
void fw_switch_start(struct fw_hop *hop, struct fw_frame *frame,
		     struct fw_ctx *sender)
{
	const u8 *data = fw_frame_data(frame);
	u32 type = fw_get_be16(data + 2 * FW_ETH_ALEN);

	hop->frame = frame;
	hop->sender = sender;
	hop->trunk_only = !fw_vlan_find(frame, &hop->vid);
	hop->refused = false;
	hop->parsed = false;
	hop->meta.tagged = type == FW_ETH_VLAN;
	hop->meta.stripped = false;
	hop->meta.tci = hop->meta.tagged ?
			fw_get_be16(data + FW_ETH_HLEN) : 0;
}

/**
 * fw_switch_member() - is a context part of the VLAN that a frame belongs to?
 * @hop: the frame
 * @ctx: the context
 *
 * Return: whether it may get the frame
 */
bool fw_switch_member(const struct fw_hop *hop, const struct fw_ctx *ctx)
{
	if (hop->trunk_only)
		return ctx->flags & CDNA_CTXF_TRUNK;
	return fw_filter_vlan_allowed(ctx, hop->vid);
}

/*
 * A context that no machine has driven may have the address of one that is elsewhere: it is
 * about to come here, or has left. The wire leads there. What is for a machine that only
 * resets its device stays here, and is dropped.
 */
static bool switch_is_here(const struct fw_hop *hop, const struct fw_ctx *ctx)
{
	return !hop->sender || ctx->driven;
}

/**
 * fw_switch_find() - which contexts have a frame's unicast destination address
 * @nic: the NIC
 * @hop: the frame
 * @to: filled with contexts: one that has the VLAN as its access VLAN, one
 *	that gets it tagged
 *
 * What a context sends finds none that was not driven yet; what comes from the wire does,
 * and is dropped and counted there.
 *
 * Return: how many
 */
u32 fw_switch_find(const struct fw_nic *nic, const struct fw_hop *hop,
		   u16 to[2])
{
	const u8 *dst = fw_frame_data(hop->frame);
	u32 count = 0;
	u32 ctx;

	if (hop->vid && !hop->trunk_only) {
		ctx = fw_demux_find(&nic->demux, dst, hop->vid);
		if (ctx != FW_NO_CTX && switch_is_here(hop, &nic->ctx[ctx]))
			to[count++] = (u16)ctx;
	}
	ctx = fw_demux_find(&nic->demux, dst, 0);
	if (ctx != FW_NO_CTX && switch_is_here(hop, &nic->ctx[ctx]) &&
	    fw_switch_member(hop, &nic->ctx[ctx]))
		to[count++] = (u16)ctx;
	return count;
}

static void switch_parse(struct fw_hop *hop)
{
	struct fw_rx_meta *meta = &hop->meta;
	const u8 *data = fw_frame_data(hop->frame);

	hop->parsed = true;
	fw_parse(data, hop->frame->head->len, hop->frame->len, &meta->pkt);
	meta->hash = fw_parse_hash(data, &meta->pkt);
	meta->checked = false;
	meta->csum = 0;
	meta->segs = 1;
	meta->local = hop->sender ? 1 : 0;
	meta->mss = 0;
}

/*
 * Who gets a frame off the wire pays for it, as others do for what they send.
 * Return: false if that context has had more than its part of a busy core, by as
 * much as can be owed
 */
static bool switch_pays(struct fw_nic *nic, struct fw_ctx *ctx, u32 len)
{
	if (!nic->sched.spare && ctx->sched.owed + ctx->work >= FW_WORK_MAX)
		return false;
	fw_ctx_work(ctx, FW_WORK_COPY + len);
	nic->received[ctx->id / 32] |= 1u << (ctx->id % 32);
	return true;
}

/**
 * fw_switch_set_rate() - bound what a context receives
 * @nic: the NIC
 * @ctx: the context
 * @mbps: 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: no limit
 */
void fw_switch_set_rate(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps)
{
	fw_bucket_change_mbps(&ctx->bounds.rx_rate, mbps, SWITCH_RX_PERIODS,
			      SWITCH_RX_LEAST, nic->now);
}

/*
 * Return: whether a frame is beyond what a context may receive. It counts if not; what
 * no queue would take does not count.
 */
static bool switch_limited(struct fw_nic *nic, struct fw_ctx *ctx, u32 len)
{
	if (!ctx->rx_running)
		return false;
	if (!fw_bucket_ready(&ctx->bounds.rx_rate, nic->now))
		return true;
	fw_bucket_take(&ctx->bounds.rx_rate, len);
	return false;
}

/**
 * fw_switch_give() - deliver a frame to a context
 * @nic: the NIC
 * @hop: the frame
 * @ctx: the context
 * @may_keep: the frame is not needed afterwards
 *
 * Its sender pays for that work, and for its bytes when it was sent; or else
 * the receiver, for both.
 *
 * Return: true if the frame was kept: it is gone
 */
bool fw_switch_give(struct fw_nic *nic, struct fw_hop *hop, struct fw_ctx *ctx,
		    bool may_keep)
{
	if (switch_limited(nic, ctx, hop->frame->len)) {
		fw_ctx_drop(ctx, CDNA_DROP_RX_RATE);
		return false;
	}
	if (!hop->parsed)
		switch_parse(hop);
	if (hop->sender) {
		fw_nic_count(nic, CDNA_NSTAT_SWITCHED, 1);
		fw_ctx_work(hop->sender, FW_WORK_COPY);
	} else if (!switch_pays(nic, ctx, hop->frame->len)) {
		fw_ctx_drop(ctx, CDNA_DROP_RX_BUSY);
		return false;
	}
	return fw_rx_deliver(nic, ctx, hop->frame, &hop->meta, may_keep);
}

/**
 * fw_switch_unicast() - deliver a frame to the contexts that have its address
 * @nic: the NIC
 * @hop: the frame
 * @to: contexts
 * @count: how many, at least one
 *
 * Return: true if the frame was kept: it is gone
 */
bool fw_switch_unicast(struct fw_nic *nic, struct fw_hop *hop, const u16 *to,
		       u32 count)
{
	u32 i;

	for (i = 0; i + 1 < count; i++)
		fw_switch_give(nic, hop, &nic->ctx[to[i]], false);
	return fw_switch_give(nic, hop, &nic->ctx[to[i]], true);
}

/*
 * May a context have another frame of that kind? What comes from the wire is
 * bounded for each receiver, so that what one of them wants costs no other.
 * Another context's frames are bounded where they are sent.
 */
static bool switch_bounded(struct fw_nic *nic, struct fw_hop *hop,
			   struct fw_ctx *ctx, const u8 *dst)
{
	struct fw_bucket *bucket = fw_mac_broadcast(dst) ? &ctx->bounds.broadcast :
							   &ctx->bounds.multicast;

	if (hop->sender || !fw_mac_multicast(dst) ||
	    fw_bucket_take_frame(bucket, nic->now))
		return true;
	fw_ctx_drop(ctx, CDNA_DROP_RX_STORM);
	hop->refused = true;
	return false;
}

/**
 * fw_switch_flood() - deliver copies of a frame to all contexts that take it
 * @nic: the NIC
 * @hop: the frame: multicast, broadcast, or unicast to no context
 *
 * The sender gets none.
 *
 * Return: how many there were
 */
u32 fw_switch_flood(struct fw_nic *nic, struct fw_hop *hop)
{
	const u8 *dst = fw_frame_data(hop->frame);
	bool multicast = fw_mac_multicast(dst);
	const u32 *list = multicast ? nic->flood.multicast :
				      nic->flood.promisc;
	u32 mc_bit = multicast ? fw_filter_mc_bit(dst) : 0;
	u32 copies = 0;
	u32 left, i;

	for (i = 0; i < FW_ARRAY_SIZE(nic->flood.multicast); i++) {
		for (left = list[i]; left; left &= left - 1) {
			struct fw_ctx *ctx;

			ctx = &nic->ctx[i * 32 + fw_ffs32(left)];
			/* Tags come and go: the address may have moved. */
			dst = fw_frame_data(hop->frame);
			if (ctx == hop->sender || !fw_switch_member(hop, ctx) ||
			    !fw_filter_wants(ctx, dst, mc_bit) ||
			    !switch_bounded(nic, hop, ctx, dst))
				continue;
			fw_switch_give(nic, hop, ctx, false);
			copies++;
		}
	}
	return copies;
}
