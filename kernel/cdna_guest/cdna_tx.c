// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit: frames into the shadow ring, and back when the NIC has used them.
 */
#include <linux/dma-mapping.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/netdev_queues.h>

#include "cdna_enqueue.h"
#include "cdna_qp.h"

/* Both formats begin alike; the rest of the larger one is for offloads. */
static_assert(offsetof(struct cdna_desc_compact, flags) ==
	      offsetof(struct cdna_desc_offload, flags));
static_assert(offsetof(struct cdna_desc_compact, len) ==
	      offsetof(struct cdna_desc_offload, len));

static u32 tx_room(const struct cdna_tx_ring *tx)
{
	/* Pairs with tx_set_cons(): slots before it are empty. */
	u32 cons = smp_load_acquire(&tx->cons);

	return tx->slots - (READ_ONCE(tx->prod) - cons);
}

static void tx_set_cons(struct cdna_tx_ring *tx, u32 cons)
{
	/* Pairs with tx_room() */
	smp_store_release(&tx->cons, cons);
}

static u32 tx_tail(const struct cdna_tx_ring *tx)
{
	/* Pairs with cdna_enqueue_tx(): slots before it are written. */
	return smp_load_acquire(&tx->tail);
}

/* Room for any frame, and for two */
static u32 tx_stop_at(const struct cdna_qp *qp)
{
	return qp->dev->caps.max_chain;
}

static u32 tx_wake_at(const struct cdna_qp *qp)
{
	return 2 * qp->dev->caps.max_chain;
}

static struct cdna_tx_buf *tx_buf(const struct cdna_tx_ring *tx, u32 index)
{
	return &tx->buf[index & (tx->slots - 1)];
}

static struct cdna_desc_compact *tx_desc(const struct cdna_tx_ring *tx,
					 u32 index)
{
	return tx->desc + (index & (tx->slots - 1)) * tx->desc_size;
}

/* Descriptors that a piece of memory takes: none crosses a page. */
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

/**
 * cdna_tx_features_check - can the NIC do with a frame what it should?
 * @skb: the frame
 * @netdev: the interface
 * @features: what is wanted
 *
 * Return: what it can do: no segmentation of a frame of too many pieces
 */
netdev_features_t cdna_tx_features_check(struct sk_buff *skb,
					 struct net_device *netdev,
					 netdev_features_t features)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	if (skb_is_gso(skb) && (tx_descs(skb) > dev->caps.max_chain ||
				skb->len > CDNA_MAX_FRAME_BYTES))
		features &= ~NETIF_F_GSO_MASK;
	return vlan_features_check(skb, features);
}

static void tx_unmap(struct cdna_qp *qp, struct cdna_tx_buf *buf)
{
	struct device *dev = &qp->dev->pdev->dev;

	if (buf->len && buf->page)
		dma_unmap_page(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	else if (buf->len)
		dma_unmap_single(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	buf->len = 0;
}

/* Describe a mapping, whose bytes it is given back with. Return: one past the
 * last descriptor
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
		*tx_buf(tx, index) = (struct cdna_tx_buf) {};
	}
	*tx_buf(tx, index - 1) = *mapping;
	return index;
}

/* A mapping from @index on, which moves on. A bounce buffer may lie otherwise
 * in its pages than we counted, so the chain is bounded anew. Return: false if
 * the memory could not be mapped, or takes more than up to @limit
 */
static bool tx_add(struct cdna_qp *qp, u32 *index, u32 limit,
		   struct cdna_tx_buf mapping)
{
	if (dma_mapping_error(&qp->dev->pdev->dev, mapping.dma))
		return false;
	if (tx_pages(mapping.dma % CDNA_PAGE_SIZE, mapping.len) >
	    limit - *index) {
		tx_unmap(qp, &mapping);
		return false;
	}
	*index = tx_describe(&qp->tx, *index, &mapping);
	return true;
}

static bool tx_add_linear(struct cdna_qp *qp, const struct sk_buff *skb,
			  u32 *index, u32 limit)
{
	struct cdna_tx_buf mapping = { .len = skb_headlen(skb) };

	mapping.dma = dma_map_single(&qp->dev->pdev->dev, skb->data,
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
	mapping.dma = skb_frag_dma_map(&qp->dev->pdev->dev, frag, 0,
				       mapping.len, DMA_TO_DEVICE);
	return tx_add(qp, index, limit, mapping);
}

/* Map a frame and write its chain, still without flags, up to @end. Return:
 * false if it could not be done, then nothing is mapped
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
		tx_unmap(qp, tx_buf(tx, --*end));
	return ok;
}

/* Offloads of a frame, into its first descriptor. Return: flags */
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
	tx_buf(tx, end - 1)->skb = skb;
	tx_count(qp, skb, flags);
	skb_tx_timestamp(skb);
	WRITE_ONCE(tx->prod, end);
	return true;
}

static bool tx_len_ok(const struct sk_buff *skb)
{
	return skb->len >= ETH_HLEN && skb->len <= CDNA_MAX_FRAME_BYTES;
}

static void tx_drop(struct cdna_qp *qp, struct sk_buff *skb,
		    enum cdna_count why)
{
	cdna_qp_count(qp, CDNA_BY_XMIT, why);
	dev_kfree_skb_any(skb);
	/* Nobody else ends the batch. */
	if (!netdev_xmit_more() && qp->tx.prod != qp->tx.tail)
		cdna_enqueue_tx(qp, qp->tx.prod);
}

/**
 * cdna_tx_xmit - ndo_start_xmit
 * @skb: the frame
 * @netdev: the interface
 *
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if there was no room, which stopping
 * the queue in time prevents
 */
netdev_tx_t cdna_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	struct cdna_qp *qp = &dev->qp[skb_get_queue_mapping(skb)];
	struct netdev_queue *txq = skb_get_tx_queue(netdev, skb);
	struct cdna_tx_ring *tx = &qp->tx;
	u32 bytes = skb->len;

	if (unlikely(!netif_txq_maybe_stop(txq, tx_room(tx), tx_stop_at(qp),
					   tx_stop_at(qp))))
		return NETDEV_TX_BUSY;
	if (unlikely(!tx_len_ok(skb))) {
		tx_drop(qp, skb, CDNA_COUNT_TX_DROP_LENGTH);
		return NETDEV_TX_OK;
	}
	if (unlikely(!tx_post(qp, skb))) {
		tx_drop(qp, skb, CDNA_COUNT_TX_DROP_MAP);
		return NETDEV_TX_OK;
	}
	if (!netif_txq_maybe_stop(txq, tx_room(tx), tx_stop_at(qp),
				  tx_wake_at(qp)))
		cdna_qp_count(qp, CDNA_BY_XMIT, CDNA_COUNT_TX_STOPS);
	/* Ends the batch too if the queue has just been stopped. */
	if (__netdev_tx_sent_queue(txq, bytes, netdev_xmit_more()))
		cdna_enqueue_tx(qp, tx->prod);
	return NETDEV_TX_OK;
}

/**
 * cdna_tx_clean - give back what the NIC has used
 * @qp: queue pair, which is being polled
 * @budget: of the poll, 0 when it is netpoll's
 *
 * The consumer index must lie between what was given back and what the host
 * may take.
 */
void cdna_tx_clean(struct cdna_qp *qp, int budget)
{
	struct netdev_queue *txq = netdev_get_tx_queue(qp->dev->netdev, qp->id);
	struct cdna_tx_ring *tx = &qp->tx;
	u32 end = cdna_qp_status(qp, tx_cons);
	u32 frames = 0, bytes = 0;
	struct cdna_tx_buf *buf;
	u32 cons = tx->cons;

	if (qp->broken || end == cons)
		return;
	if (end - cons > tx_tail(tx) - cons) {
		cdna_qp_nonsense(qp, CDNA_COUNT_TX_NONSENSE);
		return;
	}
	for (; cons != end; cons++) {
		buf = tx_buf(tx, cons);
		tx_unmap(qp, buf);
		if (!buf->skb)
			continue;
		frames++;
		bytes += buf->skb->len;
		napi_consume_skb(buf->skb, budget);
		buf->skb = NULL;
	}
	tx_set_cons(tx, cons);
	if (!netif_txq_completed_wake(txq, frames, bytes, tx_room(tx),
				      tx_wake_at(qp)))
		cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_TX_WAKES);
}

/**
 * cdna_tx_alloc - memory of the ring
 * @qp: queue pair
 *
 * Return: 0, or -ENOMEM; what was allocated is for cdna_tx_free()
 */
int cdna_tx_alloc(struct cdna_qp *qp)
{
	bool offload = qp->dev->caps.tx_format == CDNA_FORMAT_OFFLOAD;
	struct cdna_tx_ring *tx = &qp->tx;

	tx->slots = qp->dev->tx_slots;
	tx->desc_size = offload ? sizeof(struct cdna_desc_offload) :
				  sizeof(struct cdna_desc_compact);
	tx->prod = 0;
	tx->cons = 0;
	tx->buf = kvcalloc(tx->slots, sizeof(*tx->buf), GFP_KERNEL);
	tx->desc = dma_alloc_coherent(&qp->dev->pdev->dev,
				      tx->slots * tx->desc_size, &tx->desc_dma,
				      GFP_KERNEL);
	return tx->buf && tx->desc ? 0 : -ENOMEM;
}

/**
 * cdna_tx_start - make the queue
 * @qp: queue pair
 *
 * Return: 0, or -errno of cdna_hw_queue_create()
 */
int cdna_tx_start(struct cdna_qp *qp)
{
	struct cdna_dev *dev = qp->dev;
	const struct cdna_hw_queue queue = {
		.queue = CDNA_VQUEUE(qp->id, CDNA_DIR_TX),
		.format = dev->caps.tx_format,
		.slots = qp->tx.slots,
		.offloads = cdna_netdev_offloads(dev, CDNA_DIR_TX),
		.ring = qp->tx.desc_dma,
	};

	return cdna_hw_queue_create(dev, &queue);
}

/* What was never sent, or whose consumption was not told */
static void tx_drop_posted(struct cdna_qp *qp)
{
	struct cdna_tx_ring *tx = &qp->tx;
	struct cdna_tx_buf *buf;

	for (; tx->cons != tx->prod; tx->cons++) {
		buf = tx_buf(tx, tx->cons);
		tx_unmap(qp, buf);
		dev_kfree_skb_any(buf->skb);
		buf->skb = NULL;
	}
	netdev_tx_reset_queue(netdev_get_tx_queue(qp->dev->netdev, qp->id));
}

/**
 * cdna_tx_free - give back frames and memory
 * @qp: queue pair; no DMA is left. Whether all was allocated does not matter
 */
void cdna_tx_free(struct cdna_qp *qp)
{
	struct cdna_tx_ring *tx = &qp->tx;

	tx_drop_posted(qp);
	if (tx->desc)
		dma_free_coherent(&qp->dev->pdev->dev,
				  tx->slots * tx->desc_size, tx->desc,
				  tx->desc_dma);
	tx->desc = NULL;
	kvfree(tx->buf);
	tx->buf = NULL;
}
