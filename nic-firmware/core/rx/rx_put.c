// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A frame into receive buffers, and its completions. Nothing is written
 * unless the whole frame fits into what was posted.
 */
#include "rx/rx_put.h"

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "rx/rx_virtio.h"
#include "state.h"

/* Completions in one write */
#define RX_COMPLETIONS		8
#define RX_COMP_PER_PAGE	\
	(CDNA_PAGE_SIZE / (u32)sizeof(struct cdna_rx_completion))

/*
 * Do the next receive buffers hold @len bytes? As many are looked at as it
 * takes, FW_RING_CACHE at most, and @room is what these hold. Return: how many,
 * 0 if there are not enough
 */
static u32 rx_buffers(struct fw_nic *nic, struct fw_qp *qp, u32 len, u32 *room)
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

/**
 * fw_rx_room() - how large a frame the next receive buffers hold
 * @nic: the NIC
 * @qp: the queue pair
 *
 * Return: bytes, of CDNA_MAX_FRAME_BYTES or more if there is room for any frame
 */
u32 fw_rx_room(struct fw_nic *nic, struct fw_qp *qp)
{
	u32 room;

	if (fw_queue_has_used(qp, CDNA_DIR_RX))
		return fw_rx_virtio_room(nic, qp);
	rx_buffers(nic, qp, CDNA_MAX_FRAME_BYTES, &room);
	return room;
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
	struct fw_rx_cursor cur = { 0 };
	u32 buffers, room;

	if (!fw_queue_served(qp, CDNA_DIR_RX)) {
		fw_rx_fill_refuse(qp, meta, CDNA_DROP_RX_NO_QUEUE);
		return;
	}
	if (qp->queue[CDNA_DIR_RX].used.slots) {
		fw_rx_virtio_put(nic, qp, frame, meta);
		return;
	}
	buffers = rx_buffers(nic, qp, frame->len, &room);
	if (!buffers) {
		fw_rx_fill_miss(nic, qp, meta);
		/* What is missing will not come: the next one is bad. */
		if (ring->fault.reason)
			fw_mark_fault(nic, qp, CDNA_DIR_RX);
		return;
	}
	if (!fw_rx_fill_frame(nic, qp, &cur, frame)) {
		fw_rx_fill_miss(nic, qp, meta);
		return;
	}
	if (rx_complete(nic, qp, frame, meta, buffers)) {
		fw_rx_fill_miss(nic, qp, meta);
		fw_mark_ctx_fault(nic, qp->ctx, CDNA_FAULT_DMA_STATUS);
		return;
	}
	qp->comp_prod += buffers;
	fw_rx_fill_done(nic, qp, frame, meta, buffers);
}
