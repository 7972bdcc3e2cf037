/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of transmission: plain frames in, plain frames out.
 */
#ifndef TX_BED_H
#define TX_BED_H

#include "test.h"

#define OTHER		9	/* a context that has done no wrong */

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

static inline void up(struct h *h, u32 ctx, u32 qp,
		      const struct h_ring_spec *spec)
{
	if (h->nic->ctx[ctx].state != CDNA_CTX_ACTIVE)
		h_ctx_up(h, ctx);
	assert_int_equal(h_queue_create(h, ctx, qp, CDNA_DIR_TX, spec), 0);
}

/* A NIC with two queue pairs of context 0, and one of another */
static inline struct h *tx_new_as(u32 mtu, const struct h_ring_spec *spec)
{
	struct h_config config = { .mtu = mtu };
	struct h *h = h_new(&config);

	up(h, 0, 0, spec);
	up(h, 0, 1, spec);
	up(h, OTHER, 0, spec);
	return h;
}

static inline struct h *tx_new(u32 mtu, u32 format, u32 offloads)
{
	return tx_new_as(mtu, &(struct h_ring_spec){
		.format = format, .slots = 64, .offloads = offloads,
	});
}

static inline u32 post(struct h *h, u32 ctx, u32 qp, u32 len, u32 pieces,
		       u32 fill)
{
	static u8 frame[FRAME_MAX];
	struct h_tx tx = { .data = frame, .len = len, .pieces = pieces };
	u32 first = h->ctx[ctx].qp[qp].queue[CDNA_DIR_TX].prod;

	frame_plain(frame, peer, h->ctx[ctx].mac, len, fill);
	assert_true(h_tx_post(h, ctx, qp, &tx));
	return first;
}

static inline void ring_and_run(struct h *h, u32 ctx, u32 qp)
{
	h_ring(h, ctx, qp, CDNA_DIR_TX);
	h_run(h);
	h_check(h);
}

/* The next frame on the wire is this one. */
static inline void expect_frame(struct h *h, u32 ctx, u32 len, u32 fill)
{
	static u8 want[FRAME_MAX], got[FRAME_MAX];

	frame_plain(want, peer, h->ctx[ctx].mac, len, fill);
	assert_int_equal(fake_wire_next(h->board, got, sizeof(got)), len);
	assert_memory_equal(want, got, len);
}

static inline void expect_silence(struct h *h)
{
	u8 got[64];

	assert_int_equal(fake_wire_next(h->board, got, sizeof(got)), 0);
}

static inline u64 drops(struct h *h, u32 ctx, enum cdna_drop why)
{
	return h->nic->ctx[ctx].stats[CDNA_CSTAT_DROP + why];
}

/* Other queues, of this and another context, work as ever. */
static inline void others_go_on(struct h *h)
{
	post(h, 0, 1, 70, 1, 1);
	ring_and_run(h, 0, 1);
	expect_frame(h, 0, 70, 1);
	post(h, OTHER, 0, 71, 1, 2);
	ring_and_run(h, OTHER, 0);
	expect_frame(h, OTHER, 71, 2);
	expect_silence(h);
}

#endif /* TX_BED_H */
