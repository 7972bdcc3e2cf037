// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit: frames into the shadow ring.
 */
#include <linux/dma-mapping.h>
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <net/netdev_queues.h>

#include "cdna_enqueue.h"
#include "cdna_reclaim.h"
#include "cdna_tx.h"
#include "cdna_tx_ring.h"

/* Both formats begin with the same fields; the larger one adds offloads. */
static_assert(offsetof(struct cdna_desc_compact, flags) ==
	      offsetof(struct cdna_desc_offload, flags));
static_assert(offsetof(struct cdna_desc_compact, len) ==
	      offsetof(struct cdna_desc_offload, len));

static struct cdna_desc_compact *tx_desc(const struct cdna_tx_ring *tx,
					 u32 index)
{
	return tx->desc + (index & (tx->slots - 1)) * tx->desc_size;
}

/* The number of descriptors of a piece of memory: none crosses a page. */
static u32 tx_pages(u32 offset, u32 len)
{
	return DIV_ROUND_UP(offset % CDNA_PAGE_SIZE + len, CDNA_PAGE_SIZE);
}

static u32 tx_descs(const struct sk_buff *skb)
{
	u32 descs = tx_pages(offset_in_page(skb->data), skb_headlen(skb));
	const skb_frag_t *frag;
	u32 i;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		frag = &skb_shinfo(skb)->frags[i];
		descs += tx_pages(skb_frag_off(frag), skb_frag_size(frag));
	}
	return descs;
}

/* The NIC expects TCP directly behind the IP header, without IPv6 extensions,
 * and supports tags of 802.1Q only.
 */
static bool tx_can_segment(const struct cdna_dev *dev,
			   const struct sk_buff *skb)
{
	__be16 tag = skb_vlan_tag_present(skb) ? skb->vlan_proto :
						 skb->protocol;

	if (tx_descs(skb) > dev->caps.max_chain ||
	    skb->len > CDNA_MAX_FRAME_BYTES || tag == htons(ETH_P_8021AD))
		return false;
	return !(skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6) ||
	       skb_network_header_len(skb) == sizeof(struct ipv6hdr);
}

/**
 * cdna_tx_features_check - ndo_features_check
 * @skb: the frame
 * @netdev: the interface
 * @features: requested
 *
 * The NIC does not segment a frame of too many fragments, or one with headers
 * that it does not support.
 *
 * Context: Bottom halves disabled.
 * Return: the supported ones of @features
 */
netdev_features_t cdna_tx_features_check(struct sk_buff *skb,
					 struct net_device *netdev,
					 netdev_features_t features)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	if (skb_is_gso(skb) && !tx_can_segment(dev, skb))
		features &= ~NETIF_F_GSO_MASK;
	return vlan_features_check(skb, features);
}

/* Write the descriptors of a mapping; the last slot holds what to unmap.
 * Return: one past the last descriptor
 */
static u32 tx_describe(struct cdna_tx_ring *tx, u32 index,
		       const struct cdna_tx_buf *mapping)
{
	struct cdna_desc_compact *desc;
	dma_addr_t at = mapping->dma;
	u32 left = mapping->len;
	u32 len;

	for (; left; left -= len, at += len, index++) {
		len = min_t(u32, left, CDNA_PAGE_SIZE - at % CDNA_PAGE_SIZE);
		desc = tx_desc(tx, index);
		memset(desc, 0, tx->desc_size);
		desc->addr = cpu_to_le64(at);
		desc->len = cpu_to_le16(len);
		*cdna_tx_ring_buf(tx, index) = (struct cdna_tx_buf) {};
	}
	*cdna_tx_ring_buf(tx, index - 1) = *mapping;
	return index;
}

/* Add a mapping at @index, which advances. The DMA layer may place memory at
 * other offsets within pages than we counted, so the chain is bounded again.
 * Return: false if the memory could not be mapped, or needs descriptors beyond
 * @limit
 */
static bool tx_add(struct cdna_qp *qp, u32 *index, u32 limit,
		   struct cdna_tx_buf mapping)
{
	if (dma_mapping_error(qp->dev->device, mapping.dma))
		return false;
	if (tx_pages(mapping.dma % CDNA_PAGE_SIZE, mapping.len) >
	    limit - *index) {
		cdna_reclaim_unmap(qp, &mapping);
		return false;
	}
	*index = tx_describe(&qp->tx, *index, &mapping);
	return true;
}

static bool tx_add_linear(struct cdna_qp *qp, const struct sk_buff *skb,
			  u32 *index, u32 limit)
{
	struct cdna_tx_buf mapping = { .len = skb_headlen(skb) };

	mapping.dma = dma_map_single(qp->dev->device, skb->data,
				     mapping.len, DMA_TO_DEVICE);
	return tx_add(qp, index, limit, mapping);
}

static bool tx_add_frag(struct cdna_qp *qp, const skb_frag_t *frag, u32 *index,
			u32 limit)
{
	struct cdna_tx_buf mapping = {
		.len = skb_frag_size(frag),
		.page = true,
	};

	if (!mapping.len)
		return true;
	mapping.dma = skb_frag_dma_map(qp->dev->device, frag, 0,
				       mapping.len, DMA_TO_DEVICE);
	return tx_add(qp, index, limit, mapping);
}

/* Map a frame and write its chain, still without flags, up to @end. Return:
 * false on failure; then nothing is mapped
 */
static bool tx_map(struct cdna_qp *qp, const struct sk_buff *skb, u32 *end)
{
	struct cdna_tx_ring *tx = &qp->tx;
	u32 limit = tx->prod + qp->dev->caps.max_chain;
	bool ok;
	u32 i;

	*end = tx->prod;
	ok = tx_add_linear(qp, skb, end, limit);
	for (i = 0; i < skb_shinfo(skb)->nr_frags && ok; i++)
		ok = tx_add_frag(qp, &skb_shinfo(skb)->frags[i], end, limit);
	while (!ok && *end != tx->prod)
		cdna_reclaim_unmap(qp, cdna_tx_ring_buf(tx, --*end));
	return ok;
}

/* Write the offloads of a frame into its first descriptor. Return: its flags */
static u16 tx_offload(struct cdna_qp *qp, const struct sk_buff *skb)
{
	struct cdna_desc_offload *desc = (void *)tx_desc(&qp->tx, qp->tx.prod);
	u16 flags = 0;

	if (qp->dev->caps.tx_format != CDNA_FORMAT_OFFLOAD)
		return 0;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		desc->csum_start = cpu_to_le16(skb_checksum_start_offset(skb));
		desc->csum_offset = cpu_to_le16(skb->csum_offset);
		flags |= CDNA_DESC_CSUM;
	}
	if (skb_is_gso(skb)) {
		desc->mss = cpu_to_le16(skb_shinfo(skb)->gso_size);
		flags |= CDNA_DESC_TSO;
	}
	if (skb_vlan_tag_present(skb)) {
		desc->vlan_tci = cpu_to_le16(skb_vlan_tag_get(skb));
		flags |= CDNA_DESC_VLAN;
	}
	return flags;
}

static void tx_count(struct cdna_qp *qp, const struct sk_buff *skb, u16 flags)
{
	u32 segs = skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1;
	struct cdna_counters *counters = &qp->counters[CDNA_BY_XMIT];
	u64_stats_t *value = counters->value;

	u64_stats_update_begin(&counters->syncp);
	u64_stats_add(&value[CDNA_COUNT_TX_PACKETS], segs);
	u64_stats_add(&value[CDNA_COUNT_TX_BYTES], skb->len);
	if (flags & CDNA_DESC_CSUM)
		u64_stats_inc(&value[CDNA_COUNT_TX_CSUM]);
	if (flags & CDNA_DESC_VLAN)
		u64_stats_inc(&value[CDNA_COUNT_TX_VLAN]);
	if (flags & CDNA_DESC_TSO) {
		u64_stats_inc(&value[CDNA_COUNT_TX_GSO]);
		u64_stats_add(&value[CDNA_COUNT_TX_GSO_SEGS], segs);
	}
	u64_stats_update_end(&counters->syncp);
}

/* Write a frame into the ring. Return: false if it was dropped */
static bool tx_post(struct cdna_qp *qp, struct sk_buff *skb)
{
	struct cdna_tx_ring *tx = &qp->tx;
	struct cdna_desc_compact *desc;
	u16 flags;
	u32 end;

	if (tx_descs(skb) > qp->dev->caps.max_chain) {
		cdna_qp_count(qp, CDNA_BY_XMIT, CDNA_COUNT_TX_LINEARIZED);
		if (skb_linearize(skb))
			return false;
	}
	if (!tx_map(qp, skb, &end))
		return false;
	flags = tx_offload(qp, skb);
	tx_desc(tx, tx->prod)->flags = cpu_to_le16(flags);
	desc = tx_desc(tx, end - 1);
	desc->flags |= cpu_to_le16(CDNA_DESC_EOP);
	cdna_tx_ring_buf(tx, end - 1)->skb = skb;
	tx_count(qp, skb, flags);
	skb_tx_timestamp(skb);
	WRITE_ONCE(tx->prod, end);
	return true;
}

static bool tx_len_ok(const struct sk_buff *skb)
{
	return skb_headlen(skb) >= ETH_HLEN &&
	       skb->len <= CDNA_MAX_FRAME_BYTES;
}

static void tx_drop(struct cdna_qp *qp, struct sk_buff *skb,
		    enum cdna_count why)
{
	cdna_qp_count(qp, CDNA_BY_XMIT, why);
	dev_kfree_skb_any(skb);
	/* The batch ends here, if it does. */
	if (!netdev_xmit_more() && qp->tx.prod != qp->tx.tail)
		cdna_enqueue_tx(qp, qp->tx.prod);
}

/**
 * cdna_tx_xmit - ndo_start_xmit
 * @skb: the frame
 * @netdev: the interface
 *
 * Context: Bottom halves disabled, under the lock of the transmit queue.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if there was no room, which stopping
 * the queue in time prevents
 */
netdev_tx_t cdna_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	struct cdna_qp *qp = &dev->qp[skb_get_queue_mapping(skb)];
	struct netdev_queue *txq = skb_get_tx_queue(netdev, skb);
	struct cdna_tx_ring *tx = &qp->tx;
	u32 stop_at = cdna_tx_ring_stop_at(qp);
	u32 bytes = skb->len;

	if (unlikely(!netif_txq_maybe_stop(txq, cdna_tx_ring_room(tx), stop_at,
					   stop_at)))
		return NETDEV_TX_BUSY;
	if (unlikely(!tx_len_ok(skb))) {
		tx_drop(qp, skb, CDNA_COUNT_TX_DROP_LENGTH);
		return NETDEV_TX_OK;
	}
	if (unlikely(!tx_post(qp, skb))) {
		tx_drop(qp, skb, CDNA_COUNT_TX_DROP_MAP);
		return NETDEV_TX_OK;
	}
	if (!netif_txq_maybe_stop(txq, cdna_tx_ring_room(tx), stop_at,
				  cdna_tx_ring_wake_at(qp)))
		cdna_qp_count(qp, CDNA_BY_XMIT, CDNA_COUNT_TX_STOPS);
	/* True as well if the queue has just been stopped. */
	if (__netdev_tx_sent_queue(txq, bytes, netdev_xmit_more()))
		cdna_enqueue_tx(qp, tx->prod);
	return NETDEV_TX_OK;
}
