// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Transmit: a frame out of a chain of descriptors.
 */
#include "nic.h"

/* A chain of descriptors, the first one of which tells what to do */
struct tx_chain {
	u32 descs;
	u32 len;
};

/* Without scatter/gather a frame is one descriptor. */
static u32 tx_max_chain(const struct fw_qp *qp)
{
	return qp->queue[CDNA_DIR_TX].offloads & CDNA_OFFLOAD_SG ?
		       CDNA_MAX_CHAIN : 1;
}

/*
 * Find a whole frame. A bad descriptor stops the queue when all frames before
 * the one it belongs to are sent (paper 3.3). Return: 1, FW_TX_EMPTY or
 * FW_TX_STOPPED
 */
static s32 tx_find(struct fw_nic *nic, struct fw_qp *qp, struct tx_chain *chain)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	u32 ready = fw_ring_available(nic, ring, 1);
	u32 max = tx_max_chain(qp);
	u32 n, len = 0;

	for (n = 0; n < max; n++) {
		const struct fw_desc *desc = fw_ring_peek(ring, n);

		if (n >= ready)
			ready = fw_ring_available(nic, ring, n + 1);
		if (n >= ready) {
			if (!ring->fault.reason)
				return FW_TX_EMPTY;
			fw_queue_fault(nic, qp, CDNA_DIR_TX);
			return FW_TX_STOPPED;
		}
		len += desc->len;
		if (desc->flags & CDNA_DESC_EOP) {
			chain->descs = n + 1;
			chain->len = len;
			return 1;
		}
	}
	fw_queue_fault_at(nic, qp, CDNA_DIR_TX, CDNA_FAULT_CHAIN,
			  ring->cons + max - 1);
	return FW_TX_STOPPED;
}

/* The chain's bytes are in the NIC, or not wanted: it is used. */
static void tx_used(struct fw_nic *nic, struct fw_qp *qp,
		    const struct tx_chain *chain)
{
	fw_ring_consume(&qp->queue[CDNA_DIR_TX].ring, chain->descs);
	qp->stats[CDNA_QSTAT_TX_FRAMES]++;
	qp->stats[CDNA_QSTAT_TX_BYTES] += chain->len;
	qp->stats[CDNA_QSTAT_TX_DESCS] += chain->descs;
	fw_status_news(nic, qp, 1);
}

/**
 * fw_tx_drop() - take a frame from the ring and do not send it
 * @nic: the NIC
 * @qp: queue pair
 * @descs: descriptors of the frame
 * @len: its bytes
 * @why: the reason
 *
 * Return: bytes to charge: what is dropped is no cheaper than what is sent
 */
s32 fw_tx_drop(struct fw_nic *nic, struct fw_qp *qp, u32 descs, u32 len,
	       enum cdna_drop why)
{
	struct tx_chain chain = { .descs = descs, .len = len };

	tx_used(nic, qp, &chain);
	fw_ctx_drop(qp->ctx, why);
	return (s32)FW_MAX(len, (u32)FW_ETH_MIN);
}

/* Return: CDNA_NR_DROPS, or why the frame cannot be sent whatever is in it */
static u32 tx_check(const struct fw_nic *nic, const struct fw_qp *qp,
		    const struct fw_desc *first, u32 len)
{
	u32 offloads = qp->queue[CDNA_DIR_TX].offloads;
	u32 max = nic->config.mtu + FW_ETH_HLEN + FW_VLAN_HLEN;

	if ((first->flags & CDNA_DESC_VLAN &&
	     !(offloads & CDNA_OFFLOAD_TX_VLAN)) ||
	    (first->flags & CDNA_DESC_TSO &&
	     !(offloads & (CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6))) ||
	    ((first->flags & (CDNA_DESC_TSO | CDNA_DESC_CSUM)) ==
		     CDNA_DESC_CSUM &&
	     !(offloads & CDNA_OFFLOAD_TX_CSUM)))
		return CDNA_DROP_TX_BAD_OFFLOAD;
	if (len < FW_ETH_HLEN)
		return CDNA_DROP_TX_RUNT;
	if (first->flags & CDNA_DESC_TSO)
		return len > CDNA_MAX_FRAME_BYTES ? CDNA_DROP_TX_OVERSIZE :
						    CDNA_NR_DROPS;
	/* The switch knows what of this may be a tag. */
	return len > max ? CDNA_DROP_TX_OVERSIZE : CDNA_NR_DROPS;
}

/**
 * fw_tx_copy() - copy bytes of a descriptor chain to NIC memory
 * @nic: the NIC
 * @qp: queue pair
 * @cur: where to go on in the chain; moves on
 * @dst: where to
 * @len: how many bytes; the chain has them
 *
 * Return: false if DMA failed, the queue has faulted at that descriptor
 */
bool fw_tx_copy(struct fw_nic *nic, struct fw_qp *qp, struct fw_tx_cursor *cur,
		u8 *dst, u32 len)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;

	while (len) {
		const struct fw_desc *desc = fw_ring_peek(ring, cur->desc);
		u32 n = FW_MIN(len, desc->len - cur->offset);

		if (fw_dma_read(nic, ring->ctx, desc->addr + cur->offset, dst,
				n)) {
			fw_queue_fault_at(nic, qp, CDNA_DIR_TX,
					  CDNA_FAULT_DMA_DATA,
					  ring->cons + cur->desc);
			return false;
		}
		dst += n;
		len -= n;
		cur->offset += n;
		if (cur->offset == desc->len) {
			cur->desc++;
			cur->offset = 0;
		}
	}
	return true;
}

/**
 * fw_tx_fill() - copy bytes of a descriptor chain into a frame
 * @nic: the NIC
 * @qp: queue pair
 * @cur: where to go on in the chain; moves on
 * @frame: the frame; filled from byte @at, in its first cell, to its end
 * @at: first byte
 *
 * Return: false if DMA failed, the queue has faulted and the frame is freed
 */
bool fw_tx_fill(struct fw_nic *nic, struct fw_qp *qp, struct fw_tx_cursor *cur,
		struct fw_frame *frame, u32 at)
{
	struct fw_cell *cell;

	for (cell = frame->head; cell; cell = cell->next, at = 0) {
		if (fw_tx_copy(nic, qp, cur, cell->data + cell->start + at,
			       cell->len - at))
			continue;
		fw_pool_free(nic, frame);
		return false;
	}
	return true;
}

/**
 * fw_tx_switch() - hand a frame over to the switch
 * @nic: the NIC
 * @qp: queue pair
 * @frame: the frame; is gone afterwards
 *
 * Return: bytes to charge. Tiny frames cost the time of small ones
 */
s32 fw_tx_switch(struct fw_nic *nic, struct fw_qp *qp, struct fw_frame *frame)
{
	u32 charge = fw_switch_tx(nic, qp, frame);

	return (s32)FW_MAX(charge, (u32)FW_ETH_MIN);
}

/* A frame that goes as it is, but for a checksum and a tag */
static s32 tx_plain(struct fw_nic *nic, struct fw_qp *qp,
		    const struct tx_chain *chain)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	struct fw_desc first = *fw_ring_peek(ring, 0);
	struct fw_tx_cursor cur = { 0 };
	struct fw_frame frame;

	if (!fw_pool_alloc(nic, FW_BUDGET_TX, qp->ctx->id, chain->len, &frame))
		return FW_TX_NO_MEMORY;
	if (!fw_tx_fill(nic, qp, &cur, &frame, 0))
		return FW_TX_STOPPED;
	if ((first.flags & CDNA_DESC_CSUM &&
	     !fw_csum_insert(&frame, first.csum_start, first.csum_offset)) ||
	    (first.flags & CDNA_DESC_VLAN &&
	     !fw_vlan_insert(&frame, first.vlan_tci))) {
		fw_pool_free(nic, &frame);
		return fw_tx_drop(nic, qp, chain->descs, chain->len,
				  CDNA_DROP_TX_BAD_OFFLOAD);
	}
	tx_used(nic, qp, chain);
	return fw_tx_switch(nic, qp, &frame);
}

/**
 * fw_tx_one() - send one frame, or one segment, of a queue
 * @nic: the NIC
 * @qp: queue pair, its transmit queue being served
 *
 * Return: bytes to charge, or FW_TX_EMPTY, FW_TX_NO_MEMORY, FW_TX_STOPPED
 */
s32 fw_tx_one(struct fw_nic *nic, struct fw_qp *qp)
{
	const struct fw_desc *first;
	struct tx_chain chain;
	u32 drop;
	s32 ret;

	if (qp->tso.active)
		return fw_tso_segment(nic, qp);
	ret = tx_find(nic, qp, &chain);
	if (ret <= 0)
		return ret;
	first = fw_ring_peek(&qp->queue[CDNA_DIR_TX].ring, 0);
	drop = tx_check(nic, qp, first, chain.len);
	if (drop != CDNA_NR_DROPS)
		return fw_tx_drop(nic, qp, chain.descs, chain.len, drop);
	if (!(first->flags & CDNA_DESC_TSO))
		return tx_plain(nic, qp, &chain);
	ret = fw_tso_start(nic, qp, chain.descs, chain.len);
	return qp->tso.active ? fw_tso_segment(nic, qp) : ret;
}

/**
 * fw_tx_abort() - forget a segmentation request under way
 * @nic: the NIC
 * @qp: queue pair, whose transmit queue has stopped
 */
void fw_tx_abort(struct fw_nic *nic, struct fw_qp *qp)
{
	(void)nic;
	qp->tso.active = false;
}
