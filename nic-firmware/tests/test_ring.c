// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor rings by themselves: where they are, what is fetched and when,
 * and how it is read.
 */
#include "ring_rig.h"

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
		assert_int_equal(f->size, i ? 32 : 16);
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
	assert_null(fw_ring_format(CDNA_NR_ALL_FORMATS));
	assert_null(fw_ring_format(~0u));
}

/* The one that the host makes */
static void the_virtio_format(void **state)
{
	const struct cdna_desc_format *f = fw_ring_format(CDNA_FORMAT_VIRTIO);

	(void)state;
	assert_int_equal(f->id, 2);
	assert_int_equal(f->size, 32);
	assert_int_equal(f->addr.offset, 0);
	assert_int_equal(f->addr.bits, 64);
	assert_int_equal(f->len.offset, 8);
	assert_int_equal(f->len.bits, 16);
	assert_int_equal(f->flags.offset, 10);
	assert_int_equal(f->flags.bits, 16);
	assert_int_equal(f->seq.offset, 12);
	assert_int_equal(f->seq.bits, 32);
	assert_int_equal(fw_le32(f->flag_eop), CDNA_DESC_EOP);
	assert_int_equal(fw_le32(f->flag_check), 0xfff8);
	assert_int_equal(fw_le16(f->max_len), CDNA_MAX_DESC_LEN);
	assert_int_equal(fw_le16(f->max_chain), 40);
	assert_int_equal(fw_le16(f->dirs), 3);
	/* All but tags */
	assert_int_equal(fw_le32(f->offloads), 0x1b7);
}

static void all_sizes_layouts_formats(void **state)
{
	struct prng prng;
	u32 format, slots, scatter;

	(void)state;
	prng_seed(&prng, "all_sizes_layouts_formats");
	for (format = 0; format < CDNA_NR_ALL_FORMATS; format++)
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

TEST_MAIN(
	TEST(formats_are_announced_as_they_are),
	TEST(the_virtio_format),
	TEST(all_sizes_layouts_formats),
	TEST(sequence_numbers_wrap),
	TEST(sequence_numbers_wrap_often),
	TEST(indices_wrap),
	TEST(fetches_in_batches),
	TEST(never_reads_ahead_of_the_producer),
	TEST(limits_are_within_bounds),
	TEST(decodes),
)
