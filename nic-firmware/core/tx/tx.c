// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Transmit: a frame out of a chain of descriptors.
 */
#include "tx/tx.h"

#include "base/csum.h"
#include "base/vlan.h"
#include "ctx/mark.h"
#include "ctx/ring.h"
#include "state.h"
#include "tx/chain.h"
#include "tx/tso.h"

/*
 * Find a whole frame. A bad descriptor stops the queue when all frames before
 * the one it belongs to are sent (paper 3.3). Return: 1, FW_TX_EMPTY or
 * FW_TX_STOPPED
 */
static s32 tx_find(struct fw_nic *nic, struct fw_qp *qp, struct fw_chain *chain)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	u32 ready = fw_ring_available(nic, ring, 1);
	u32 max = qp->queue[CDNA_DIR_TX].max_chain;
	u32 n, len = 0;

	for (n = 0; n < max; n++) {
		const struct fw_desc *desc = fw_ring_peek(ring, n);

		if (n >= ready)
			ready = fw_ring_available(nic, ring, n + 1);
		if (n >= ready) {
			if (!ring->fault.reason)
				return FW_TX_EMPTY;
			fw_mark_fault(nic, qp, CDNA_DIR_TX);
			return FW_TX_STOPPED;
		}
		len += desc->len;
		if (desc->flags & CDNA_DESC_EOP) {
			chain->descs = n + 1;
			chain->len = len;
			return 1;
		}
	}
	fw_mark_fault_at(nic, qp, CDNA_DIR_TX, CDNA_FAULT_CHAIN,
			 ring->cons + max - 1);
	return FW_TX_STOPPED;
}

/* Return: CDNA_NR_DROPS, or why the frame cannot be sent whatever is in it */
static u32 tx_check(const struct fw_nic *nic, const struct fw_qp *qp,
		    const struct fw_desc *first, u32 len)
{
	u32 offloads = qp->queue[CDNA_DIR_TX].offloads;
	u32 max = nic->config.mtu + FW_VLAN_MAX_HEADER;

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

/* A frame that goes as it is, but for a checksum and a tag */
static s32 tx_plain(struct fw_nic *nic, struct fw_qp *qp,
		    const struct fw_chain *chain)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;
	struct fw_desc first = *fw_ring_peek(ring, 0);
	struct fw_chain_cursor cur = { 0 };
	struct fw_frame frame;

	if (!fw_pool_alloc(&nic->pool, FW_BUDGET_TX, qp->ctx->id, chain->len,
			   &frame))
		return FW_TX_NO_MEMORY;
	if (!fw_chain_fill(nic, qp, &cur, &frame, 0))
		return FW_TX_STOPPED;
	if ((first.flags & CDNA_DESC_CSUM &&
	     !fw_csum_insert(&frame, first.csum_start, first.csum_offset)) ||
	    (first.flags & CDNA_DESC_VLAN &&
	     !fw_vlan_insert(&frame, first.vlan_tci))) {
		fw_pool_free(&nic->pool, &frame);
		return fw_chain_drop(nic, qp, chain,
				     CDNA_DROP_TX_BAD_OFFLOAD);
	}
	if (fw_chain_must_wait(nic, qp, &frame))
		return FW_TX_WIRE_FULL;
	fw_chain_used(nic, qp, chain);
	return fw_chain_switch(nic, qp, &frame);
}

/**
 * fw_tx_one() - send one frame, or one segment, of a queue
 * @nic: the NIC
 * @qp: queue pair, its transmit queue being served
 *
 * Return: bytes to charge, or FW_TX_EMPTY, FW_TX_NO_MEMORY, FW_TX_STOPPED,
 * FW_TX_WIRE_FULL
 */
s32 fw_tx_one(struct fw_nic *nic, struct fw_qp *qp)
{
	const struct fw_desc *first;
	struct fw_chain chain;
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
		return fw_chain_drop(nic, qp, &chain, drop);
	if (!(first->flags & CDNA_DESC_TSO))
		return tx_plain(nic, qp, &chain);
	ret = fw_tso_start(nic, qp, &chain);
	return qp->tso.active ? fw_tso_segment(nic, qp) : ret;
}
