// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reception: from the host to a receive queue, where the host transmits on the port.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>

#include "base/parse.h"
#include "base/rss.h"
#include "softnic_backlog.h"
#include "softnic_frame.h"
#include "softnic_queue.h"
#include "softnic_ring.h"
#include "softnic_rx.h"
#include "softnic_rx_virtio.h"

/* One of the queues that run, by flow */
static u32 rx_spread(unsigned long running, struct sk_buff *skb)
{
	u32 pick, bit;

	if (is_power_of_2(running))
		return __ffs(running);
	pick = reciprocal_scale(skb_get_hash(skb), hweight_long(running));
	for_each_set_bit(bit, &running, CDNA_MAX_QPS)
		if (!pick--)
			break;
	return bit;
}

/* The one that the guest has chosen for a flow */
static u32 rx_scale(const struct fw_rss *rss, const struct sk_buff *skb)
{
	u8 buffer[SOFTNIC_HEAD];
	u32 len = min_t(u32, skb->len, sizeof(buffer));
	const u8 *head = skb_header_pointer(skb, 0, len, buffer);
	struct fw_packet pkt;

	if (!head)
		return rss->other;
	fw_parse(head, len, skb->len, &pkt);
	return fw_rss_pick(rss, head, &pkt);
}

/* Return: NULL if the queue that it is for does not run */
static struct softnic_qp *rx_pick(struct softnic_ctx *ctx, struct sk_buff *skb)
{
	unsigned long running = READ_ONCE(ctx->rx_running);
	const struct fw_rss *rss;
	u32 pick;

	if (!running)
		return NULL;
	rcu_read_lock();
	rss = rcu_dereference(ctx->rss);
	pick = rss ? rx_scale(rss, skb) : rx_spread(running, skb);
	rcu_read_unlock();
	return running & BIT(pick) ? &ctx->qp[pick] : NULL;
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

/* Some who read the guest's frames do not know of sums that are still to be made. A virtio
 * driver may take them, as it does from others. Return: false without memory
 */
static bool rx_sum(const struct softnic_ring *ring, struct sk_buff *skb)
{
	if (skb_is_gso(skb))
		return !softnic_ring_is_virtio(ring) ||
		       softnic_rx_virtio_partial(skb);
	if (skb->ip_summed != CHECKSUM_PARTIAL || softnic_ring_sums(ring))
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
	if (drop == SOFTNIC_PASS && !rx_sum(&qp->ring[CDNA_DIR_RX], skb))
		drop = CDNA_DROP_RX_NO_BUFFER;
	if (drop == SOFTNIC_PASS)
		drop = softnic_backlog_put(qp, &skb);
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
	bool too_far = false, more = false;

	softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES, 1);
	spin_lock_bh(&qp->lock);
	/* That of a ring which is paused is rung again. */
	if (ring->state != CDNA_QUEUE_RUNNING)
		softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES_IGNORED,
			      !ring->resumes);
	else if (prod - ring->cons > ring->slots)
		too_far = true;
	else
		more = prod != ring->prod;
	if (more) {
		ring->prod = prod;
		/* A guest that has come to post fewer is soon known by that. */
		ring->most = max(prod - ring->cons,
				 ring->most - DIV_ROUND_UP(ring->most, 16));
	}
	spin_unlock_bh(&qp->lock);
	if (more)
		softnic_backlog_drain(qp, true);
	if (too_far)
		softnic_queue_fault(qp, CDNA_DIR_RX, CDNA_FAULT_TOO_FAR,
				    ring->cons + ring->slots);
}
