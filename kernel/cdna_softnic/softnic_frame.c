// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of guests, as sk_buffs. What is looked at is copied before: the guest may
 * change its own at any time. Only payload is left where it is.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io.h>

#include "softnic_frame.h"

#define FRAME_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
#define FRAME_LINEAR		1600	/* up to here in one piece */

static int frame_fill(struct sk_buff *skb, const struct softnic_chain *chain)
{
	const struct softnic_piece *piece = chain->piece;
	u32 at = 0;
	int ret;
	u32 i;

	for (i = 0; i < chain->descs; i++, piece++) {
		ret = skb_store_bits(skb, at, phys_to_virt(piece->addr),
				     piece->len);
		if (ret)
			return ret;
		at += piece->len;
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

/* Headers, and the descriptors that do not get a fragment each */
static u32 frame_linear(const struct softnic_chain *chain)
{
	u32 bytes = 0;
	u32 i;

	for (i = 0; i + MAX_SKB_FRAGS < chain->descs; i++)
		bytes += chain->piece[i].len;
	return max_t(u32, bytes, SOFTNIC_HEAD);
}

/* A fragment has one reference to its folio: it may be more than one page of it. */
static bool frame_follows(const skb_frag_t *frag, u64 addr)
{
	return page_to_phys(skb_frag_page(frag)) + skb_frag_off(frag) +
	       skb_frag_size(frag) == addr &&
	       page_folio(skb_frag_page(frag)) ==
	       page_folio(pfn_to_page(PHYS_PFN(addr)));
}

static void frame_refer(struct sk_buff *skb, u64 addr, u32 len)
{
	struct page *page = pfn_to_page(PHYS_PFN(addr));
	u32 n = skb_shinfo(skb)->nr_frags;

	if (n && frame_follows(&skb_shinfo(skb)->frags[n - 1], addr)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[n - 1], len);
	} else {
		get_page(page);
		skb_fill_page_desc(skb, n, page, offset_in_page(addr), len);
	}
	skb->len += len;
	skb->data_len += len;
	skb->truesize += PAGE_SIZE;
}

/**
 * softnic_frame_refer - make a frame whose payload is where the guest has it
 * @chain: its descriptors, whose pages are pinned; more than SOFTNIC_HEAD bytes
 *
 * Each fragment has a reference of its own, and keeps its page when it is no longer
 * pinned.
 *
 * Context: process.
 * Return: the frame with its Ethernet header at the start, NULL without memory.
 */
struct sk_buff *softnic_frame_refer(const struct softnic_chain *chain)
{
	const struct softnic_piece *piece = chain->piece;
	u32 linear = frame_linear(chain);
	struct sk_buff *skb;
	u32 i, n, at = 0;

	skb = alloc_skb(FRAME_HEADROOM + linear, GFP_KERNEL | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, FRAME_HEADROOM);
	skb_put(skb, linear);
	for (i = 0; i < chain->descs; i++, piece++) {
		n = min_t(u32, piece->len, linear - at);
		memcpy(skb->data + at, phys_to_virt(piece->addr), n);
		at += n;
		if (n < piece->len)
			frame_refer(skb, piece->addr + n, piece->len - n);
	}
	return skb;
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
