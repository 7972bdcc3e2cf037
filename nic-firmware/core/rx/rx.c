// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Delivery: which queue of a context, and what that queue makes of a frame.
 */
#include "rx/rx.h"

#include "base/csum.h"
#include "base/rss.h"
#include "base/vlan.h"
#include "rx/lro.h"
#include "state.h"

/* One of the queues that run and may receive, by flow */
static struct fw_qp *rx_spread(struct fw_ctx *ctx, u32 hash)
{
	u32 running = ctx->rx_running & ctx->rx_spread;
	u32 count = 0;
	u32 left, pick;

	if (!(running & (running - 1)))
		return running ? &ctx->qp[fw_ffs32(running)] : NULL;
	for (left = running; left; left &= left - 1)
		count++;
	for (pick = (u32)((u64)hash * count >> 32); pick; pick--)
		running &= running - 1;
	return &ctx->qp[fw_ffs32(running)];
}

static struct fw_qp *rx_pick(struct fw_ctx *ctx, const struct fw_frame *frame,
			     const struct fw_rx_meta *meta)
{
	u32 pick;

	if (!fw_rss_is_set(&ctx->rss))
		return rx_spread(ctx, meta->hash);
	pick = fw_rss_pick(&ctx->rss, fw_frame_data(frame), &meta->pkt);
	return ctx->rx_running >> pick & 1 ? &ctx->qp[pick] : NULL;
}

static void rx_shift(struct fw_packet *pkt, s32 by)
{
	pkt->end += (u32)by;
	if (pkt->l3)
		pkt->l3 = (u16)(pkt->l3 + by);
	if (pkt->l4)
		pkt->l4 = (u16)(pkt->l4 + by);
	if (pkt->payload)
		pkt->payload = (u16)(pkt->payload + by);
	pkt->flags ^= FW_PKT_VLAN;
}

/* The tag is in the frame, in the completion, or nowhere. */
static void rx_tag(const struct fw_ctx *ctx, const struct fw_queue *queue,
		   struct fw_frame *frame, struct fw_rx_meta *meta)
{
	bool apart = queue->offloads & CDNA_OFFLOAD_RX_VLAN;

	if (!ctx->access_vlan && apart) {
		meta->flags |= CDNA_RX_VLAN;
		meta->vlan_tci = meta->tci;
	}
	if (ctx->access_vlan || apart) {
		if (meta->stripped || !fw_vlan_remove(frame))
			return;
		meta->stripped = true;
		rx_shift(&meta->pkt, -FW_VLAN_HLEN);
	} else if (meta->stripped && fw_vlan_insert(frame, meta->tci)) {
		meta->stripped = false;
		rx_shift(&meta->pkt, FW_VLAN_HLEN);
	}
}

static u32 rx_protocol(const struct fw_packet *pkt)
{
	static const u16 flag[16] = {
		[FW_PKT_IPV4] = CDNA_RX_IPV4,
		[FW_PKT_IPV6] = CDNA_RX_IPV6,
		[FW_PKT_IPV4 | FW_PKT_TCP] = CDNA_RX_IPV4 | CDNA_RX_TCP,
		[FW_PKT_IPV6 | FW_PKT_TCP] = CDNA_RX_IPV6 | CDNA_RX_TCP,
		[FW_PKT_IPV4 | FW_PKT_UDP] = CDNA_RX_IPV4 | CDNA_RX_UDP,
		[FW_PKT_IPV6 | FW_PKT_UDP] = CDNA_RX_IPV6 | CDNA_RX_UDP,
	};

	return flag[pkt->flags & 15];
}

static void rx_verify(struct fw_ctx *ctx, const struct fw_frame *frame,
		      struct fw_rx_meta *meta)
{
	int good;

	if (!meta->checked) {
		good = fw_csum_verify(frame, &meta->pkt);
		if (good >= 0)
			meta->csum = good ? CDNA_RX_CSUM_OK :
					    CDNA_RX_CSUM_BAD;
		meta->checked = true;
	}
	meta->flags |= meta->csum;
	if (meta->csum == CDNA_RX_CSUM_BAD)
		fw_ctx_count(ctx, CDNA_CSTAT_RX_CSUM_BAD, 1);
}

/**
 * fw_rx_deliver() - deliver a frame to a context
 * @nic: the NIC
 * @ctx: the context
 * @frame: the frame; its tag may be taken out or put in
 * @meta: what is known of it; follows the frame, and is filled for the queue
 * @may_keep: the frame is not needed afterwards
 *
 * Return: true if the frame was kept: it is gone
 */
bool fw_rx_deliver(struct fw_nic *nic, struct fw_ctx *ctx,
		   struct fw_frame *frame, struct fw_rx_meta *meta,
		   bool may_keep)
{
	struct fw_qp *qp = rx_pick(ctx, frame, meta);
	const struct fw_queue *queue;

	if (!qp) {
		fw_ctx_drop(ctx, CDNA_DROP_RX_NO_QUEUE);
		return false;
	}
	queue = &qp->queue[CDNA_DIR_RX];
	meta->flags = (u16)rx_protocol(&meta->pkt);
	meta->vlan_tci = 0;
	if (meta->tagged)
		rx_tag(ctx, queue, frame, meta);
	if (queue->offloads & (CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO))
		rx_verify(ctx, frame, meta);
	if (queue->offloads & CDNA_OFFLOAD_LRO &&
	    fw_lro_receive(nic, qp, frame, meta, may_keep))
		return true;
	fw_rx_put(nic, qp, frame, meta);
	return false;
}

/**
 * fw_rx_flush() - deliver all that is being aggregated
 * @nic: the NIC
 */
void fw_rx_flush(struct fw_nic *nic)
{
	u32 left, i;

	for (i = 0; i < FW_ARRAY_SIZE(nic->lro_dirty); i++) {
		left = nic->lro_dirty[i];
		nic->lro_dirty[i] = 0;
		for (; left; left &= left - 1)
			fw_lro_flush(nic, &nic->ctx[i * 32 + fw_ffs32(left)]);
	}
}
