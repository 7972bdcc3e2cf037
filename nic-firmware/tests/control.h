/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shorthand for tests of the control half: one small frame, and counters.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "test.h"

#define SEND_LEN	64u
#define STUCK_FRAMES	1000u

/* Send a small frame to a station on the wire. Does not step. */
static inline void send_one(struct h *h, u32 ctx, u32 qp)
{
	static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };
	u8 frame[SEND_LEN];

	frame_plain(frame, peer, h->ctx[ctx].mac, sizeof(frame), ctx);
	h_tx_send(h, ctx, qp, frame, sizeof(frame));
}

/* Send a small frame, and let everything that comes of it happen. */
static inline void send_run(struct h *h, u32 ctx)
{
	send_one(h, ctx, 0);
	h_run(h);
}

/* Put a frame for a context on the wire. Does not step. */
static inline void receive_one(struct h *h, u32 ctx)
{
	static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };
	u8 frame[SEND_LEN];

	frame_plain(frame, h->ctx[ctx].mac, peer, sizeof(frame), ctx);
	assert_true(fake_wire_push(h->board, frame, sizeof(frame)));
}

/* Interrupts that announced bit vectors to the host */
static inline u32 msis(const struct h *h)
{
	return h->board->raised[CDNA_VECTOR_BITVEC];
}

static inline u64 nic_stat(const struct h *h, enum cdna_nic_stat stat)
{
	return h->nic->stats[stat];
}

static inline u64 ctx_stat(const struct h *h, u32 ctx, u32 stat)
{
	return h->nic->ctx[ctx].stats[stat];
}

static inline void mgmt_store(struct h *h, u32 mbox, u32 value)
{
	fake_mbox_store(h->board, FW_PARTITION_MGMT, mbox, value);
}

static inline u32 reg_load(const struct h *h, u32 reg)
{
	return fake_sram_load(h->board, CDNA_REGISTER_PAGE + reg);
}

static inline u32 ctx_state(const struct h *h, u32 ctx)
{
	return h->nic->ctx[ctx].state;
}

/* The wire takes no frame until wire_go(). */
static inline void wire_stop(struct h *h)
{
	h->board->paced = true;
	h->board->room = 0;
}

static inline void wire_go(struct h *h)
{
	h->board->paced = false;
	h->board->stuck = false;
}

/*
 * Bring a context up with @qps queue pairs of which none can transmit: the
 * wire is stopped, and so many frames wait for it that the round does not move.
 */
static inline void up_but_stuck(struct h *h, u32 ctx, u32 qps)
{
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_COMPACT, .slots = CDNA_MAX_RING,
	};
	u32 i;

	h_ctx_up(h, ctx);
	wire_stop(h);
	assert_int_equal(h_queue_create(h, ctx, 0, CDNA_DIR_TX, &spec), 0);
	for (i = 0; i < STUCK_FRAMES; i++)
		send_one(h, ctx, 0);
	h_run(h);
	for (i = 1; i < qps; i++) {
		h_qp_up(h, ctx, i, 0, 0);
		send_one(h, ctx, i);
	}
	h_run(h);
	assert_true(h_tx_cons(h, ctx, 0) < STUCK_FRAMES);
	assert_int_equal(h_tx_cons(h, ctx, qps - 1), qps == 1 ?
			 h_tx_cons(h, ctx, 0) : 0);
}

/* Place in the trace of the first write into [addr, addr + len). */
static inline u32 traced_at(const struct h *h, u64 addr, u32 len)
{
	u32 i;

	assert_in_range(h->board->traced, 1, FAKE_DMA_TRACE);
	for (i = 0; i < h->board->traced; i++) {
		if (h->board->trace[i].write &&
		    h->board->trace[i].addr >= addr &&
		    h->board->trace[i].addr < addr + len)
			return i;
	}
	fail_msg("no write to that memory");
	return ~0u;
}

/* Wait for the completion of one command that was posted. */
static inline u32 admin_wait(struct h *h, u16 tag,
			     struct cdna_admin_completion *done)
{
	u32 i;

	for (i = 0; i < 1000; i++) {
		while (h_admin_poll(h, done)) {
			if (fw_le16(done->tag) == tag)
				return fw_le16(done->status);
		}
		h_step(h);
	}
	fail_msg("command %u was never completed", tag);
	return ~0u;
}

#endif /* CONTROL_H */
