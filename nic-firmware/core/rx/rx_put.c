// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A frame into receive buffers, and its completions. Nothing is written
 * unless the whole frame fits into what was posted.
 */
#include "rx/rx_put.h"

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "ctx/status.h"
#include "state.h"

/* Completions in one write */
#define RX_COMPLETIONS		8
#define RX_COMP_PER_PAGE	\
	(CDNA_PAGE_SIZE / (u32)sizeof(struct cdna_rx_completion))

/**
 * fw_rx_room() - do the next receive buffers hold a frame?
 * @nic: the NIC
 * @qp: the queue pair
 * @len: bytes of the frame
 * @room: filled: bytes that the buffers looked at hold
 *
 * Looks at as many buffers as it takes, FW_RING_CACHE at most.
 *
 * Return: how many buffers the frame takes, 0 if there are not enough
 */
u32 fw_rx_room(struct fw_nic *nic, struct fw_qp *qp, u32 len, u32 *room)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	u32 n, ready = 0;

	*room = 0;
	for (n = 0; n < FW_RING_CACHE; ) {
		if (n >= ready)
			ready = fw_ring_available(nic, ring, n + 1);
		if (n >= ready)
			return 0;
		*room += fw_ring_peek(ring, n++)->len;
		if (*room >= len)
			return n;
	}
	return 0;
}

/* Wire frames and their bytes: all segments had headers of the same length. */
static void rx_count(struct fw_qp *qp, const struct fw_frame *frame,
		     const struct fw_rx_meta *meta, u32 buffers)
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
	qp->stats[CDNA_QSTAT_RX_DESCS] += buffers;
	if (meta->segs > 1)
		qp->stats[CDNA_QSTAT_RX_MERGED] += meta->segs;
}

/* Return: how many buffers were filled; fewer than the frame takes on error */
static u32 rx_fill(struct fw_nic *nic, struct fw_qp *qp,
		   const struct fw_frame *frame, u32 buffers)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	const struct fw_cell *cell = frame->head;
	u32 at = 0, i;

	for (i = 0; i < buffers; i++) {
		const struct fw_desc *desc = fw_ring_peek(ring, i);
		u32 done = 0, n;

		while (cell && done < desc->len) {
			n = FW_MIN((u32)desc->len - done, cell->len - at);
			if (fw_dma_write(nic, ring->ctx, desc->addr + done,
					 cell->data + cell->start + at, n))
				return i;
			done += n;
			at += n;
			if (at < cell->len)
				continue;
			cell = cell->next;
			at = 0;
		}
	}
	return buffers;
}

static void rx_describe(const struct fw_frame *frame,
			const struct fw_rx_meta *meta,
			struct cdna_rx_completion *comp)
{
	comp->flags = fw_to_le16(meta->flags | CDNA_RX_FIRST);
	comp->vlan_tci = fw_to_le16(meta->vlan_tci);
	comp->segs = fw_to_le16(meta->segs);
	comp->mss = fw_to_le16(meta->mss);
	if (meta->segs > 1)
		comp->hdr_len = fw_to_le16(meta->pkt.payload);
	comp->frame_len = fw_to_le32(frame->len);
	comp->hash = fw_to_le32(meta->hash);
}

/* Where the next completions go, and how many are contiguous there */
static u64 rx_comp_where(const struct fw_qp *qp, u32 index, u32 *run)
{
	u32 slot = index & (qp->comp_slots - 1);
	u32 in_page = slot % RX_COMP_PER_PAGE;

	*run = FW_MIN(*run, RX_COMP_PER_PAGE - in_page);
	*run = FW_MIN(*run, qp->comp_slots - slot);
	return qp->comp_page[slot / RX_COMP_PER_PAGE] +
	       in_page * (u32)sizeof(struct cdna_rx_completion);
}

static int rx_complete(struct fw_nic *nic, struct fw_qp *qp,
		       const struct fw_frame *frame,
		       const struct fw_rx_meta *meta, u32 buffers)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	struct cdna_rx_completion comp[RX_COMPLETIONS];
	u32 left = frame->len;
	u32 i, j, run;
	u64 addr;

	for (i = 0; i < buffers; i += run) {
		run = FW_MIN(buffers - i, (u32)RX_COMPLETIONS);
		addr = rx_comp_where(qp, qp->comp_prod + i, &run);
		for (j = 0; j < run; j++) {
			u32 len = FW_MIN((u32)fw_ring_peek(ring, i + j)->len,
					 left);

			comp[j] = (struct cdna_rx_completion){
				.index = fw_to_le32(ring->cons + i + j),
				.len = fw_to_le16((u16)len),
			};
			left -= len;
		}
		if (i == 0)
			rx_describe(frame, meta, &comp[0]);
		if (i + run == buffers)
			comp[run - 1].flags |= fw_to_le16(CDNA_RX_LAST);
		if (fw_dma_write(nic, ring->ctx, addr, comp,
				 run * (u32)sizeof(comp[0])))
			return FW_EFAULT;
	}
	return FW_OK;
}

static void rx_refuse(struct fw_qp *qp, const struct fw_rx_meta *meta,
		      enum cdna_drop why)
{
	fw_ctx_count(qp->ctx, CDNA_CSTAT_DROP + why, meta->segs);
}

/* The driver is notified, but not by an interrupt: it has nothing to do. */
static void rx_miss(struct fw_nic *nic, struct fw_qp *qp,
		    const struct fw_rx_meta *meta)
{
	rx_refuse(qp, meta, CDNA_DROP_RX_NO_BUFFER);
	qp->rx_missed += meta->segs;
	fw_status_news(nic, qp, 0);
}

/**
 * fw_rx_put() - a frame into a queue's buffers
 * @nic: the NIC
 * @qp: queue pair; the frame is dropped if its receive queue does not run
 * @frame: the frame; is only read
 * @meta: what the completion says about it
 */
void fw_rx_put(struct fw_nic *nic, struct fw_qp *qp,
	       const struct fw_frame *frame, const struct fw_rx_meta *meta)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	u32 buffers, filled, room;

	if (!fw_queue_served(qp, CDNA_DIR_RX)) {
		rx_refuse(qp, meta, CDNA_DROP_RX_NO_QUEUE);
		return;
	}
	buffers = fw_rx_room(nic, qp, frame->len, &room);
	if (!buffers) {
		rx_miss(nic, qp, meta);
		/* What is missing will not come: the next one is bad. */
		if (ring->fault.reason)
			fw_mark_fault(nic, qp, CDNA_DIR_RX);
		return;
	}
	filled = rx_fill(nic, qp, frame, buffers);
	if (filled < buffers) {
		rx_miss(nic, qp, meta);
		fw_mark_fault_at(nic, qp, CDNA_DIR_RX, CDNA_FAULT_DMA_DATA,
				 ring->cons + filled);
		return;
	}
	if (rx_complete(nic, qp, frame, meta, buffers)) {
		rx_miss(nic, qp, meta);
		fw_mark_ctx_fault(nic, qp->ctx, CDNA_FAULT_DMA_STATUS);
		return;
	}
	rx_count(qp, frame, meta, buffers);
	fw_ring_consume(ring, buffers);
	qp->comp_prod += buffers;
	fw_status_news(nic, qp, 1);
}
