// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checksums that descriptors ask for, and offloads that they must not.
 */
#include "tx_bed.h"

/* Send a frame of TCP or UDP with a checksum to insert. */
static void checksum(struct h *h, struct frame_spec spec, u32 pieces)
{
	static u8 frame[FRAME_MAX], got[FRAME_MAX];
	struct h_tx tx = { .data = frame, .flags = CDNA_DESC_CSUM,
			   .pieces = pieces };
	struct frame_info info;
	u32 len;

	memcpy(spec.dst, peer, 6);
	h_mac(spec.src, 0);
	spec.partial = true;
	tx.len = frame_build(frame, &spec);
	frame_parse(frame, tx.len, &info);
	assert_false(info.csum_ok);
	tx.csum_start = (u16)info.l4;
	tx.csum_offset = spec.proto == 6 ? 16 : 6;
	assert_true(h_tx_post(h, 0, 0, &tx));
	ring_and_run(h, 0, 0);
	len = fake_wire_next(h->board, got, sizeof(got));
	assert_int_equal(len, FW_MAX(tx.len, 60u));
	frame_parse(got, len, &info);
	assert_true(info.csum_ok);
	/* Nothing but the sum has changed. */
	memcpy(got + tx.csum_start + tx.csum_offset,
	       frame + tx.csum_start + tx.csum_offset, 2);
	assert_memory_equal(got, frame, tx.len);
}

static void checksums(void **state)
{
	struct h *h = tx_new(9000, CDNA_FORMAT_OFFLOAD, CDNA_OFFLOAD_TX_CSUM);
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "checksums");
	for (i = 0; i < 400; i++) {
		struct frame_spec spec = {
			.ip = i & 1 ? 4 : 6, .proto = i & 2 ? 6 : 17,
			.payload = prng_below(&prng, 8900), .fill = i,
			.timestamps = i & 4,
			.ip_options = i & 8 && i & 1 ? 12 : 0,
		};

		/* Pieces of a byte are pieces too. */
		checksum(h, spec, 3 + prng_below(&prng, 18));
	}
	h_free(h);
}

static void checksums_that_do_not_fit(void **state)
{
	static const struct {
		u16 start, offset;
	} cases[] = {
		{ 0, 0 }, { 13, 6 }, { 99, 0 }, { 34, 65 }, { 65535, 65535 },
		{ 34, 65535 }, { 65535, 0 },
	};
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, CDNA_OFFLOAD_TX_CSUM);
	u8 frame[100];
	u32 i;

	(void)state;
	frame_plain(frame, peer, h->ctx[0].mac, sizeof(frame), 1);
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		struct h_tx tx = {
			.data = frame, .len = sizeof(frame),
			.flags = CDNA_DESC_CSUM, .csum_start = cases[i].start,
			.csum_offset = cases[i].offset,
		};

		assert_true(h_tx_post(h, 0, 0, &tx));
		ring_and_run(h, 0, 0);
		assert_int_equal(drops(h, 0, CDNA_DROP_TX_BAD_OFFLOAD), i + 1);
		assert_int_equal(h_tx_cons(h, 0, 0), i + 1);
	}
	post(h, 0, 0, 80, 1, 1);
	ring_and_run(h, 0, 0);
	expect_frame(h, 0, 80, 1);
	expect_silence(h);
	h_free(h);
}

/* Asking for what the queue did not choose: a drop, not a fault */
static void offloads_not_chosen(void **state)
{
	static const u16 flags[] = { CDNA_DESC_CSUM, CDNA_DESC_VLAN,
				     CDNA_DESC_TSO };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(flags); i++) {
		struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, 0);
		u8 frame[100];
		struct h_tx tx = { .data = frame, .len = sizeof(frame),
				   .flags = flags[i], .csum_start = 34,
				   .csum_offset = 16, .mss = 10 };

		frame_plain(frame, peer, h->ctx[0].mac, sizeof(frame), 1);
		assert_true(h_tx_post(h, 0, 0, &tx));
		post(h, 0, 0, 80, 1, 1);
		ring_and_run(h, 0, 0);
		assert_int_equal(drops(h, 0, CDNA_DROP_TX_BAD_OFFLOAD), 1);
		expect_frame(h, 0, 80, 1);
		expect_silence(h);
		h_free(h);
	}
}

TEST_MAIN(
	TEST(checksums),
	TEST(checksums_that_do_not_fit),
	TEST(offloads_not_chosen),
)
