// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmission: from a transmit ring to the host, in the trap of the guest that
 * posted the frames. A batch is made with bottom halves enabled, so that memory may be
 * waited for, and then received by the port together.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/tcp.h>

#include "softnic_frame.h"
#include "softnic_offload.h"
#include "softnic_queue.h"
#include "softnic_ring.h"
#include "softnic_tx.h"
#include "softnic_zc.h"

#define TX_BATCH_FRAMES		64
#define TX_BATCH_BYTES		(256 * 1024)
#define TX_BATCH_SEGMENTS	128	/* the host may have to make each */
#define TX_ZC_BYTES		8192	/* of a frame that is not copied */
#define TX_ZC_PIECES		24	/* at most: some have no fragment */

/* Without scatter/gather a frame is one descriptor. */
static u32 tx_max_chain(const struct softnic_ring *ring)
{
	if (!(ring->offloads & CDNA_OFFLOAD_SG))
		return 1;
	return softnic_ring_is_virtio(ring) ? CDNA_MAX_VIRTIO_CHAIN :
					      CDNA_MAX_CHAIN;
}

/* Find a whole frame. Return: false if there is none, or the queue was stopped */
static bool tx_find(struct softnic_qp *qp, struct softnic_chain *chain)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_TX];
	u32 ready = ring->prod - ring->cons;
	u32 max = tx_max_chain(ring);
	struct softnic_desc desc;
	u32 n;

	chain->len = 0;
	for (n = 0; n < max && n < ready; n++) {
		if (softnic_ring_peek(ring, n, &desc)) {
			softnic_queue_fault(qp, CDNA_DIR_TX,
					    CDNA_FAULT_SEQUENCE,
					    ring->cons + n);
			return false;
		}
		if (!n)
			chain->first = desc;
		chain->piece[n] = (struct softnic_piece) {
			.addr = desc.addr,
			.len = desc.len,
		};
		chain->len += desc.len;
		chain->descs = n + 1;
		if (desc.flags & CDNA_DESC_EOP)
			return true;
	}
	if (n == max)
		softnic_queue_fault(qp, CDNA_DIR_TX, CDNA_FAULT_CHAIN,
				    ring->cons + max - 1);
	return false;
}

/* The access VLAN's tag, on what has none or a priority only */
static void tx_access(struct sk_buff *skb, const struct softnic_rules *rules)
{
	u16 tci = rules->access_vlan;

	if (!tci)
		return;
	if (skb_vlan_tag_present(skb)) {
		tci |= skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
	} else if (get_unaligned_be16(skb->data + 2 * ETH_ALEN) ==
		   ETH_P_8021Q) {
		tci |= get_unaligned_be16(skb->data + ETH_HLEN) &
		       ~VLAN_VID_MASK;
		put_unaligned_be16(tci, skb->data + ETH_HLEN);
		return;
	}
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
}

static bool tx_storm(struct softnic_ctx *ctx)
{
	bool allowed;

	spin_lock_bh(&ctx->bucket_lock);
	allowed = fw_bucket_take_frame(&ctx->storm, ktime_get_ns());
	spin_unlock_bh(&ctx->bucket_lock);
	return !allowed;
}

/* Return: SOFTNIC_PASS or why the context may not send it */
static u32 tx_check(struct softnic_ctx *ctx, struct sk_buff *skb)
{
	const struct softnic_rules *rules;
	struct softnic_header header;
	u32 drop = CDNA_DROP_TX_RUNT;

	rcu_read_lock();
	rules = rcu_dereference(ctx->rules);
	if (rules && softnic_frame_look(skb, &header)) {
		drop = softnic_rules_send(rules, &header);
		if (drop == SOFTNIC_PASS)
			tx_access(skb, rules);
	}
	rcu_read_unlock();
	if (drop == SOFTNIC_PASS && is_multicast_ether_addr(skb->data) &&
	    tx_storm(ctx))
		drop = CDNA_DROP_TX_STORM;
	return drop;
}

/* Return: SOFTNIC_PASS or why it is not sent */
static u32 tx_prepare(struct softnic_qp *qp, struct sk_buff *skb,
		      const struct softnic_desc *first)
{
	struct net_device *port = qp->ctx->port;
	u32 drop;

	if (!netif_running(port))
		return CDNA_DROP_TX_WIRE;
	drop = softnic_offload_apply(skb, first,
				     qp->ring[CDNA_DIR_TX].offloads,
				     READ_ONCE(port->mtu));
	if (drop == SOFTNIC_PASS)
		drop = tx_check(qp->ctx, skb);
	return drop;
}

static u32 tx_segments(const struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return 1;
	return DIV_ROUND_UP(skb->len - skb_tcp_all_headers(skb),
			    skb_shinfo(skb)->gso_size);
}

static void tx_account(struct softnic_ctx *ctx, const struct sk_buff *skb,
		       u32 segments)
{
	softnic_count(ctx, CDNA_CSTAT_TX_FRAMES, segments);
	softnic_count(ctx, CDNA_CSTAT_TX_BYTES, skb->len);
	if (is_multicast_ether_addr(skb->data))
		softnic_count(ctx, CDNA_CSTAT_TX_MULTICAST, 1);
}

/* Shorter ones are copied at less cost. So is what is not going to be segments of TCP:
 * it may be kept where the guest's pages must not be, until fragments are complete, or
 * an address is found.
 */
static bool tx_in_place(struct softnic_qp *qp, const struct softnic_chain *chain)
{
	const struct softnic_desc *first = &chain->first;

	if (!(first->flags & CDNA_DESC_TSO) || chain->len < TX_ZC_BYTES ||
	    chain->len <= SOFTNIC_HEAD + first->mss ||
	    chain->descs > TX_ZC_PIECES)
		return false;
	if (softnic_zc_room(qp, chain->len))
		return true;
	softnic_count_own(qp->ctx, SOFTNIC_STAT_ZC_REFUSED, 1);
	return false;
}

/* Make a frame what its port has received. Return: NULL if it was dropped */
static struct sk_buff *tx_frame(struct softnic_qp *qp,
				const struct softnic_chain *chain,
				u32 *segments)
{
	struct net_device *port = qp->ctx->port;
	struct sk_buff *skb = NULL;
	bool in_place = tx_in_place(qp, chain);
	u32 drop = CDNA_DROP_TX_RUNT;

	if (chain->len > CDNA_MAX_FRAME_BYTES) {
		drop = CDNA_DROP_TX_OVERSIZE;
	} else if (chain->len >= ETH_HLEN) {
		skb = in_place ? softnic_frame_refer(chain) :
				 softnic_frame_copy(chain);
		drop = skb ? tx_prepare(qp, skb, &chain->first) :
			     CDNA_DROP_TX_WIRE;
	}
	if (drop != SOFTNIC_PASS) {
		softnic_drop(qp->ctx, drop);
		kfree_skb(skb);
		return NULL;
	}
	/* The room for it is there. */
	if (skb->len < ETH_ZLEN && skb_put_padto(skb, ETH_ZLEN))
		return NULL;
	if (in_place)
		softnic_zc_add(qp, skb);
	*segments = tx_segments(skb);
	tx_account(qp->ctx, skb, *segments);
	skb->protocol = eth_type_trans(skb, port);
	/* Not all guests' first queue pairs go to the same queue of a NIC. */
	skb_record_rx_queue(skb, (qp->ctx->id + qp->id) % CDNA_MAX_QPS);
	return skb;
}

/* A port that went down meanwhile receives nothing. */
static void tx_deliver(struct net_device *port, struct list_head *list)
{
	struct sk_buff *skb, *next;

	local_bh_disable();
	list_for_each_entry_safe(skb, next, list, list) {
		if (likely(netif_running(port))) {
			dev_sw_netstats_rx_add(port, skb->len + ETH_HLEN);
		} else {
			skb_list_del_init(skb);
			kfree_skb(skb);
		}
	}
	netif_receive_skb_list(list);
	local_bh_enable();
}

/* Return: descriptors that were used; 0: nothing is left, or the queue stopped */
static u32 tx_batch(struct softnic_qp *qp, u32 *frames)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_TX];
	struct softnic_chain chain;
	u32 bytes = 0, descs = 0, segments = 0, n;
	LIST_HEAD(list);
	struct sk_buff *skb;

	for (*frames = 0; *frames < TX_BATCH_FRAMES; (*frames)++) {
		if (bytes >= TX_BATCH_BYTES || segments >= TX_BATCH_SEGMENTS)
			break;
		if (!softnic_ring_serves(ring) || !tx_find(qp, &chain))
			break;
		n = 1;
		skb = tx_frame(qp, &chain, &n);
		segments += n;
		if (skb)
			list_add_tail(&skb->list, &list);
		bytes += chain.len;
		descs += chain.descs;
		/* Pairs with zc_publish(): pages have been read, or are known. */
		smp_store_release(&ring->cons, ring->cons + chain.descs);
	}
	tx_deliver(qp->ctx->port, &list);
	softnic_count_qp(qp, CDNA_QSTAT_TX_FRAMES, *frames);
	softnic_count_qp(qp, CDNA_QSTAT_TX_BYTES, bytes);
	softnic_count_qp(qp, CDNA_QSTAT_TX_DESCS, descs);
	return descs;
}

static void tx_run(struct softnic_qp *qp)
{
	u32 frames;

	lockdep_assert_held(&qp->tx_lock);

	while (tx_batch(qp, &frames)) {
		softnic_zc_settle(qp, frames);
		/* A process that is killed does not send the rest of its ring. */
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
}

/**
 * softnic_tx_posted - descriptors were posted
 * @qp: queue pair
 * @prod: free-running index one past the last of them
 *
 * Context: process, a trap of the guest.
 */
void softnic_tx_posted(struct softnic_qp *qp, u32 prod)
{
	struct softnic_ring *ring = &qp->ring[CDNA_DIR_TX];

	mutex_lock(&qp->tx_lock);
	softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES, 1);
	if (READ_ONCE(ring->state) != CDNA_QUEUE_RUNNING) {
		/* That of a ring which is paused is rung again. */
		softnic_count(qp->ctx, CDNA_CSTAT_MAILBOXES_IGNORED,
			      !READ_ONCE(ring->resumes));
	} else if (prod - ring->cons > ring->slots) {
		softnic_queue_fault(qp, CDNA_DIR_TX, CDNA_FAULT_TOO_FAR,
				    ring->cons + ring->slots);
	} else {
		ring->prod = prod;
		tx_run(qp);
	}
	mutex_unlock(&qp->tx_lock);
}

/**
 * softnic_tx_settle - publish what the host was done with while nothing was written
 * @qp: queue pair
 * @news: frames of it
 *
 * Context: process.
 */
void softnic_tx_settle(struct softnic_qp *qp, u32 news)
{
	mutex_lock(&qp->tx_lock);
	softnic_zc_settle(qp, news);
	mutex_unlock(&qp->tx_lock);
}

/**
 * softnic_tx_finish - send what is left of what was posted
 * @qp: queue pair
 *
 * Context: process.
 */
void softnic_tx_finish(struct softnic_qp *qp)
{
	mutex_lock(&qp->tx_lock);
	tx_run(qp);
	mutex_unlock(&qp->tx_lock);
}
