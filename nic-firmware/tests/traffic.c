// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts that send as fast as they can, for scenarios.
 */
#include <string.h>

#include "traffic.h"

static const u8 traffic_peer[6] = { 0x02, 0, 0, 0, 0, 0x99 };

/**
 * traffic_up() - bring a sender up, with a large ring
 * @h: the NIC
 * @t: the sender
 * @ctx: its context, FREE
 * @payload: bytes of payload of each frame
 */
void traffic_up(struct h *h, struct traffic *t, u32 ctx, u32 payload)
{
	struct h_ring_spec tx = {
		.format = CDNA_FORMAT_OFFLOAD, .slots = TRAFFIC_SLOTS,
		.offloads = H_OFFLOADS_TX,
	};

	h_ctx_up(h, ctx);
	FAKE_CHECK(!h_queue_create(h, ctx, 0, CDNA_DIR_TX, &tx));
	FAKE_CHECK(!h_bind(h, ctx, 0, ctx * CDNA_MAX_QPS));
	t->ctx = ctx;
	t->payload = payload;
	t->offered = 0;
	memcpy(t->dst, traffic_peer, 6);
}

/**
 * traffic_refill() - fill the sender's ring and ring its mailbox
 * @h: the NIC
 * @t: the sender
 */
void traffic_refill(struct h *h, struct traffic *t)
{
	struct frame_spec spec = FRAME_TCP4(.payload = t->payload,
					    .partial = t->payload > 1460);
	static u8 frame[FRAME_MAX];
	struct h_tx tx = { .data = frame };

	if (h->nic->ctx[t->ctx].state != CDNA_CTX_ACTIVE)
		return;
	memcpy(spec.dst, t->dst, 6);
	h_mac(spec.src, t->ctx);
	if (t->payload > 1460) {
		tx.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM;
		tx.csum_start = 34;
		tx.csum_offset = 16;
		tx.mss = 1460;
	}
	tx.len = frame_build(frame, &spec);
	while (h_tx_post(h, t->ctx, 0, &tx))
		t->offered++;
	h_ring(h, t->ctx, 0, CDNA_DIR_TX);
}

/**
 * traffic_from_wire() - put TCP segments for a context on the wire
 * @h: the NIC
 * @ctx: the context
 * @count: how many, of one flow and in order
 * @payload: bytes of payload of each
 */
void traffic_from_wire(struct h *h, u32 ctx, u32 count, u32 payload)
{
	u8 frame[2048];
	u32 len;
	u32 i;

	for (i = 0; i < count; i++) {
		struct frame_spec spec = FRAME_TCP4(
			.payload = payload, .seq = i * payload, .fill = i);

		h_mac(spec.dst, ctx);
		memcpy(spec.src, traffic_peer, 6);
		len = frame_build(frame, &spec);
		FAKE_CHECK(fake_wire_push(h->board, frame, len));
	}
}

/**
 * traffic_sent() - take all frames off the wire, bytes by sender
 * @h: the NIC
 * @bytes: of each context by its number, added to
 */
void traffic_sent(struct h *h, u64 *bytes)
{
	static u8 frame[FRAME_MAX];
	u32 len;

	while ((len = fake_wire_next(h->board, frame, sizeof(frame))))
		bytes[frame[6 + 5]] += len;
}

/**
 * traffic_pace() - let the wire take that many more bytes
 * @h: the NIC
 * @bytes: what it takes until the next call, nothing after that
 */
void traffic_pace(struct h *h, u64 bytes)
{
	h->board->paced = true;
	h->board->room = bytes;
	h->board->stuck = false;
}
