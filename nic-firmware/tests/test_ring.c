// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor rings by themselves: where they are, what is fetched, which
 * sequence numbers are believed (I4, I5).
 */
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

static u32 desc_bytes(u32 format)
{
	return format == CDNA_FORMAT_COMPACT ? 16 : 32;
}

/* Pages in a row, or, with @scatter, none next to another */
static void rig_up(struct rig *rig, u32 format, u32 slots, u32 seq,
		   bool scatter)
{
	u32 pages = (slots * desc_bytes(format) + H_PAGE - 1) / H_PAGE;
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

static void rig_down(struct rig *rig)
{
	h_free(rig->h);
}

/* Start somewhere else than at index 0. */
static void rig_start_at(struct rig *rig, u32 index)
{
	rig->ring.cons = index;
	rig->ring.fetched = index;
	rig->ring.prod = index;
	rig->seq -= index;
}

static void write_raw(struct rig *rig, u32 index, const struct fw_desc *desc,
		      u32 seq)
{
	u32 bytes = desc_bytes(rig->ring.format);
	u32 at = index % rig->ring.slots * bytes;
	u8 *p = fake_ptr(rig->h->board,
			 rig->ring.page[at / H_PAGE] + at % H_PAGE);
	struct cdna_desc_offload raw = {
		.addr = fw_to_le64(desc->addr),
		.len = fw_to_le16(desc->len),
		.flags = fw_to_le16(desc->flags),
		.seq = fw_to_le32(seq),
		.csum_start = fw_to_le16(desc->csum_start),
		.csum_offset = fw_to_le16(desc->csum_offset),
		.mss = fw_to_le16(desc->mss),
		.vlan_tci = fw_to_le16(desc->vlan_tci),
	};

	if (bytes == 16)
		raw.seq = fw_to_le32(seq & 0xffff);
	memcpy(p, &raw, bytes);
}

/* A good one; its address tells its index */
static void write_good(struct rig *rig, u32 index)
{
	struct fw_desc desc = { .addr = 0x1000 + (u64)index, .len = 64,
				.flags = CDNA_DESC_EOP };

	write_raw(rig, index, &desc, rig->seq + index);
}

/* Take @n descriptors, in steps of up to @step; each must be the next one. */
static void take_good(struct rig *rig, u32 n, u32 step)
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

/* Post and take in random portions, @total in all */
static void stream(struct rig *rig, struct prng *prng, u32 total)
{
	struct fw_ring *ring = &rig->ring;
	u32 end = ring->cons + total;

	while (ring->cons != end) {
		u32 room = ring->slots - (ring->prod - ring->cons);
		u32 prod = ring->prod;
		u32 n;

		n = prng_below(prng, FW_MIN(room, end - prod) + 1);
		while (n--)
			write_good(rig, prod++);
		assert_true(fw_ring_advance(ring, prod));
		take_good(rig, prng_below(prng, prod - ring->cons + 1),
			  1 + prng_below(prng, FW_RING_CACHE));
	}
	assert_int_equal(ring->fault.reason, CDNA_FAULT_NONE);
}

static void formats_are_announced_as_they_are(void **state)
{
	const struct cdna_desc_format *f;
	u32 i;

	(void)state;
	for (i = 0; i < CDNA_NR_FORMATS; i++) {
		f = fw_ring_format(i);
		assert_int_equal(f->id, i);
		assert_int_equal(f->size, desc_bytes(i));
		assert_int_equal(f->addr.offset, 0);
		assert_int_equal(f->addr.bits, 64);
		assert_int_equal(f->len.offset, 8);
		assert_int_equal(f->flags.offset, 10);
		assert_int_equal(f->seq.offset, 12);
		assert_int_equal(f->seq.bits, i ? 32 : 16);
		assert_int_equal(fw_le32(f->flag_eop), 1);
		assert_int_equal(fw_le32(f->flag_check), i ? 0xfff0 : 0xfffe);
		assert_int_equal(fw_le16(f->max_len), CDNA_MAX_DESC_LEN);
		assert_int_equal(fw_le16(f->max_chain), CDNA_MAX_CHAIN);
		assert_int_equal(fw_le16(f->dirs), 3);
		/* Paper 3.3: at least twice the largest ring */
		assert_true(f->seq.bits >= 32 ||
			    1u << f->seq.bits >= 2 * CDNA_MAX_RING);
	}
	assert_int_equal(fw_le32(fw_ring_format(0)->offloads) & 0xf, 0);
	assert_int_equal(fw_le32(fw_ring_format(1)->offloads) & 0xf, 0xf);
	assert_null(fw_ring_format(CDNA_NR_FORMATS));
	assert_null(fw_ring_format(~0u));
}

static void all_sizes_layouts_formats(void **state)
{
	struct prng prng;
	u32 format, slots, scatter;

	(void)state;
	prng_seed(&prng, "all_sizes_layouts_formats");
	for (format = 0; format < CDNA_NR_FORMATS; format++)
		for (slots = CDNA_MIN_RING; slots <= CDNA_MAX_RING; slots *= 8)
			for (scatter = 0; scatter < 2; scatter++) {
				struct rig rig;

				rig_up(&rig, format, slots, 7, scatter);
				stream(&rig, &prng, 3 * slots + 5);
				rig_down(&rig);
			}
}

static void sequence_numbers_wrap(void **state)
{
	static const struct {
		u32 format, seq;
	} cases[] = {
		{ CDNA_FORMAT_COMPACT, 0xfff0 },
		{ CDNA_FORMAT_COMPACT, 0xffff },
		{ CDNA_FORMAT_OFFLOAD, 0xfff0 },
		{ CDNA_FORMAT_OFFLOAD, 0xfffffff0 },
		{ CDNA_FORMAT_OFFLOAD, 0xffffffff },
	};
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "sequence_numbers_wrap");
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		struct rig rig;

		rig_up(&rig, cases[i].format, 64, cases[i].seq, false);
		stream(&rig, &prng, 200);
		rig_down(&rig);
	}
}

/* All numbers of 16 bits, more than once around */
static void sequence_numbers_wrap_often(void **state)
{
	struct prng prng;
	struct rig rig;

	(void)state;
	prng_seed(&prng, "sequence_numbers_wrap_often");
	rig_up(&rig, CDNA_FORMAT_COMPACT, 4096, 1, false);
	stream(&rig, &prng, 200000);
	rig_down(&rig);
}

static void indices_wrap(void **state)
{
	struct prng prng;
	struct rig rig;

	(void)state;
	prng_seed(&prng, "indices_wrap");
	rig_up(&rig, CDNA_FORMAT_OFFLOAD, 256, 3, true);
	rig_start_at(&rig, 0xffffff80);
	stream(&rig, &prng, 1000);
	assert_int_equal(rig.ring.cons, 0xffffff80 + 1000);
	rig_down(&rig);
}

/* One look per batch: few and long reads, also across the ring's end */
static void fetches_in_batches(void **state)
{
	struct fake_board *board;
	struct rig rig;
	u32 i;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_OFFLOAD, 256, 0, false);
	board = rig.h->board;
	rig_start_at(&rig, 200);
	for (i = 0; i < 256; i++)
		write_good(&rig, 200 + i);
	assert_true(fw_ring_advance(&rig.ring, 456));
	fake_mark(board, CTX);
	assert_int_equal(fw_ring_available(rig.h->nic, &rig.ring, 1), 56);
	assert_int_equal(fake_touched(board, CTX), 1);
	take_good(&rig, 56, 8);
	assert_int_equal(fake_touched(board, CTX), 1);
	take_good(&rig, 200, 20);
	/* 64 at a time, less what was still in the cache */
	assert_true(fake_touched(board, CTX) <= 1 + 5);
	assert_int_equal(fw_ring_available(rig.h->nic, &rig.ring, 1), 0);
	rig_down(&rig);
}

/* Nothing behind the producer is ever looked at. */
static void never_reads_ahead_of_the_producer(void **state)
{
	struct rig rig;
	u32 i;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_COMPACT, 64, 0, false);
	for (i = 0; i < 64; i++)
		write_good(&rig, i);
	rig.h->board->tracing = true;
	assert_true(fw_ring_advance(&rig.ring, 3));
	assert_int_equal(fw_ring_available(rig.h->nic, &rig.ring, 20), 3);
	assert_int_equal(rig.h->board->traced, 1);
	assert_int_equal(rig.h->board->trace[0].len, 3 * 16);
	assert_int_equal(rig.h->board->trace[0].tag, CTX);
	/* What was read once is not read again, whatever is there now. */
	memset(fake_ptr(rig.h->board, rig.ring.page[0]), 0xff, 48);
	take_good(&rig, 3, 1);
	rig_down(&rig);
}

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

/* What stands before the bad one is good; what comes after is not looked at. */
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

/* In a receive ring flags mean nothing, in both formats. */
static void limits_are_within_bounds(void **state)
{
	struct fw_desc desc = { .addr = 0x1000, .len = 4096, .flags = 0xffff };
	struct rig rig;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_COMPACT, 64, 0, false);
	rig.ring.dir = CDNA_DIR_RX;
	write_raw(&rig, 0, &desc, 0);
	desc.len = 1;
	desc.addr++;
	write_raw(&rig, 1, &desc, 1);
	assert_true(fw_ring_advance(&rig.ring, 2));
	take_good(&rig, 2, 2);
	rig_down(&rig);
}

/* All fields of a format, and none that it lacks */
static void decodes(void **state)
{
	struct fw_desc desc = {
		.addr = 0x1122334455667788, .len = 0x0abc, .flags = 0xf,
		.csum_start = 0x1234, .csum_offset = 0x5678, .mss = 0x9abc,
		.vlan_tci = 0xdef0,
	};
	const struct fw_desc *got;
	struct rig rig;

	(void)state;
	rig_up(&rig, CDNA_FORMAT_OFFLOAD, 64, 0x01020304, false);
	write_raw(&rig, 0, &desc, 0x01020304);
	assert_true(fw_ring_advance(&rig.ring, 1));
	assert_int_equal(fw_ring_available(rig.h->nic, &rig.ring, 1), 1);
	got = fw_ring_peek(&rig.ring, 0);
	assert_int_equal(got->addr, desc.addr);
	assert_int_equal(got->len, desc.len);
	assert_int_equal(got->flags, desc.flags);
	assert_int_equal(got->csum_start, desc.csum_start);
	assert_int_equal(got->csum_offset, desc.csum_offset);
	assert_int_equal(got->mss, desc.mss);
	assert_int_equal(got->vlan_tci, desc.vlan_tci);
	rig_down(&rig);

	rig_up(&rig, CDNA_FORMAT_COMPACT, 64, 0x0304, false);
	desc.flags = 1;
	write_raw(&rig, 0, &desc, 0x0304);
	memset(&rig.ring.desc[0], 0xff, sizeof(rig.ring.desc[0]));
	assert_true(fw_ring_advance(&rig.ring, 1));
	assert_int_equal(fw_ring_available(rig.h->nic, &rig.ring, 1), 1);
	got = fw_ring_peek(&rig.ring, 0);
	assert_int_equal(got->addr, desc.addr);
	assert_int_equal(got->len, desc.len);
	assert_int_equal(got->flags, 1);
	assert_int_equal(got->csum_start | got->csum_offset | got->mss |
			 got->vlan_tci, 0);
	rig_down(&rig);
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
	TEST(formats_are_announced_as_they_are),
	TEST(all_sizes_layouts_formats),
	TEST(sequence_numbers_wrap),
	TEST(sequence_numbers_wrap_often),
	TEST(indices_wrap),
	TEST(fetches_in_batches),
	TEST(never_reads_ahead_of_the_producer),
	TEST(producers_to_believe),
	TEST(stale),
	TEST(skipped_and_repeated),
	TEST(lengths_and_flags),
	TEST(limits_are_within_bounds),
	TEST(decodes),
	TEST(a_ring_that_cannot_be_read),
)
