// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What a context may send and what it receives. The host decides both.
 */
#include "ctx/filter.h"

#include "base/packet.h"
#include "base/vlan.h"
#include "state.h"

/* CRC-32 of the FCS, four bits at a time */
static const u32 filter_crc[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
	0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

/**
 * fw_filter_mc_bit() - place of an address in a multicast filter
 * @mac: multicast address
 *
 * Return: 0 to 255: top 8 bits of the CRC-32, most significant bit first
 */
u32 fw_filter_mc_bit(const u8 *mac)
{
	u32 crc = 0xffffffff;
	u32 bit = 0;
	u32 i;

	for (i = 0; i < FW_ETH_ALEN; i++) {
		crc ^= mac[i];
		crc = crc >> 4 ^ filter_crc[crc & 15];
		crc = crc >> 4 ^ filter_crc[crc & 15];
	}
	/* The register shifts to the right: its top bits are at the bottom. */
	for (i = 0; i < 8; i++)
		bit = bit << 1 | (crc >> i & 1);
	return bit;
}

/**
 * fw_filter_vlan_allowed() - is a context part of a VLAN?
 * @ctx: the context
 * @vid: the VLAN, 0: untagged frames
 *
 * Return: whether it may send there and gets what is sent there
 */
bool fw_filter_vlan_allowed(const struct fw_ctx *ctx, u32 vid)
{
	if (ctx->access_vlan)
		return vid == ctx->access_vlan;
	if (!vid || ctx->flags & CDNA_CTXF_TRUNK)
		return true;
	return ctx->vlans[vid / 64 % FW_ARRAY_SIZE(ctx->vlans)] >> (vid % 64) &
	       1;
}

static bool filter_same_mac(const u8 *a, const u8 *b)
{
	return fw_get_be32(a) == fw_get_be32(b) &&
	       fw_get_be16(a + 4) == fw_get_be16(b + 4);
}

/**
 * fw_filter_source_ok() - may a context send from this address?
 * @ctx: the context
 * @src: source address of its frame
 *
 * Return: whether it is one of its own, or any one if the host allows that;
 * a group is never a source
 */
bool fw_filter_source_ok(const struct fw_ctx *ctx, const u8 *src)
{
	u32 i;

	if (fw_mac_multicast(src))
		return false;
	for (i = 0; i < ctx->nr_macs; i++)
		if (filter_same_mac(ctx->mac[i], src))
			return true;
	return ctx->flags & CDNA_CTXF_ALLOW_SPOOF;
}

/**
 * fw_filter_link_local_ok() - is a frame for more than the next station?
 * @ctx: the context that sends it
 * @frame: the frame; has a whole Ethernet header
 *
 * PAUSE would stop the wire for all contexts; spanning tree, LACP and the like
 * speak for the port of the switch behind it, which is not @ctx's.
 *
 * Return: true, unless it is link-local and @ctx is not trusted with that
 */
bool fw_filter_link_local_ok(const struct fw_ctx *ctx,
			     const struct fw_frame *frame)
{
	if (ctx->flags & CDNA_CTXF_ALLOW_SPOOF)
		return true;
	return !fw_mac_link_local(fw_frame_data(frame)) &&
	       fw_vlan_behind(frame) != FW_ETH_MAC_CONTROL;
}

static bool filter_promisc(const struct fw_ctx *ctx)
{
	return ctx->filter & CDNA_FILTER_PROMISC &&
	       ctx->flags & CDNA_CTXF_ALLOW_PROMISC;
}

/**
 * fw_filter_wants() - does a context take frames to a group, or to others?
 * @ctx: the context
 * @dst: destination address: not one of its own
 * @mc_bit: fw_filter_mc_bit() of it, if it is multicast
 *
 * Return: whether its filter takes them
 */
bool fw_filter_wants(const struct fw_ctx *ctx, const u8 *dst, u32 mc_bit)
{
	if (filter_promisc(ctx))
		return true;
	if (!fw_mac_multicast(dst))
		return false;
	if (fw_mac_broadcast(dst))
		return ctx->filter & CDNA_FILTER_BROADCAST;
	if (ctx->filter & CDNA_FILTER_ALLMULTI)
		return true;
	return ctx->mc_hash[mc_bit / 64] >> (mc_bit % 64) & 1;
}

/**
 * fw_filter_update() - a context's state, flags or filter have changed
 * @nic: the NIC
 * @ctx: the context
 *
 * Keeps the lists of those that get copies, so that no frame costs a look at
 * each context.
 */
void fw_filter_update(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	u32 *multicast = &nic->flood.multicast[ctx->id / 32];
	u32 *promisc = &nic->flood.promisc[ctx->id / 32];
	u32 bit = 1u << (ctx->id % 32);
	const u64 *hash = ctx->mc_hash;

	*multicast &= ~bit;
	*promisc &= ~bit;
	if (ctx->state != CDNA_CTX_ACTIVE)
		return;
	if (ctx->filter || hash[0] | hash[1] | hash[2] | hash[3])
		*multicast |= bit;
	if (filter_promisc(ctx))
		*promisc |= bit;
}
