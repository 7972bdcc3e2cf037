// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Receive aggregation: which segments may become one frame that differs from
 * them in its size only. A flow's frames keep their order: a
 * segment that does not continue the frame under way ends that frame first.
 */
#include "rx/lro.h"

#include "base/csum.h"
#include "state.h"

#define LRO_IP_DF		0x4000

/* Sequence number, acknowledgment and so on within the TCP header */
#define LRO_TCP_SEQ		4
#define LRO_TCP_ACK		8
#define LRO_TCP_OFFSET		12
#define LRO_TCP_FLAGS		13
#define LRO_TCP_WINDOW		14
#define LRO_TCP_CSUM		16
#define LRO_TCP_URGENT		18
#define LRO_TCP_OPTIONS		20

static bool lro_ipv4_plain(const u8 *ip)
{
	u32 frag = fw_get_be16(ip + 6);

	/* A sum over a header that is right, its own sum included, is ~0. */
	return !(frag & ~LRO_IP_DF) &&
	       fw_csum_fold(fw_csum_add(0, ip, 20)) == 0xffff;
}

/* Could a frame be part of a larger one at all? */
static bool lro_candidate(const struct fw_frame *frame,
			  const struct fw_rx_meta *meta)
{
	const struct fw_packet *pkt = &meta->pkt;
	const u8 *data = fw_frame_data(frame);
	const u8 *tcp = data + pkt->l4;

	if (meta->csum != CDNA_RX_CSUM_OK ||
	    pkt->flags & (FW_PKT_OPTIONS | FW_PKT_FRAGMENT))
		return false;
	if ((tcp[LRO_TCP_FLAGS] & ~FW_TCP_PSH) != FW_TCP_ACK ||
	    tcp[LRO_TCP_OFFSET] & 0x0f)
		return false;
	if (pkt->end <= pkt->payload || frame->head->len <= pkt->payload ||
	    frame->cells > FW_LRO_MAX_CELLS)
		return false;
	return pkt->flags & FW_PKT_IPV6 || lro_ipv4_plain(data + pkt->l3);
}

static bool lro_same_flow(const struct fw_lro_flow *flow,
			  const struct fw_qp *qp, const u8 *data,
			  const struct fw_rx_meta *meta)
{
	const struct fw_packet *a = &flow->meta.pkt;
	const struct fw_packet *b = &meta->pkt;
	const u8 *head;

	if (flow->qp != qp || flow->meta.hash != meta->hash ||
	    flow->meta.tagged != meta->tagged ||
	    (flow->meta.tci ^ meta->tci) & 0xfff ||
	    (a->flags ^ b->flags) & (FW_PKT_IPV4 | FW_PKT_IPV6))
		return false;
	head = fw_frame_data(&flow->frame);
	if (memcmp(head + a->l4, data + b->l4, 4))
		return false;
	if (a->flags & FW_PKT_IPV4)
		return !memcmp(head + a->l3 + 12, data + b->l3 + 12, 8);
	return !memcmp(head + a->l3 + 8, data + b->l3 + 8, 32);
}

static struct fw_lro_flow *lro_find(struct fw_lro *lro, const struct fw_qp *qp,
				    const u8 *data,
				    const struct fw_rx_meta *meta)
{
	u32 i;

	if (!lro->used)
		return NULL;
	for (i = 0; i < FW_LRO_FLOWS; i++)
		if (lro_same_flow(&lro->flow[i], qp, data, meta))
			return &lro->flow[i];
	return NULL;
}

/* Identifications that grow by one; or that stay, where nothing is fragmented */
static bool lro_same_ipv4(const struct fw_lro_flow *flow, const u8 *a,
			  const u8 *b)
{
	u16 step = (u16)(fw_get_be16(b + 4) - flow->ip_id);

	if (a[1] != b[1] || a[8] != b[8] || memcmp(a + 6, b + 6, 2))
		return false;
	if (flow->meta.segs > 1)
		return step == flow->id_step;
	return step == 1 || (step == 0 && fw_get_be16(b + 6) & LRO_IP_DF);
}

/* Traffic class, flow label, hop limit */
static bool lro_same_ipv6(const u8 *a, const u8 *b)
{
	return !memcmp(a, b, 4) && a[7] == b[7];
}

static bool lro_same_tcp(const u8 *a, const u8 *b, u32 header_len)
{
	return !memcmp(a + LRO_TCP_ACK, b + LRO_TCP_ACK, 4) &&
	       !memcmp(a + LRO_TCP_WINDOW, b + LRO_TCP_WINDOW, 2) &&
	       !memcmp(a + LRO_TCP_URGENT, b + LRO_TCP_URGENT, 2) &&
	       !memcmp(a + LRO_TCP_OPTIONS, b + LRO_TCP_OPTIONS,
		       header_len - LRO_TCP_OPTIONS);
}

static bool lro_fits(const struct fw_lro_flow *flow,
		     const struct fw_frame *frame, u32 payload)
{
	u32 len = flow->frame.len + payload;

	return payload <= flow->payload &&
	       len - flow->meta.pkt.l3 <= FW_LRO_MAX_BYTES &&
	       len <= FW_MIN(flow->room, (u32)CDNA_MAX_FRAME_BYTES) &&
	       flow->frame.cells + frame->cells <= FW_LRO_MAX_CELLS;
}

/* Is a candidate of the same flow what comes next, with the same headers? */
static bool lro_continues(const struct fw_lro_flow *flow,
			  const struct fw_frame *frame,
			  const struct fw_rx_meta *meta)
{
	const struct fw_packet *pkt = &meta->pkt;
	const u8 *a = fw_frame_data(&flow->frame);
	const u8 *b = fw_frame_data(frame);

	if (flow->meta.pkt.l3 != pkt->l3 || flow->meta.pkt.l4 != pkt->l4 ||
	    flow->meta.pkt.payload != pkt->payload ||
	    flow->meta.tci != meta->tci || memcmp(a, b, pkt->l3))
		return false;
	if (fw_get_be32(b + pkt->l4 + LRO_TCP_SEQ) != flow->next_seq ||
	    !lro_fits(flow, frame, pkt->end - pkt->payload))
		return false;
	if (pkt->flags & FW_PKT_IPV4) {
		if (!lro_same_ipv4(flow, a + pkt->l3, b + pkt->l3))
			return false;
	} else if (!lro_same_ipv6(a + pkt->l3, b + pkt->l3)) {
		return false;
	}
	return lro_same_tcp(a + pkt->l4, b + pkt->l4, pkt->payload - pkt->l4);
}

/* The first segment's header becomes that of the whole. */
static void lro_fix_header(struct fw_lro_flow *flow)
{
	struct fw_packet *pkt = &flow->meta.pkt;
	u8 *data = fw_frame_data(&flow->frame);
	u32 l4_len = flow->frame.len - pkt->l4;
	u8 *ip = data + pkt->l3;
	u8 *tcp = data + pkt->l4;

	pkt->end = flow->frame.len;
	if (pkt->flags & FW_PKT_IPV4) {
		fw_put_be16(ip + 2, (u16)(flow->frame.len - pkt->l3));
		fw_csum_ipv4(ip);
	} else {
		fw_put_be16(ip + 4, (u16)l4_len);
	}
	if (flow->push)
		tcp[LRO_TCP_FLAGS] |= FW_TCP_PSH;
	fw_put_be16(tcp + LRO_TCP_CSUM,
		    fw_csum_fold(fw_csum_pseudo(data, pkt, l4_len)));
}

/* Deliver what a flow has gathered; its entry is free afterwards. */
static void lro_finish(struct fw_nic *nic, struct fw_lro *lro,
		       struct fw_lro_flow *flow)
{
	struct fw_qp *qp = flow->qp;

	flow->qp = NULL;
	lro->used--;
	if (flow->meta.segs > 1) {
		flow->meta.flags |= CDNA_RX_LRO;
		flow->meta.mss = (u16)flow->payload;
		lro_fix_header(flow);
	}
	fw_rx_put(nic, qp, &flow->frame, &flow->meta);
	fw_pool_free(&nic->pool, &flow->frame);
}

/**
 * fw_lro_flush() - deliver all that a context has under way
 * @nic: the NIC
 * @ctx: the context
 */
void fw_lro_flush(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_lro *lro = &ctx->lro;
	u32 i;

	for (i = 0; lro->used && i < FW_LRO_FLOWS; i++)
		if (lro->flow[i].qp)
			lro_finish(nic, lro, &lro->flow[i]);
}

/**
 * fw_lro_abort() - drop what is under way for a queue that has ended
 * @nic: the NIC
 * @ctx: the context
 * @qp: queue pair, or NULL: all of the context's
 */
void fw_lro_abort(struct fw_nic *nic, struct fw_ctx *ctx, struct fw_qp *qp)
{
	struct fw_lro *lro = &ctx->lro;
	u32 i;

	for (i = 0; lro->used && i < FW_LRO_FLOWS; i++) {
		struct fw_lro_flow *flow = &lro->flow[i];

		if (!flow->qp || (qp && flow->qp != qp))
			continue;
		fw_ctx_count(ctx, CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_QUEUE,
			     flow->meta.segs);
		fw_pool_free(&nic->pool, &flow->frame);
		flow->qp = NULL;
		lro->used--;
	}
}

static struct fw_lro_flow *lro_take_entry(struct fw_nic *nic,
					  struct fw_lro *lro)
{
	struct fw_lro_flow *flow = &lro->flow[lro->next];
	u32 i;

	if (lro->used == FW_LRO_FLOWS) {
		lro->next = (u8)((lro->next + 1) % FW_LRO_FLOWS);
		lro_finish(nic, lro, flow);
		return flow;
	}
	for (i = 0; lro->flow[i].qp; i++)
		;
	return &lro->flow[i];
}

static bool lro_start(struct fw_nic *nic, struct fw_qp *qp,
		      struct fw_frame *frame, const struct fw_rx_meta *meta)
{
	struct fw_lro *lro = &qp->ctx->lro;
	const u8 *data = fw_frame_data(frame);
	struct fw_lro_flow *flow;
	u32 room;

	flow = lro_take_entry(nic, lro);
	room = fw_rx_room(nic, qp);
	if (room < frame->len)
		return false;
	flow->qp = qp;
	flow->frame = *frame;
	flow->meta = *meta;
	flow->payload = meta->pkt.end - meta->pkt.payload;
	flow->next_seq = fw_get_be32(data + meta->pkt.l4 + LRO_TCP_SEQ) +
			 flow->payload;
	flow->ip_id = fw_get_be16(data + meta->pkt.l3 + 4);
	flow->push = false;
	flow->room = room;
	lro->used++;
	nic->lro_dirty[qp->ctx->id / 32] |= 1u << (qp->ctx->id % 32);
	return true;
}

/* Return: whether the flow may go on growing */
static bool lro_append(struct fw_nic *nic, struct fw_lro_flow *flow,
		       struct fw_frame *frame, const struct fw_rx_meta *meta)
{
	const u8 *data = fw_frame_data(frame);
	u32 header = meta->pkt.payload;
	u32 payload = meta->pkt.end - header;
	u16 id = fw_get_be16(data + meta->pkt.l3 + 4);

	flow->push = data[meta->pkt.l4 + LRO_TCP_FLAGS] & FW_TCP_PSH;
	flow->id_step = (u16)(id - flow->ip_id);
	flow->ip_id = id;
	flow->next_seq += payload;
	flow->meta.segs++;
	flow->meta.local = (u16)(flow->meta.local + meta->local);
	frame->head->start = (u16)(frame->head->start + header);
	frame->head->len = (u16)(frame->head->len - header);
	frame->len -= header;
	fw_pool_append(&nic->pool, &flow->frame, frame);
	return !flow->push && payload == flow->payload;
}

/* Charge a frame to the context, without its Ethernet padding. */
static bool lro_own(struct fw_nic *nic, struct fw_ctx *ctx,
		    struct fw_frame *frame, const struct fw_packet *pkt)
{
	if (frame->len > pkt->end)
		fw_pool_trim(&nic->pool, frame, pkt->end);
	if (fw_pool_move(&nic->pool, frame, FW_BUDGET_RX, ctx->id))
		return true;
	fw_lro_flush(nic, ctx);
	return fw_pool_move(&nic->pool, frame, FW_BUDGET_RX, ctx->id);
}

/**
 * fw_lro_receive() - aggregate a frame, if it may be
 * @nic: the NIC
 * @qp: queue pair that it goes to; its receive queue runs and aggregates
 * @frame: the frame
 * @meta: what is known of it
 * @may_keep: the frame is not needed by others
 *
 * Return: true if the frame was kept: it is gone. Otherwise the caller
 * delivers it, and what came before it in its flow has been delivered
 */
bool fw_lro_receive(struct fw_nic *nic, struct fw_qp *qp,
		    struct fw_frame *frame, const struct fw_rx_meta *meta,
		    bool may_keep)
{
	struct fw_lro *lro = &qp->ctx->lro;
	struct fw_lro_flow *flow;
	bool good;

	if (!(meta->pkt.flags & FW_PKT_TCP)) {
		/* It may belong to any flow between its two ends. */
		if (meta->pkt.flags & (FW_PKT_FRAGMENT | FW_PKT_OPTIONS))
			fw_lro_flush(nic, qp->ctx);
		return false;
	}
	good = may_keep && lro_candidate(frame, meta) &&
	       lro_own(nic, qp->ctx, frame, &meta->pkt);
	flow = lro_find(lro, qp, fw_frame_data(frame), meta);
	if (flow && good && lro_continues(flow, frame, meta)) {
		if (!lro_append(nic, flow, frame, meta))
			lro_finish(nic, lro, flow);
		return true;
	}
	if (flow)
		lro_finish(nic, lro, flow);
	/* A segment with PSH would end the merge that it began. */
	if (!good || fw_frame_data(frame)[meta->pkt.l4 + LRO_TCP_FLAGS] &
			     FW_TCP_PSH)
		return false;
	return lro_start(nic, qp, frame, meta);
}
