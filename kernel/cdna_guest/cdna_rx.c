// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: from completions to frames. Whatever the device wrote is read once
 * and bounded; after the first invalid value, the queue pair is ignored until
 * it is restarted.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/page_pool/helpers.h>

#include "cdna_lro.h"
#include "cdna_rx.h"

/* A frame that stays in its buffer is charged a page to the socket that it waits
 * in. One whose copy costs half of that or less is copied, and its buffer is
 * reused: otherwise, a burst of a few dozen short frames fills a socket.
 */
#define RX_COPY \
	(SKB_WITH_OVERHEAD(CDNA_PAGE_SIZE / 2) - NET_SKB_PAD - NET_IP_ALIGN - \
	 SKB_DATA_ALIGN(sizeof(struct sk_buff)))

/* The headers of longer frames are copied, up to this length. */
#define RX_HEAD				256

/* A frame takes no more buffers than an skb has room for. */
#define RX_MAX_BUFFERS			MAX_SKB_FRAGS

static_assert(MAX_SKB_FRAGS * CDNA_PAGE_SIZE >= CDNA_MAX_FRAME_BYTES);

/**
 * struct rx_frame - a frame that is being received
 * @len: bytes in each buffer
 * @buffers: number of buffers
 * @bytes: in all of them
 * @flags: CDNA_RX_* of the first completion, as are the following fields
 * @vlan_tci: tag
 * @segs: wire frames merged
 * @mss: largest payload of these frames
 * @hdr_len: bytes of headers
 * @hash: of its flow
 */
struct rx_frame {
	u16 len[RX_MAX_BUFFERS];
	u32 buffers;
	u32 bytes;
	u16 flags;
	u16 vlan_tci;
	u16 segs;
	u16 mss;
	u16 hdr_len;
	u32 hash;
};

static struct page *rx_page(const struct cdna_rx_ring *rx, u32 index)
{
	return rx->page[index & (rx->slots - 1)];
}

/* Copy a completion once: what the device writes later has no effect. */
static void rx_completion(const struct cdna_rx_ring *rx, u32 index,
			  struct cdna_rx_completion *comp)
{
	*comp = rx->comp[index & (rx->slots - 1)];
	barrier();
}

static void rx_describe(struct rx_frame *frame,
			const struct cdna_rx_completion *comp)
{
	frame->flags = le16_to_cpu(comp->flags);
	frame->vlan_tci = le16_to_cpu(comp->vlan_tci);
	frame->segs = le16_to_cpu(comp->segs);
	frame->mss = le16_to_cpu(comp->mss);
	frame->hdr_len = le16_to_cpu(comp->hdr_len);
	frame->hash = le32_to_cpu(comp->hash);
}

/* Gather the completions of the next frame. Return: false if one is invalid */
static bool rx_gather(const struct cdna_rx_ring *rx, u32 ready,
		      struct rx_frame *frame)
{
	struct cdna_rx_completion comp;
	u32 n, len, due = 0;
	u16 flags;

	ready = min_t(u32, ready, RX_MAX_BUFFERS);
	frame->bytes = 0;
	for (n = 0; n < ready; n++) {
		rx_completion(rx, rx->cons + n, &comp);
		flags = le16_to_cpu(comp.flags);
		len = le16_to_cpu(comp.len);
		if (le32_to_cpu(comp.index) != rx->cons + n || !len ||
		    len > CDNA_PAGE_SIZE || !(flags & CDNA_RX_FIRST) != !!n)
			return false;
		if (!n) {
			/* The stack takes the Ethernet header off the first. */
			if (len < ETH_HLEN)
				return false;
			rx_describe(frame, &comp);
			due = le32_to_cpu(comp.frame_len);
		}
		frame->len[n] = len;
		frame->bytes += len;
		if (!(flags & CDNA_RX_LAST))
			continue;
		frame->buffers = n + 1;
		return frame->bytes == due && due >= ETH_HLEN &&
		       due <= CDNA_MAX_FRAME_BYTES;
	}
	return false;
}

/* The frame is short and in one buffer. */
static struct sk_buff *rx_copy(struct cdna_qp *qp, u32 len)
{
	struct page *page = rx_page(&qp->rx, qp->rx.cons);
	struct sk_buff *skb = napi_alloc_skb(&qp->napi, len);

	if (skb) {
		skb_put_data(skb, page_address(page), len);
		cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_RX_COPIED);
	}
	page_pool_put_page(qp->rx.pool, page, len, true);
	return skb;
}

/* Copy the headers; the rest stays in its pages. */
static struct sk_buff *rx_head(struct cdna_qp *qp, u32 len)
{
	struct page *page = rx_page(&qp->rx, qp->rx.cons);
	void *data = page_address(page);
	struct sk_buff *skb;
	u32 head;

	skb = napi_alloc_skb(&qp->napi, RX_HEAD);
	if (!skb) {
		page_pool_put_page(qp->rx.pool, page, len, true);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	head = min_t(u32, len, RX_HEAD);
	head = eth_get_headlen(qp->dev->netdev, data, head);
	skb_put_data(skb, data, head);
	if (len > head)
		skb_add_rx_frag(skb, 0, page, head, len - head, PAGE_SIZE);
	else
		page_pool_put_page(qp->rx.pool, page, len, true);
	return skb;
}

/* Add the buffers after the first; without an skb, release them. */
static void rx_add_rest(struct cdna_qp *qp, const struct rx_frame *frame,
			struct sk_buff *skb)
{
	struct cdna_rx_ring *rx = &qp->rx;
	struct page *page;
	u32 i;

	for (i = 1; i < frame->buffers; i++) {
		page = rx_page(rx, rx->cons + i);
		if (skb)
			skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0,
					frame->len[i], PAGE_SIZE);
		else
			page_pool_put_page(rx->pool, page, frame->len[i], true);
	}
}

/* Remove the buffers of a frame from the ring. Return: the frame, or NULL if
 * there was no memory for it
 */
static struct sk_buff *rx_take(struct cdna_qp *qp, const struct rx_frame *frame)
{
	struct cdna_rx_ring *rx = &qp->rx;
	struct sk_buff *skb;
	u32 i;

	for (i = 0; i < frame->buffers; i++)
		page_pool_dma_sync_for_cpu(rx->pool, rx_page(rx, rx->cons + i),
					   0, frame->len[i]);
	if (frame->bytes <= RX_COPY && frame->buffers == 1)
		skb = rx_copy(qp, frame->bytes);
	else
		skb = rx_head(qp, frame->len[0]);
	rx_add_rest(qp, frame, skb);
	rx->cons += frame->buffers;
	if (!skb)
		cdna_qp_count(qp, CDNA_BY_POLL, CDNA_COUNT_RX_DROP_MEMORY);
	return skb;
}

static void rx_offloads(struct cdna_qp *qp, const struct rx_frame *frame,
			struct sk_buff *skb)
{
	netdev_features_t features = qp->dev->netdev->features;
	enum pkt_hash_types type = PKT_HASH_TYPE_L3;

	/* A merged frame has a partial checksum. */
	if (skb->ip_summed == CHECKSUM_NONE && features & NETIF_F_RXCSUM &&
	    frame->flags & CDNA_RX_CSUM_OK)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (frame->flags & CDNA_RX_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       frame->vlan_tci);
	if (frame->flags & (CDNA_RX_TCP | CDNA_RX_UDP))
		type = PKT_HASH_TYPE_L4;
	if (frame->hash && features & NETIF_F_RXHASH)
		skb_set_hash(skb, frame->hash, type);
}

static void rx_count(struct cdna_qp *qp, const struct rx_frame *frame)
{
	struct cdna_counters *counters = &qp->counters[CDNA_BY_POLL];
	bool lro = frame->flags & CDNA_RX_LRO;
	u64_stats_t *value = counters->value;

	u64_stats_update_begin(&counters->syncp);
	u64_stats_add(&value[CDNA_COUNT_RX_PACKETS], lro ? frame->segs : 1);
	u64_stats_add(&value[CDNA_COUNT_RX_BYTES], frame->bytes);
	if (frame->flags & CDNA_RX_CSUM_OK)
		u64_stats_inc(&value[CDNA_COUNT_RX_CSUM_OK]);
	if (frame->flags & CDNA_RX_CSUM_BAD)
		u64_stats_inc(&value[CDNA_COUNT_RX_CSUM_BAD]);
	if (frame->flags & CDNA_RX_VLAN)
		u64_stats_inc(&value[CDNA_COUNT_RX_VLAN]);
	if (lro) {
		u64_stats_inc(&value[CDNA_COUNT_RX_LRO]);
		u64_stats_add(&value[CDNA_COUNT_RX_LRO_SEGS], frame->segs);
	}
	u64_stats_update_end(&counters->syncp);
}

/* Was merging requested, and do the headers confirm it? */
static bool rx_merged(const struct cdna_qp *qp, const struct rx_frame *frame,
		      struct sk_buff *skb)
{
	return qp->rx.lro && cdna_lro_accept(skb, frame->hdr_len, frame->mss,
					     frame->segs);
}

/* Pass one frame to the stack. Return: false if a completion is invalid */
static bool rx_one(struct cdna_qp *qp, u32 ready)
{
	struct rx_frame frame;
	struct sk_buff *skb;

	if (!rx_gather(&qp->rx, ready, &frame))
		return false;
	skb = rx_take(qp, &frame);
	if (!skb)
		return true;
	if (frame.flags & CDNA_RX_LRO && !rx_merged(qp, &frame, skb)) {
		dev_kfree_skb_any(skb);
		return false;
	}
	rx_offloads(qp, &frame, skb);
	rx_count(qp, &frame);
	cdna_qp_moved(qp, 1, frame.bytes);
	skb_record_rx_queue(skb, qp->id);
	skb->protocol = eth_type_trans(skb, qp->dev->netdev);
	napi_gro_receive(&qp->napi, skb);
	return true;
}

/* Count what the NIC had no buffers for, as it says: nothing depends on that. */
static void rx_count_missed(struct cdna_qp *qp)
{
	u32 missed = cdna_qp_status(qp, rx_missed);

	if (likely(missed == qp->rx.missed))
		return;
	cdna_qp_count_many(qp, CDNA_BY_POLL, CDNA_COUNT_RX_MISSED,
			   missed - qp->rx.missed);
	qp->rx.missed = missed;
}

/**
 * cdna_rx_poll - pass received frames to the stack
 * @qp: queue pair
 * @budget: largest number of frames
 *
 * Context: NAPI poll of the queue pair.
 * Return: number of frames
 */
int cdna_rx_poll(struct cdna_qp *qp, int budget)
{
	struct cdna_rx_ring *rx = &qp->rx;
	u32 end = cdna_qp_status(qp, rx_comp_prod);
	int done = 0;

	if (qp->broken)
		return 0;
	rx_count_missed(qp);
	if (end - rx->cons > rx->tail - rx->cons) {
		cdna_qp_invalid(qp, CDNA_COUNT_RX_INVALID_COMPLETION);
		return 0;
	}
	/* Pairs with the NIC, which writes completions before the status. */
	dma_rmb();
	for (; done < budget && rx->cons != end; done++) {
		if (rx_one(qp, end - rx->cons))
			continue;
		cdna_qp_invalid(qp, CDNA_COUNT_RX_INVALID_COMPLETION);
		break;
	}
	return done;
}
