// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * TCP segmentation. The request's headers are copied and checked once; each
 * call then makes one segment out of them and the next slice of the payload.
 */
#include "tx/tso.h"

#include "base/csum.h"
#include "base/parse.h"
#include "base/vlan.h"
#include "ctx/ring.h"
#include "ctx/status.h"
#include "state.h"
#include "tx/chain.h"

/* Places in the headers */
#define TSO_IPV4_LEN		2
#define TSO_IPV4_ID		4
#define TSO_IPV6_LEN		4
#define TSO_IPV6_HLEN		40
#define TSO_TCP_SEQ		4
#define TSO_TCP_FLAGS		13
#define TSO_TCP_CSUM		16

/* Headers and offload fields must be what the segments can be made of. */
static bool tso_fits(const struct fw_nic *nic, const struct fw_qp *qp,
		     const struct fw_desc *first, u32 len)
{
	u32 offloads = qp->queue[CDNA_DIR_TX].offloads;
	const struct fw_packet *pkt = &qp->tso.pkt;
	u32 need = pkt->flags & FW_PKT_IPV4 ? CDNA_OFFLOAD_TSO4 :
					      CDNA_OFFLOAD_TSO6;

	if (!(pkt->flags & FW_PKT_TCP) || !(offloads & need))
		return false;
	if (first->csum_start != pkt->l4 || first->csum_offset != TSO_TCP_CSUM)
		return false;
	/* Padding cannot be segmented, and there must be data. */
	if (pkt->end != len || pkt->payload >= len)
		return false;
	if (!first->mss || (u32)pkt->payload - pkt->l3 + first->mss >
				   nic->config.mtu)
		return false;
	/* These are not data, and would be sent once per segment. */
	return !(qp->tso.header[pkt->l4 + TSO_TCP_FLAGS] &
		 (FW_TCP_SYN | FW_TCP_RST));
}

static void tso_use_descs(struct fw_qp *qp, u32 descs)
{
	fw_ring_consume(&qp->queue[CDNA_DIR_TX].ring, descs);
	qp->stats[CDNA_QSTAT_TX_DESCS] += descs;
	fw_ctx_work(qp->ctx, descs * FW_WORK_DESC);
	qp->tso.descs = (u16)(qp->tso.descs - descs);
}

/* Step over the headers, which may be spread over several descriptors. */
static void tso_skip_header(struct fw_qp *qp)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	struct fw_tso *tso = &qp->tso;
	u32 left = tso->header_len;
	u32 n = 0;

	while (left >= fw_ring_peek(ring, n)->len)
		left -= fw_ring_peek(ring, n++)->len;
	tso->offset = left;
	tso_use_descs(qp, n);
}

/**
 * fw_tso_start() - begin a segmentation request
 * @nic: the NIC
 * @qp: queue pair; the request is the next frame of its transmit ring
 * @chain: its descriptors
 *
 * Return: if the request is now active, FW_TX_EMPTY; else what fw_tx_one()
 * returns for a frame that was dropped or a queue that was stopped
 */
s32 fw_tso_start(struct fw_nic *nic, struct fw_qp *qp,
		 const struct fw_chain *chain)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	const struct fw_desc *first = fw_ring_peek(ring, 0);
	u32 head_len = FW_MIN(chain->len, (u32)FW_TSO_MAX_HEADER);
	struct fw_chain_cursor cur = { 0 };
	struct fw_tso *tso = &qp->tso;

	if (!fw_chain_copy(nic, qp, &cur, tso->header, head_len))
		return FW_TX_STOPPED;
	fw_parse(tso->header, head_len, chain->len, &tso->pkt);
	if (!tso_fits(nic, qp, first, chain->len))
		return fw_chain_drop(nic, qp, chain, CDNA_DROP_TX_BAD_OFFLOAD);
	tso->active = true;
	tso->header_len = tso->pkt.payload;
	tso->mss = first->mss;
	tso->left = chain->len - tso->header_len;
	tso->sent = 0;
	tso->segment = 0;
	tso->tag = first->flags & CDNA_DESC_VLAN;
	tso->vlan_tci = first->vlan_tci;
	tso->descs = (u16)chain->descs;
	tso->head = first->head;
	tso_skip_header(qp);
	return FW_TX_EMPTY;
}

static void tso_ip_header(const struct fw_tso *tso, u8 *ip, u32 l3_len)
{
	if (tso->pkt.flags & FW_PKT_IPV4) {
		u32 id = fw_get_be16(ip + TSO_IPV4_ID) + tso->segment;

		fw_put_be16(ip + TSO_IPV4_LEN, (u16)l3_len);
		fw_put_be16(ip + TSO_IPV4_ID, (u16)id);
		fw_csum_ipv4(ip);
	} else {
		fw_put_be16(ip + TSO_IPV6_LEN, (u16)(l3_len - TSO_IPV6_HLEN));
	}
}

/* FIN and PSH belong to the last byte, CWR to the first (RFC 3168). */
static void tso_tcp_header(const struct fw_tso *tso, u8 *tcp, u32 payload)
{
	fw_put_be32(tcp + TSO_TCP_SEQ,
		    fw_get_be32(tcp + TSO_TCP_SEQ) + tso->sent);
	if (payload < tso->left)
		tcp[TSO_TCP_FLAGS] &= 0xff & ~(FW_TCP_FIN | FW_TCP_PSH);
	if (tso->segment)
		tcp[TSO_TCP_FLAGS] &= 0xff & ~FW_TCP_CWR;
}

static void tso_headers(const struct fw_tso *tso, struct fw_frame *frame)
{
	const struct fw_packet *pkt = &tso->pkt;
	u32 payload = frame->len - tso->header_len;
	u8 *head = fw_frame_data(frame);
	u8 *tcp = head + pkt->l4;
	u32 sum;

	tso_ip_header(tso, head + pkt->l3, frame->len - pkt->l3);
	tso_tcp_header(tso, tcp, payload);
	fw_put_be16(tcp + TSO_TCP_CSUM, 0);
	sum = fw_csum_pseudo(head, pkt, frame->len - pkt->l4);
	sum = fw_csum_fold(sum) +
	      fw_csum_fold(fw_csum_frame(frame, pkt->l4, frame->len));
	fw_put_be16(tcp + TSO_TCP_CSUM, (u16)~fw_csum_fold(sum));
}

static void tso_sent(struct fw_nic *nic, struct fw_qp *qp, u32 payload)
{
	struct fw_tso *tso = &qp->tso;

	tso->sent += payload;
	tso->left -= payload;
	tso->segment++;
	qp->stats[CDNA_QSTAT_TX_SEGMENTS]++;
	fw_ctx_work(qp->ctx, FW_WORK_SEGMENT);
	if (tso->left) {
		fw_status_news(nic, qp, 0);
		return;
	}
	tso->active = false;
	fw_chain_report(nic, qp, tso->head);
	qp->stats[CDNA_QSTAT_TX_FRAMES]++;
	qp->stats[CDNA_QSTAT_TX_BYTES] += tso->header_len + tso->sent;
	fw_status_news(nic, qp, 1);
}

/**
 * fw_tso_segment() - send the next segment
 * @nic: the NIC
 * @qp: queue pair with an active request
 *
 * Return: as fw_tx_one()
 */
s32 fw_tso_segment(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_tso *tso = &qp->tso;
	struct fw_chain_cursor cur = { .offset = tso->offset };
	u32 payload = FW_MIN((u32)tso->mss, tso->left);
	struct fw_frame frame;

	if (!fw_pool_alloc(&nic->pool, FW_BUDGET_TX, qp->ctx->id,
			   tso->header_len + payload, &frame))
		return FW_TX_NO_MEMORY;
	memcpy(fw_frame_data(&frame), tso->header, tso->header_len);
	if (!fw_chain_fill(nic, qp, &cur, &frame, tso->header_len))
		return FW_TX_STOPPED;
	tso_headers(tso, &frame);
	if (tso->tag)
		fw_vlan_insert(&frame, tso->vlan_tci);
	if (fw_chain_must_wait(nic, qp, &frame))
		return FW_TX_WIRE_FULL;
	tso->offset = cur.offset;
	tso_use_descs(qp, cur.desc);
	tso_sent(nic, qp, payload);
	return fw_chain_switch(nic, qp, &frame);
}

/**
 * fw_tso_abort() - forget a segmentation request under way
 * @qp: queue pair, whose transmit queue has stopped
 */
void fw_tso_abort(struct fw_qp *qp)
{
	qp->tso.active = false;
}
