// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Posted receive buffers: filled, used, or left as they are.
 */
#include "rx/rx_fill.h"

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "ctx/status.h"
#include "state.h"

/**
 * fw_rx_fill_bytes() - copy bytes into the posted buffers
 * @nic: the NIC
 * @qp: the queue pair
 * @cur: where to go on; moves on
 * @from: the bytes
 * @len: how many; the buffers that were looked at hold them
 *
 * Return: false if DMA failed, the receive queue is marked at that buffer
 */
bool fw_rx_fill_bytes(struct fw_nic *nic, struct fw_qp *qp,
		      struct fw_rx_cursor *cur, const void *from, u32 len)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	const u8 *src = from;

	while (len) {
		const struct fw_desc *desc = fw_ring_peek(ring, cur->desc);
		u32 n = FW_MIN(len, desc->len - cur->offset);

		if (fw_dma_write(nic, ring->ctx, desc->addr + cur->offset, src,
				 n)) {
			fw_mark_fault_at(nic, qp, CDNA_DIR_RX,
					 CDNA_FAULT_DMA_DATA,
					 ring->cons + cur->desc);
			return false;
		}
		src += n;
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
 * fw_rx_fill_frame() - copy a frame into the posted buffers
 * @nic: the NIC
 * @qp: the queue pair
 * @cur: where to go on; moves on
 * @frame: the frame; the buffers that were looked at hold it
 *
 * Return: false if DMA failed, the receive queue is marked at that buffer
 */
bool fw_rx_fill_frame(struct fw_nic *nic, struct fw_qp *qp,
		      struct fw_rx_cursor *cur, const struct fw_frame *frame)
{
	const struct fw_cell *cell;

	for (cell = frame->head; cell; cell = cell->next)
		if (!fw_rx_fill_bytes(nic, qp, cur, cell->data + cell->start,
				      cell->len))
			return false;
	return true;
}

/* Wire frames and their bytes: all segments had headers of the same length. */
static void rx_count(struct fw_qp *qp, const struct fw_frame *frame,
		     const struct fw_rx_meta *meta, u32 descs)
{
	struct fw_ctx *ctx = qp->ctx;
	u32 bytes = frame->len + (meta->segs - 1u) * meta->pkt.payload;

	fw_ctx_count(ctx, CDNA_CSTAT_RX_FRAMES, meta->segs);
	fw_ctx_count(ctx, CDNA_CSTAT_RX_BYTES, bytes);
	fw_ctx_count(ctx, CDNA_CSTAT_RX_LOCAL, meta->local);
	if (fw_mac_multicast(fw_frame_data(frame)))
		fw_ctx_count(ctx, CDNA_CSTAT_RX_MULTICAST, 1);
	qp->stats[CDNA_QSTAT_RX_FRAMES]++;
	qp->stats[CDNA_QSTAT_RX_BYTES] += frame->len;
	qp->stats[CDNA_QSTAT_RX_DESCS] += descs;
	if (meta->segs > 1)
		qp->stats[CDNA_QSTAT_RX_MERGED] += meta->segs;
}

/**
 * fw_rx_fill_done() - a frame is in the buffers, and the driver can know
 * @nic: the NIC
 * @qp: the queue pair
 * @frame: the frame
 * @meta: what is known of it
 * @descs: descriptors that it takes
 */
void fw_rx_fill_done(struct fw_nic *nic, struct fw_qp *qp,
		     const struct fw_frame *frame,
		     const struct fw_rx_meta *meta, u32 descs)
{
	rx_count(qp, frame, meta, descs);
	/* The first is part of what the copy costs. */
	fw_ctx_work(qp->ctx, (descs - 1) * FW_WORK_DESC);
	fw_ring_consume(&qp->queue[CDNA_DIR_RX].ring, descs);
	fw_status_news(nic, qp, 1);
}

/**
 * fw_rx_fill_refuse() - a frame is dropped
 * @qp: the queue pair
 * @meta: what is known of the frame
 * @why: the reason
 */
void fw_rx_fill_refuse(struct fw_qp *qp, const struct fw_rx_meta *meta,
		       enum cdna_drop why)
{
	fw_ctx_count(qp->ctx, CDNA_CSTAT_DROP + why, meta->segs);
}

/**
 * fw_rx_fill_miss() - a frame is dropped for which there are no good buffers
 * @nic: the NIC
 * @qp: the queue pair
 * @meta: what is known of the frame
 *
 * The driver is notified, but not by an interrupt: it has nothing to do.
 */
void fw_rx_fill_miss(struct fw_nic *nic, struct fw_qp *qp,
		     const struct fw_rx_meta *meta)
{
	fw_rx_fill_refuse(qp, meta, CDNA_DROP_RX_NO_BUFFER);
	qp->rx_missed += meta->segs;
	fw_status_news(nic, qp, 0);
}
