/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of the scheduler: frames by the piece, limits that are used up, and
 * what was charged.
 */
#ifndef SCHED_LOAD_H
#define SCHED_LOAD_H

#include "test.h"

#define MS		1000000ull
#define SECOND		1000000000ull

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

static inline void post_one(struct h *h, u32 ctx, u32 len)
{
	u8 frame[2000];

	frame_plain(frame, peer, h->ctx[ctx].mac, len, 0);
	h_tx_send(h, ctx, 0, frame, len);
}

/* Use up the burst of a limit. */
static inline void exhaust(struct h *h, u32 ctx, u32 mbps)
{
	assert_int_equal(h_limits(h, ctx, mbps, 0), 0);
	while (h->nic->ctx[ctx].sched.rate.tokens > 0) {
		post_one(h, ctx, 1514);
		h_run(h);
	}
	fake_wire_clear(h->board);
}

/*
 * What a context that sends to the wire was charged: @bytes, and work. Either all
 * that it sends are segments or none.
 */
static inline u64 charged(const struct h *h, u32 ctx, u64 bytes)
{
	u64 frames = 0, segments = 0, descs = 0;
	u32 qp;

	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		const u64 *stats = h->nic->ctx[ctx].qp[qp].stats;

		frames += stats[CDNA_QSTAT_TX_FRAMES];
		segments += stats[CDNA_QSTAT_TX_SEGMENTS];
		descs += stats[CDNA_QSTAT_TX_DESCS];
	}
	return bytes + (segments ? segments : frames) * FW_WORK_FRAME +
	       segments * FW_WORK_SEGMENT + descs * FW_WORK_DESC;
}

#endif /* SCHED_LOAD_H */
