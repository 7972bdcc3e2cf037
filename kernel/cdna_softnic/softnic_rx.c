// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reception: from the host to a receive ring, where the host transmits on the port.
 * A frame is copied once, into the buffers that the guest has posted.
 */
#include <linux/bvec.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/tcp.h>
#include <linux/uio.h>
#include <net/ip.h>

#include "softnic_frame.h"
#include "softnic_queue.h"
#include "softnic_rx.h"
#include "softnic_status.h"

#define RX_MAX_BUFFERS		40	/* of a frame: of 2 KiB for the largest */

/**
 * struct rx_plan - where a frame goes
 * @buffers: how many
 * @vec: the buffers, each as long as what is put into it
 */
struct rx_plan {
	u32 buffers;
	struct bio_vec vec[RX_MAX_BUFFERS];
};

/* One of the queues that run, by flow. Return: NULL if none does */
static struct softnic_qp *rx_pick(struct softnic_ctx *ctx, struct sk_buff *skb)
{
	unsigned long running = READ_ONCE(ctx->rx_running);
	u32 pick, bit;

	if (!running)
		return NULL;
	if (is_power_of_2(running))
		return &ctx->qp[__ffs(running)];
	pick = reciprocal_scale(skb_get_hash(skb), hweight_long(running));
	for_each_set_bit(bit, &running, CDNA_MAX_QPS)
		if (!pick--)
			break;
	return &ctx->qp[bit];
}

/* Return: whether the posted buffers suffice */
static bool rx_plan(struct softnic_qp *qp, u32 len, struct rx_plan *plan)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct softnic_desc desc;
	u32 n, i;

	for (i = 0; len; i++) {
		if (i == RX_MAX_BUFFERS || i == ring->prod - ring->cons ||
		    softnic_queue_peek(ring, i, &desc))
			return false;
		n = min_t(u32, len, desc.len);
		bvec_set_page(&plan->vec[i],
			      pfn_to_page(PHYS_PFN(desc.addr)), n,
			      offset_in_page(desc.addr));
		len -= n;
	}
	plan->buffers = i;
	return true;
}

static struct cdna_rx_completion *rx_comp(struct softnic_qp *qp, u32 index)
{
	const u32 per_page = CDNA_PAGE_SIZE / sizeof(struct cdna_rx_completion);
	u32 slot = index & (qp->ring[CDNA_DIR_RX].slots - 1);

	return &qp->comp[slot / per_page][slot % per_page];
}

/* A fragment has no transport header that could be trusted. */
static u16 rx_protocol(const struct sk_buff *skb)
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
static void rx_describe(struct softnic_qp *qp, struct sk_buff *skb,
			struct cdna_rx_completion *comp)
{
	u32 offloads = qp->ring[CDNA_DIR_RX].offloads;
	u16 flags = CDNA_RX_FIRST | rx_protocol(skb);
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
static void rx_complete(struct softnic_qp *qp, struct sk_buff *skb,
			const struct rx_plan *plan)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct cdna_rx_completion comp;
	u32 i;

	for (i = 0; i < plan->buffers; i++) {
		comp = (struct cdna_rx_completion) {};
		if (!i)
			rx_describe(qp, skb, &comp);
		if (i == plan->buffers - 1)
			comp.flags |= cpu_to_le16(CDNA_RX_LAST);
		comp.index = cpu_to_le32(ring->cons + i);
		comp.len = cpu_to_le16(plan->vec[i].bv_len);
		*rx_comp(qp, qp->comp_prod + i) = comp;
	}
	ring->cons += plan->buffers;
	qp->comp_prod += plan->buffers;
}

static void rx_account(struct softnic_qp *qp, const struct sk_buff *skb,
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

/* Return: SOFTNIC_PASS or why the guest does not get it */
static u32 rx_put(struct softnic_qp *qp, struct sk_buff *skb)
{
	const struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	struct rx_plan plan;
	struct iov_iter to;

	lockdep_assert_held(&qp->lock);

	if (!softnic_queue_serves(ring))
		return CDNA_DROP_RX_NO_QUEUE;
	/* The guest may have made it again since softnic_rx_merged_ok(). */
	if (skb_is_gso(skb) && !(ring->offloads & CDNA_OFFLOAD_LRO))
		return CDNA_DROP_RX_NO_QUEUE;
	if (!rx_plan(qp, skb->len, &plan)) {
		softnic_status_missed(qp);
		return CDNA_DROP_RX_NO_BUFFER;
	}
	iov_iter_bvec(&to, ITER_DEST, plan.vec, plan.buffers, skb->len);
	if (skb_copy_datagram_iter(skb, 0, &to, skb->len))
		return CDNA_DROP_RX_NO_BUFFER;
	rx_complete(qp, skb, &plan);
	rx_account(qp, skb, plan.buffers);
	softnic_status_publish(qp, 1);
	return SOFTNIC_PASS;
}

static bool rx_storm(struct softnic_ctx *ctx, const u8 *dst)
{
	struct fw_bucket *bucket = is_broadcast_ether_addr(dst) ?
				   &ctx->broadcast : &ctx->multicast;
	bool allowed;

	if (!is_multicast_ether_addr(dst))
		return false;
	spin_lock(&ctx->bucket_lock);
	allowed = fw_bucket_take_frame(bucket, ktime_get_ns());
	spin_unlock(&ctx->bucket_lock);
	return !allowed;
}

/* The tag is apart from the frame, in it, or nowhere. Return: NULL without memory */
static struct sk_buff *rx_tag(struct sk_buff *skb, bool access, bool apart)
{
	if (!skb_vlan_tag_present(skb))
		return skb;
	if (access)
		__vlan_hwaccel_clear_tag(skb);
	else if (!apart || skb->vlan_proto != htons(ETH_P_8021Q))
		skb = __vlan_hwaccel_push_inside(skb);
	return skb;
}

/* Some who read the guest's frames do not know of sums that are still to be made. */
static bool rx_sum(struct sk_buff *skb)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL || skb_is_gso(skb))
		return true;
	if (skb_checksum_help(skb))
		return false;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}

static bool rx_wanted(struct softnic_ctx *ctx, const struct sk_buff *skb,
		      bool *access)
{
	const struct softnic_rules *rules;
	struct softnic_header header;
	bool wanted;

	rcu_read_lock();
	rules = rcu_dereference(ctx->rules);
	wanted = rules && softnic_frame_look(skb, &header) &&
		 softnic_rules_takes(rules, &header);
	*access = rules && rules->access_vlan;
	rcu_read_unlock();
	return wanted;
}

/* Put a tag that is in the frame beside it. Return: NULL without memory */
static struct sk_buff *rx_untag(struct sk_buff *skb)
{
	u16 tci;

	if (skb_vlan_tag_present(skb) ||
	    get_unaligned_be16(skb->data + 2 * ETH_ALEN) != ETH_P_8021Q)
		return skb;
	skb_reset_mac_header(skb);
	if (__skb_vlan_pop(skb, &tci)) {
		kfree_skb(skb);
		return NULL;
	}
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
	return skb;
}

/* An XDP program of the host transmits without asking port_features(). */
static bool rx_whole(struct softnic_ctx *ctx, const struct sk_buff *skb)
{
	return !skb_is_gso(skb) || (softnic_rx_merged_ok(ctx, skb) &&
				    skb_tcp_all_headers(skb) < skb->len);
}

/* Return: SOFTNIC_PASS, or why not */
static u32 rx_to_queue(struct softnic_ctx *ctx, struct sk_buff *skb,
		       bool access)
{
	struct softnic_qp *qp = rx_pick(ctx, skb);
	u32 drop;

	if (!qp || !rx_whole(ctx, skb))
		drop = CDNA_DROP_RX_NO_QUEUE;
	else if (rx_storm(ctx, skb->data))
		drop = CDNA_DROP_RX_STORM;
	else
		drop = SOFTNIC_PASS;
	if (drop == SOFTNIC_PASS)
		skb = rx_tag(skb, access, qp->ring[CDNA_DIR_RX].offloads &
					  CDNA_OFFLOAD_RX_VLAN);
	if (!skb)
		return CDNA_DROP_RX_NO_BUFFER;
	if (drop == SOFTNIC_PASS && !rx_sum(skb))
		drop = CDNA_DROP_RX_NO_BUFFER;
	if (drop == SOFTNIC_PASS) {
		spin_lock(&qp->lock);
		drop = rx_put(qp, skb);
		spin_unlock(&qp->lock);
	}
	if (drop == SOFTNIC_PASS)
		consume_skb(skb);
	else
		kfree_skb(skb);
	return drop;
}

/**
 * softnic_rx_deliver - the host transmits a frame to the guest
 * @ctx: the context
 * @skb: the frame, which is gone afterwards
 *
 * Context: bottom halves disabled.
 */
void softnic_rx_deliver(struct softnic_ctx *ctx, struct sk_buff *skb)
{
	struct net_device *port = skb->dev;
	u32 len = skb->len;
	u32 drop;
	bool access;

	if (len < ETH_HLEN || !pskb_may_pull(skb, ETH_HLEN)) {
		kfree_skb(skb);
		return;
	}
	if (!rx_wanted(ctx, skb, &access)) {
		consume_skb(skb);
		return;
	}
	skb = rx_untag(skb);
	if (!skb)
		return;
	drop = rx_to_queue(ctx, skb, access);
	if (drop == SOFTNIC_PASS) {
		dev_sw_netstats_tx_add(port, 1, len);
	} else {
		dev_core_stats_tx_dropped_inc(port);
		softnic_drop(ctx, drop);
	}
}

/**
 * softnic_rx_merged_ok - can the guest take a frame of several segments?
 * @ctx: the context
 * @skb: the frame
 *
 * Its driver refuses what a NIC would not have merged: options, extension headers.
 *
 * Return: whether all its queues can, and the headers are plain.
 */
bool softnic_rx_merged_ok(struct softnic_ctx *ctx, const struct sk_buff *skb)
{
	int at = skb_network_offset(skb);

	if (READ_ONCE(ctx->rx_running) & ~READ_ONCE(ctx->lro))
		return false;
	if (skb->encapsulation || !skb_is_gso_tcp(skb) ||
	    skb->len > CDNA_MAX_FRAME_BYTES)
		return false;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6)
		return skb->protocol == htons(ETH_P_IPV6) &&
		       skb_transport_offset(skb) ==
		       at + (int)sizeof(struct ipv6hdr);
	return skb->protocol == htons(ETH_P_IP) &&
	       skb_transport_offset(skb) == at + (int)sizeof(struct iphdr);
}

/**
 * softnic_rx_posted - buffers were posted
 * @qp: queue pair
 * @prod: free-running index one past the last of them
 *
 * Context: process, a trap of the guest.
 */
void softnic_rx_posted(struct softnic_qp *qp, u32 prod)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_RX];
	bool too_far = false;

	softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES, 1);
	spin_lock_bh(&qp->lock);
	if (ring->state != CDNA_QUEUE_RUNNING)
		softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES_IGNORED, 1);
	else if (prod - ring->cons > ring->slots)
		too_far = true;
	else
		ring->prod = prod;
	spin_unlock_bh(&qp->lock);
	if (too_far)
		softnic_queue_fault(qp, CDNA_DIR_RX, CDNA_FAULT_TOO_FAR,
				    ring->cons + ring->slots);
}
