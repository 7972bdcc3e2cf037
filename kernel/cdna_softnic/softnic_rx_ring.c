// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frame in a receive ring: copied once, into the buffers that the guest has posted,
 * and described by completions.
 */
#include <linux/bvec.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/uio.h>
#include <net/ip.h>

#include "softnic_ring.h"
#include "softnic_rx_ring.h"
#include "softnic_rx_virtio.h"
#include "softnic_status.h"

#define RING_MAX_BUFFERS	40	/* of a frame: of 2 KiB for the largest */

/**
 * struct ring_plan - where a frame goes
 * @buffers: how many
 * @vec: the buffers, each as long as what is put into it
 */
struct ring_plan {
	u32 buffers;
	struct bio_vec vec[RING_MAX_BUFFERS];
};

/* Return: SOFTNIC_PASS, SOFTNIC_LATER if more buffers would do, or why not */
static u32 ring_plan(struct softnic_qp *qp, u32 len, struct ring_plan *plan)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct softnic_desc desc;
	u32 n, i;

	for (i = 0; len; i++) {
		if (i == RING_MAX_BUFFERS || i == ring->slots)
			return CDNA_DROP_RX_NO_BUFFER;
		if (i == ring->prod - ring->cons ||
		    softnic_ring_peek(ring, i, &desc))
			return SOFTNIC_LATER;
		n = min_t(u32, len, desc.len);
		bvec_set_page(&plan->vec[i],
			      pfn_to_page(PHYS_PFN(desc.addr)), n,
			      offset_in_page(desc.addr));
		len -= n;
	}
	plan->buffers = i;
	return SOFTNIC_PASS;
}

static struct cdna_rx_completion *ring_comp(struct softnic_qp *qp, u32 index)
{
	const u32 per_page = CDNA_PAGE_SIZE / sizeof(struct cdna_rx_completion);
	u32 slot = index & (qp->ring[CDNA_DIR_RX].slots - 1);
	struct cdna_rx_completion *page = qp->comp[slot / per_page];

	return &page[slot % per_page];
}

/* A fragment has no transport header that could be trusted. */
static u16 ring_protocol(const struct sk_buff *skb)
{
	u32 at = skb_network_offset(skb);
	const struct ipv6hdr *ip6;
	const struct iphdr *ip;
	struct ipv6hdr copy;
	u16 flags = 0;
	u8 next = 0;

	ip = skb_header_pointer(skb, at, sizeof(*ip), &copy);
	if (ip && skb->protocol == htons(ETH_P_IP)) {
		flags = CDNA_RX_IPV4;
		next = ip_is_fragment(ip) ? 0 : ip->protocol;
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		ip6 = skb_header_pointer(skb, at, sizeof(*ip6), &copy);
		flags = ip6 ? CDNA_RX_IPV6 : 0;
		next = ip6 ? ip6->nexthdr : 0;
	}
	if (next == IPPROTO_TCP)
		flags |= CDNA_RX_TCP;
	if (next == IPPROTO_UDP)
		flags |= CDNA_RX_UDP;
	return flags;
}

/* What the first completion says of the frame */
static void ring_describe(struct softnic_qp *qp, struct sk_buff *skb,
			  struct cdna_rx_completion *comp)
{
	u32 offloads = qp->ring[CDNA_DIR_RX].offloads;
	u16 flags = CDNA_RX_FIRST | ring_protocol(skb);
	u32 hdr, mss = skb_shinfo(skb)->gso_size;
	/* CHECKSUM_COMPLETE is a sum, and no verdict on it. */
	bool verified = skb->ip_summed == CHECKSUM_UNNECESSARY ||
			skb_is_gso(skb);

	if (offloads & (CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO) &&
	    flags & (CDNA_RX_TCP | CDNA_RX_UDP) && verified)
		flags |= CDNA_RX_CSUM_OK;
	if (offloads & CDNA_OFFLOAD_RX_VLAN && skb_vlan_tag_present(skb)) {
		flags |= CDNA_RX_VLAN;
		comp->vlan_tci = cpu_to_le16(skb_vlan_tag_get(skb));
	}
	comp->segs = cpu_to_le16(1);
	if (skb_is_gso(skb)) {
		hdr = skb_tcp_all_headers(skb);
		flags |= CDNA_RX_LRO;
		comp->hdr_len = cpu_to_le16(hdr);
		comp->mss = cpu_to_le16(mss);
		comp->segs = cpu_to_le16(DIV_ROUND_UP(skb->len - hdr, mss));
	}
	comp->flags = cpu_to_le16(flags);
	comp->frame_len = cpu_to_le32(skb->len);
	comp->hash = cpu_to_le32(skb_get_hash(skb));
}

/* The guest owns the memory: it is written, never read. */
static void ring_complete(struct softnic_qp *qp, struct sk_buff *skb,
			  const struct ring_plan *plan)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct cdna_rx_completion comp;
	u32 i;

	for (i = 0; i < plan->buffers; i++) {
		comp = (struct cdna_rx_completion) {};
		if (!i)
			ring_describe(qp, skb, &comp);
		if (i == plan->buffers - 1)
			comp.flags |= cpu_to_le16(CDNA_RX_LAST);
		comp.index = cpu_to_le32(ring->cons + i);
		comp.len = cpu_to_le16(plan->vec[i].bv_len);
		*ring_comp(qp, qp->comp_prod + i) = comp;
	}
	ring->cons += plan->buffers;
	qp->comp_prod += plan->buffers;
}

static void ring_account(struct softnic_qp *qp, const struct sk_buff *skb,
			 u32 buffers)
{
	struct softnic_ctx *ctx = qp->ctx;
	u32 segs = 1;

	if (skb_is_gso(skb)) {
		segs = DIV_ROUND_UP(skb->len - skb_tcp_all_headers(skb),
				    skb_shinfo(skb)->gso_size);
		softnic_count_qp(qp, CDNA_QSTAT_RX_MERGED, segs);
	}
	softnic_count(ctx, CDNA_CSTAT_RX_FRAMES, segs);
	softnic_count(ctx, CDNA_CSTAT_RX_BYTES, skb->len);
	if (is_multicast_ether_addr(skb->data))
		softnic_count(ctx, CDNA_CSTAT_RX_MULTICAST, 1);
	softnic_count_qp(qp, CDNA_QSTAT_RX_FRAMES, 1);
	softnic_count_qp(qp, CDNA_QSTAT_RX_BYTES, skb->len);
	softnic_count_qp(qp, CDNA_QSTAT_RX_DESCS, buffers);
}

static u32 ring_put(struct softnic_qp *qp, struct sk_buff *skb)
{
	struct ring_plan plan;
	struct iov_iter to;
	u32 drop;

	drop = ring_plan(qp, skb->len, &plan);
	if (drop != SOFTNIC_PASS)
		return drop;
	iov_iter_bvec(&to, ITER_DEST, plan.vec, plan.buffers, skb->len);
	if (skb_copy_datagram_iter(skb, 0, &to, skb->len))
		return CDNA_DROP_RX_NO_BUFFER;
	ring_complete(qp, skb, &plan);
	return SOFTNIC_PASS;
}

/* The guest may have made it again since softnic_rx_merged_ok(), and since it was decided
 * who makes the sum.
 */
static bool ring_takes(const struct softnic_ring *ring,
		       const struct sk_buff *skb)
{
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;

	if (skb_is_gso(skb))
		return ring->offloads & CDNA_OFFLOAD_LRO &&
		       (partial || !softnic_ring_is_virtio(ring));
	return !partial || softnic_ring_sums(ring);
}

/**
 * softnic_rx_ring_put - give a frame to the guest
 * @qp: queue pair; its lock is held
 * @skb: the frame, which stays the caller's
 *
 * Return: SOFTNIC_PASS, SOFTNIC_LATER if there are too few buffers for it now, or an
 * enum cdna_drop.
 */
u32 softnic_rx_ring_put(struct softnic_qp *qp, struct sk_buff *skb)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	u32 cons = ring->cons;
	u32 drop;

	lockdep_assert_held(&qp->lock);

	if (!qp->spread || !softnic_ring_serves(ring) || !ring_takes(ring, skb))
		return CDNA_DROP_RX_NO_QUEUE;
	drop = softnic_ring_is_virtio(ring) ? softnic_rx_virtio_put(ring, skb) :
					      ring_put(qp, skb);
	if (drop != SOFTNIC_PASS)
		return drop;
	ring_account(qp, skb, ring->cons - cons);
	softnic_status_publish(qp, 1);
	return SOFTNIC_PASS;
}
