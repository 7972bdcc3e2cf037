// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of guests, as sk_buffs. All of a frame is copied before anything of it is
 * looked at: the guest may change its own at any time.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io.h>

#include "softnic_frame.h"

#define FRAME_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
#define FRAME_LINEAR		1600	/* up to here in one piece */

static int frame_fill(struct sk_buff *skb, const struct softnic_chain *chain)
{
	const struct softnic_desc *desc = chain->desc;
	u32 at = 0;
	int ret;
	u32 i;

	for (i = 0; i < chain->descs; i++, desc++) {
		ret = skb_store_bits(skb, at, phys_to_virt(desc->addr),
				     desc->len);
		if (ret)
			return ret;
		at += desc->len;
	}
	return 0;
}

/**
 * softnic_frame_copy - copy a frame out of guest memory
 * @chain: its descriptors, whose pages are pinned
 *
 * Context: process.
 * Return: the frame with its Ethernet header at the start, NULL without memory.
 */
struct sk_buff *softnic_frame_copy(const struct softnic_chain *chain)
{
	u32 linear = chain->len <= FRAME_LINEAR ? chain->len : SOFTNIC_HEAD;
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(FRAME_HEADROOM + max_t(u32, linear, ETH_ZLEN),
				   chain->len - linear, PAGE_ALLOC_COSTLY_ORDER,
				   &err, GFP_KERNEL | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, FRAME_HEADROOM);
	skb_put(skb, linear);
	skb->data_len = chain->len - linear;
	skb->len += skb->data_len;
	if (!frame_fill(skb, chain))
		return skb;
	kfree_skb(skb);
	return NULL;
}

/**
 * softnic_frame_look - what the rules look at of a frame
 * @skb: the frame, with its Ethernet header at the start
 * @header: filled; points into the frame
 *
 * Return: false if it has no whole header, or too many tags.
 */
bool softnic_frame_look(const struct sk_buff *skb,
			struct softnic_header *header)
{
	u32 len = min_t(u32, skb->len, SOFTNIC_LOOK);
	u8 copy[SOFTNIC_LOOK];
	const u8 *data;

	*header = (struct softnic_header) {};
	if (skb_headlen(skb) < ETH_HLEN)
		return false;
	header->mac = skb->data;
	if (skb_vlan_tag_present(skb)) {
		header->tagged = true;
		header->vid = skb_vlan_tag_get_id(skb);
		header->trunk_only = skb->vlan_proto == htons(ETH_P_8021AD);
	}
	data = skb_header_pointer(skb, 0, len, copy);
	return data && softnic_rules_look(header, data, len);
}
