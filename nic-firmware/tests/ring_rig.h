/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of rings: a ring with its memory and without a queue.
 */
#ifndef RING_RIG_H
#define RING_RIG_H

#include "test.h"

#define CTX		5

/**
 * struct rig - a ring and its memory
 * @h: the NIC
 * @ring: the ring, of no context's queue
 * @seq: sequence number of the descriptor at index 0
 */
struct rig {
	struct h *h;
	struct fw_ring ring;
	u32 seq;
};

/* Pages in a row, or, with @scatter, none next to another */
static inline void rig_up(struct rig *rig, u32 format, u32 slots, u32 seq,
			  bool scatter)
{
	u32 pages = (slots * h_desc_bytes(format) + H_PAGE - 1) / H_PAGE;
	u64 base;
	u32 i;

	rig->h = h_new(NULL);
	rig->seq = seq;
	base = fake_alloc(rig->h->board, CTX, pages * 2 * H_PAGE, H_PAGE);
	for (i = 0; i < pages; i++)
		rig->ring.page[i] = base + (scatter ? pages * 2 - 1 - i * 2 :
					    i) * (u64)H_PAGE;
	fw_ring_init(&rig->ring, CTX, CDNA_DIR_TX, format, slots, seq);
}

static inline void rig_down(struct rig *rig)
{
	h_free(rig->h);
}

/* Start somewhere else than at index 0. */
static inline void rig_start_at(struct rig *rig, u32 index)
{
	rig->ring.cons = index;
	rig->ring.fetched = index;
	rig->ring.prod = index;
	rig->seq -= index;
}

static inline void write_raw(struct rig *rig, u32 index,
			     const struct fw_desc *desc, u32 seq)
{
	u32 at = index % rig->ring.slots * h_desc_bytes(rig->ring.format);
	u8 *p = fake_ptr(rig->h->board,
			 rig->ring.page[at / H_PAGE] + at % H_PAGE);

	h_desc_encode(p, rig->ring.format, desc, seq);
}

/* A good one; its address tells its index */
static inline void write_good(struct rig *rig, u32 index)
{
	struct fw_desc desc = { .addr = 0x1000 + (u64)index, .len = 64,
				.flags = CDNA_DESC_EOP };

	write_raw(rig, index, &desc, rig->seq + index);
}

/* Take @n descriptors, in steps of up to @step; each must be the next one. */
static inline void take_good(struct rig *rig, u32 n, u32 step)
{
	while (n) {
		u32 i, got;

		got = fw_ring_available(rig->h->nic, &rig->ring,
					FW_MIN(step, n));
		assert_true(got >= FW_MIN(step, n));
		assert_true(got <= FW_RING_CACHE);
		got = FW_MIN(FW_MIN(step, n), got);
		for (i = 0; i < got; i++)
			assert_int_equal(fw_ring_peek(&rig->ring, i)->addr,
					 0x1000 + (u64)(rig->ring.cons + i));
		fw_ring_consume(&rig->ring, got);
		n -= got;
	}
}

#endif /* RING_RIG_H */
