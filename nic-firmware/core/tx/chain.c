// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Descriptor chains of a transmit queue.
 */
#include "tx/chain.h"

#include "ctx/mark.h"
#include "ctx/ring.h"

/**
 * fw_chain_drop() - take a frame from the ring and do not send it
 * @nic: the NIC
 * @qp: queue pair
 * @chain: the frame
 * @why: the reason
 *
 * Return: bytes to charge: what is dropped costs as much as what is sent
 */
s32 fw_chain_drop(struct fw_nic *nic, struct fw_qp *qp,
		  const struct fw_chain *chain, enum cdna_drop why)
{
	fw_chain_used(nic, qp, chain);
	fw_ctx_drop(qp->ctx, why);
	return (s32)FW_MAX(chain->len, (u32)FW_ETH_MIN);
}

/**
 * fw_chain_copy() - copy bytes of a descriptor chain to NIC memory
 * @nic: the NIC
 * @qp: queue pair
 * @cur: where to go on in the chain; moves on
 * @dst: where to
 * @len: how many bytes; the chain has them
 *
 * Return: false if DMA failed, the queue is marked at that descriptor
 */
bool fw_chain_copy(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, u8 *dst, u32 len)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;

	while (len) {
		const struct fw_desc *desc = fw_ring_peek(ring, cur->desc);
		u32 n = FW_MIN(len, desc->len - cur->offset);

		if (fw_dma_read(nic, ring->ctx, desc->addr + cur->offset, dst,
				n)) {
			fw_mark_fault_at(nic, qp, CDNA_DIR_TX,
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
 * fw_chain_fill() - copy bytes of a descriptor chain into a frame
 * @nic: the NIC
 * @qp: queue pair
 * @cur: where to go on in the chain; moves on
 * @frame: the frame; filled from byte @at, in its first cell, to its end
 * @at: first byte
 *
 * Return: false if DMA failed, the queue is marked and the frame is freed
 */
bool fw_chain_fill(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, struct fw_frame *frame, u32 at)
{
	struct fw_cell *cell;

	for (cell = frame->head; cell; cell = cell->next, at = 0) {
		if (fw_chain_copy(nic, qp, cur, cell->data + cell->start + at,
				  cell->len - at))
			continue;
		fw_pool_free(&nic->pool, frame);
		return false;
	}
	return true;
}
