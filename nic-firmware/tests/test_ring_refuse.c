// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor rings by themselves: which producer indices and sequence numbers
 * are believed, and what stops a ring (I4, I5).
 */
#include "ring_rig.h"

static void producers_to_believe(void **state)
{
	struct rig rig;
	struct fw_ring *ring = &rig.ring;
	u32 at;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_OFFLOAD, 64, 0, false);
	for (at = 0; at < 2; at++) {
		rig_start_at(&rig, at ? 0xfffffff0 : 1000);
		ring->cons = ring->fetched;
		assert_true(fw_ring_advance(ring, ring->cons));
		assert_true(fw_ring_advance(ring, ring->cons + 10));
		assert_false(fw_ring_advance(ring, ring->cons + 65));
		assert_false(fw_ring_advance(ring, ring->cons + 9));
		assert_false(fw_ring_advance(ring, ring->cons - 1));
		assert_false(fw_ring_advance(ring, ring->cons + 0x80000000));
		assert_false(fw_ring_advance(ring, 0x70000000));
		assert_int_equal(ring->prod, ring->cons + 10);
		assert_true(fw_ring_advance(ring, ring->cons + 64));
		assert_true(fw_ring_advance(ring, ring->cons + 64));
	}
	rig_down(&rig);
}

/* What is before the bad one is good; what comes after is not looked at. */
static void expect_fault(struct rig *rig, u32 good, u32 reason, u32 expected,
			 u32 seen)
{
	struct fw_ring *ring = &rig->ring;
	u32 first = ring->cons;

	assert_int_equal(fw_ring_available(rig->h->nic, ring, FW_RING_CACHE),
			 good);
	assert_int_equal(ring->fault.reason, reason);
	assert_int_equal(ring->fault.index, first + good);
	assert_int_equal(ring->fault.expected, expected);
	assert_int_equal(ring->fault.seen, seen);
	assert_int_equal(fw_ring_stuck(ring), good == 0);
	take_good(rig, good, 7);
	assert_true(fw_ring_stuck(ring));
	fake_mark(rig->h->board, CTX);
	assert_int_equal(fw_ring_available(rig->h->nic, ring, 1), 0);
	assert_int_equal(fake_touched(rig->h->board, CTX), 0);
}

/* The mailbox goes further than the host wrote: a round old, paper 3.3 */
static void stale(void **state)
{
	u32 format, good;

	(void)state;
	for (format = 0; format < CDNA_NR_FORMATS; format++) {
		for (good = 0; good < 40; good += 13) {
			u32 mask = format ? 0xffffffff : 0xffff;
			u32 seq = mask - 70;
			struct rig rig;
			u32 i;

			rig_up(&rig, format, 64, seq, false);
			for (i = 0; i < 64; i++)
				write_good(&rig, i);
			assert_true(fw_ring_advance(&rig.ring, 64));
			take_good(&rig, 64, 64);
			for (i = 0; i < good; i++)
				write_good(&rig, 64 + i);
			assert_true(fw_ring_advance(&rig.ring, 128));
			expect_fault(&rig, good, CDNA_FAULT_SEQUENCE,
				     (seq + 64 + good) & mask,
				     (seq + good) & mask);
			rig_down(&rig);
		}
	}
}

static void skipped_and_repeated(void **state)
{
	static const s32 off[] = { 1, -1, 2, 1000, 0x8000, -64 };
	u32 format, i, k;

	(void)state;
	for (format = 0; format < CDNA_NR_FORMATS; format++) {
		for (k = 0; k < FW_ARRAY_SIZE(off); k++) {
			struct fw_desc desc = { .addr = 0x1009, .len = 64,
						.flags = CDNA_DESC_EOP };
			struct rig rig;

			rig_up(&rig, format, 64, 100, false);
			for (i = 0; i < 30; i++)
				write_good(&rig, i);
			write_raw(&rig, 9, &desc, 109 + (u32)off[k]);
			assert_true(fw_ring_advance(&rig.ring, 30));
			expect_fault(&rig, 9, CDNA_FAULT_SEQUENCE, 109,
				     (109 + (u32)off[k]) &
				     (format ? 0xffffffff : 0xffff));
			rig_down(&rig);
		}
	}
}

static void lengths_and_flags(void **state)
{
	static const struct {
		u32 format;
		u16 len, flags;
		u32 reason;
	} cases[] = {
		{ 0, 0, 1, CDNA_FAULT_LENGTH },
		{ 0, 4097, 1, CDNA_FAULT_LENGTH },
		{ 1, 0, 1, CDNA_FAULT_LENGTH },
		{ 1, 65535, 1, CDNA_FAULT_LENGTH },
		{ 0, 64, CDNA_DESC_CSUM, CDNA_FAULT_FLAGS },
		{ 0, 64, CDNA_DESC_TSO | 1, CDNA_FAULT_FLAGS },
		{ 0, 64, 0x8000, CDNA_FAULT_FLAGS },
		{ 1, 64, 0x10, CDNA_FAULT_FLAGS },
		{ 1, 64, 0x8001, CDNA_FAULT_FLAGS },
	};
	u32 i, k;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		struct fw_desc desc = { .addr = 0x1014, .len = cases[i].len,
					.flags = cases[i].flags };
		struct rig rig;

		rig_up(&rig, cases[i].format, 64, 0, false);
		for (k = 0; k < 40; k++)
			write_good(&rig, k);
		write_raw(&rig, 20, &desc, 20);
		assert_true(fw_ring_advance(&rig.ring, 40));
		expect_fault(&rig, 20, cases[i].reason, 20, 20);
		rig_down(&rig);
	}
}

static void a_ring_that_cannot_be_read(void **state)
{
	struct rig rig;
	u32 i;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_OFFLOAD, 256, 0, true);
	for (i = 0; i < 256; i++)
		write_good(&rig, i);
	fake_hole_add(rig.h->board, rig.ring.page[1], H_PAGE, true, true);
	assert_true(fw_ring_advance(&rig.ring, 256));
	take_good(&rig, 128, 20);
	expect_fault(&rig, 0, CDNA_FAULT_DMA_DESC, 128, 0);
	rig_down(&rig);
}

TEST_MAIN(
	TEST(producers_to_believe),
	TEST(stale),
	TEST(skipped_and_repeated),
	TEST(lengths_and_flags),
	TEST(a_ring_that_cannot_be_read),
)
