// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path from outside: descriptors, mailboxes, completions, status.
 */
#include <string.h>

#include "harness.h"

static struct h_queue *h_queue(struct h *h, u32 ctx, u32 qp, u32 dir)
{
	return &h->ctx[ctx].qp[qp].queue[dir];
}

static void *h_paged(struct h *h, const u64 *page, u32 at)
{
	return fake_ptr(h->board, page[at / H_PAGE] + at % H_PAGE);
}

/**
 * h_desc_write() - write any descriptor anywhere in a ring
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 * @index: free-running
 * @desc: fields
 * @seq: sequence number
 */
void h_desc_write(struct h *h, u32 ctx, u32 qp, u32 dir, u32 index,
		  const struct fw_desc *desc, u32 seq)
{
	struct h_queue *queue = h_queue(h, ctx, qp, dir);
	u32 at = index % queue->slots * h_desc_bytes(queue->format);

	h_desc_encode(h_paged(h, queue->page, at), queue->format, desc, seq);
}

/**
 * h_post() - write the next descriptor with the right sequence number
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 * @desc: fields
 *
 * Return: its free-running index. The mailbox is not rung: see h_ring()
 */
u32 h_post(struct h *h, u32 ctx, u32 qp, u32 dir, const struct fw_desc *desc)
{
	struct h_queue *queue = h_queue(h, ctx, qp, dir);

	h_desc_write(h, ctx, qp, dir, queue->prod, desc, queue->seq++);
	if (dir == CDNA_DIR_RX)
		queue->len[queue->prod % queue->slots] = desc->len;
	return queue->prod++;
}

/**
 * h_ring() - store the producer into the mailbox
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 */
void h_ring(struct h *h, u32 ctx, u32 qp, u32 dir)
{
	fake_mbox_store(h->board, ctx, CDNA_MBOX(qp, dir),
			h_queue(h, ctx, qp, dir)->prod);
}

/**
 * h_rearm() - confirm that the driver has seen the present status
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 */
void h_rearm(struct h *h, u32 ctx, u32 qp)
{
	struct cdna_qp_status status;

	h_status(h, ctx, qp, &status);
	fake_mbox_store(h->board, ctx, CDNA_MBOX(qp, CDNA_MBOX_REARM),
			fw_le32(status.event));
}

/**
 * h_status() - status of a queue pair
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @status: little-endian as it is
 */
void h_status(struct h *h, u32 ctx, u32 qp, struct cdna_qp_status *status)
{
	memcpy(status, fake_ptr(h->board, h->ctx[ctx].status +
				qp * sizeof(*status)), sizeof(*status));
}

/**
 * h_tx_cons() - transmit consumer as the guest sees it
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 *
 * Return: free-running
 */
u32 h_tx_cons(struct h *h, u32 ctx, u32 qp)
{
	struct cdna_qp_status status;

	h_status(h, ctx, qp, &status);
	return fw_le32(status.tx_cons);
}

/**
 * h_room() - descriptors that a ring still takes, by the guest's status
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 *
 * Return: how many
 */
u32 h_room(struct h *h, u32 ctx, u32 qp, u32 dir)
{
	struct h_queue *queue = h_queue(h, ctx, qp, dir);
	struct cdna_qp_status status;

	h_status(h, ctx, qp, &status);
	return queue->slots - (queue->prod -
			       fw_le32(dir == CDNA_DIR_TX ? status.tx_cons :
							    status.rx_cons));
}

/**
 * h_buffer() - where a buffer is: at an odd place in its page, but crossing none
 * @queue: the ring
 * @index: free-running
 * @len: its bytes
 *
 * Return: bus address
 */
u64 h_buffer(const struct h_queue *queue, u32 index, u32 len)
{
	u32 slot = index % queue->slots;

	/* By slot, or benchmarks would wander through all of each page. */
	return queue->buffer + slot * (u64)H_PAGE +
	       slot * 67 % (H_PAGE + 1 - len);
}

/**
 * h_tx_post() - write the descriptors of a frame
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @tx: the frame
 *
 * Return: false if the ring has no room. The mailbox is not rung
 */
bool h_tx_post(struct h *h, u32 ctx, u32 qp, const struct h_tx *tx)
{
	struct h_queue *queue = h_queue(h, ctx, qp, CDNA_DIR_TX);
	u32 pieces = tx->pieces;
	u32 at = 0;
	u32 head;
	u32 i;

	if (!pieces)
		pieces = FW_MAX((tx->len + H_PAGE - 1) / H_PAGE, 1u);
	if (h_room(h, ctx, qp, CDNA_DIR_TX) < pieces)
		return false;
	head = h_chain_begin(queue);
	for (i = 0; i < pieces; i++) {
		u32 len = (tx->len - at) / (pieces - i);
		struct fw_desc desc = {
			.addr = h_buffer(queue, queue->prod, len),
			.len = (u16)len,
			.flags = tx->flags,
			.csum_start = tx->csum_start,
			.csum_offset = tx->csum_offset,
			.mss = tx->mss,
			.vlan_tci = tx->vlan_tci,
			.head = (u16)head,
		};

		if (i == pieces - 1)
			desc.flags |= CDNA_DESC_EOP;
		memcpy(fake_ptr(h->board, desc.addr), tx->data + at, len);
		at += len;
		h_post(h, ctx, qp, CDNA_DIR_TX, &desc);
	}
	return true;
}

/**
 * h_tx_send() - post a frame without offloads and ring the mailbox
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @data: the frame
 * @len: bytes
 */
void h_tx_send(struct h *h, u32 ctx, u32 qp, const u8 *data, u32 len)
{
	struct h_tx tx = { .data = data, .len = len };

	FAKE_CHECK(h_tx_post(h, ctx, qp, &tx));
	h_ring(h, ctx, qp, CDNA_DIR_TX);
}

/**
 * h_rx_post() - write descriptors of empty buffers, each a chain if it is virtio
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @count: how many
 * @len: bytes of each, at most H_PAGE
 */
void h_rx_post(struct h *h, u32 ctx, u32 qp, u32 count, u32 len)
{
	struct h_queue *queue = h_queue(h, ctx, qp, CDNA_DIR_RX);

	while (count--) {
		struct fw_desc desc = {
			.addr = h_buffer(queue, queue->prod, len),
			.len = (u16)len,
			.flags = queue->used.slots ? CDNA_DESC_EOP : 0,
			.head = (u16)h_chain_begin(queue),
		};

		h_post(h, ctx, qp, CDNA_DIR_RX, &desc);
	}
}

/**
 * h_rx_fill() - h_rx_post() and ring the mailbox
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @count: how many
 * @len: bytes of each
 */
void h_rx_fill(struct h *h, u32 ctx, u32 qp, u32 count, u32 len)
{
	h_rx_post(h, ctx, qp, count, len);
	h_ring(h, ctx, qp, CDNA_DIR_RX);
}

static bool h_completion(struct h *h, u32 ctx, u32 qp,
			 struct cdna_rx_completion *done)
{
	struct h_qp *pair = &h->ctx[ctx].qp[qp];
	struct cdna_qp_status status;
	u32 slot;

	h_status(h, ctx, qp, &status);
	if (fw_le32(status.rx_comp_prod) == pair->comp_cons)
		return false;
	FAKE_CHECK(fw_le32(status.rx_comp_prod) - pair->comp_cons <=
		   pair->comp_slots);
	slot = pair->comp_cons++ % pair->comp_slots;
	memcpy(done, h_paged(h, pair->comp_page, slot * (u32)sizeof(*done)),
	       sizeof(*done));
	return true;
}

static void h_rx_first(struct h_rx *rx, const struct cdna_rx_completion *done)
{
	rx->first.index = fw_le32(done->index);
	rx->first.flags = fw_le16(done->flags);
	rx->first.vlan_tci = fw_le16(done->vlan_tci);
	rx->first.segs = fw_le16(done->segs);
	rx->first.mss = fw_le16(done->mss);
	rx->first.hdr_len = fw_le16(done->hdr_len);
	rx->first.hash = fw_le32(done->hash);
}

/**
 * h_rx_next() - take a received frame
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @rx: the frame
 *
 * Checks what holds for any frame: first and last buffer, lengths, indices
 * in order. Buffers are not posted again.
 *
 * Return: false if there is none
 */
bool h_rx_next(struct h *h, u32 ctx, u32 qp, struct h_rx *rx)
{
	struct h_queue *queue = h_queue(h, ctx, qp, CDNA_DIR_RX);
	struct cdna_rx_completion done;
	u32 flags;
	u32 total;

	rx->buffers = 0;
	rx->len = 0;
	if (!h_completion(h, ctx, qp, &done))
		return false;
	h_rx_first(rx, &done);
	total = fw_le32(done.frame_len);
	FAKE_CHECK(rx->first.flags & CDNA_RX_FIRST);
	for (;;) {
		u32 index = fw_le32(done.index);
		u32 len = fw_le16(done.len);
		u32 posted = queue->len[index % queue->slots];

		flags = fw_le16(done.flags);
		FAKE_CHECK(index == rx->first.index + rx->buffers);
		FAKE_CHECK(len && len <= posted && rx->len + len <= FRAME_MAX);
		FAKE_CHECK(!!(flags & CDNA_RX_FIRST) == !rx->buffers);
		memcpy(rx->data + rx->len,
		       fake_ptr(h->board, h_buffer(queue, index, posted)),
		       len);
		rx->len += len;
		rx->buffers++;
		if (flags & CDNA_RX_LAST)
			break;
		FAKE_CHECK(len == posted);
		FAKE_CHECK(h_completion(h, ctx, qp, &done));
	}
	FAKE_CHECK(rx->len == total);
	return true;
}

/**
 * h_rx_drain() - take and forget all received frames
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 *
 * Return: how many there were
 */
u32 h_rx_drain(struct h *h, u32 ctx, u32 qp)
{
	static struct h_rx rx;
	u32 n = 0;

	while (h_rx_next(h, ctx, qp, &rx))
		n++;
	return n;
}
