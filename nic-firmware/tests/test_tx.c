// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames out of descriptor chains: gathered from pieces, checked, summed.
 */
#include "tx_bed.h"

static void chains_of_each_length(void **state)
{
	u32 format, pieces;
	const u64 *stats;

	(void)state;
	for (format = 0; format < CDNA_NR_FORMATS; format++) {
		struct h *h = tx_new(9000, format, 0);

		for (pieces = 1; pieces <= CDNA_MAX_CHAIN; pieces++) {
			u32 len = pieces * 450;

			post(h, 0, 0, len, pieces, pieces);
			ring_and_run(h, 0, 0);
			expect_frame(h, 0, len, pieces);
			post(h, 0, 0, 60, pieces, 1);
			ring_and_run(h, 0, 0);
			expect_frame(h, 0, 60, 1);
		}
		stats = h->nic->ctx[0].qp[0].stats;
		assert_int_equal(stats[CDNA_QSTAT_TX_FRAMES], 40);
		assert_int_equal(stats[CDNA_QSTAT_TX_DESCS], 20 * 21);
		h_free(h);
	}
}

static void all_lengths(void **state)
{
	struct h *h = tx_new(9000, CDNA_FORMAT_OFFLOAD, 0);
	u32 len;

	(void)state;
	/* About the ends of cells of packet memory, with pieces of any size */
	for (len = 60; len <= 9014; len += len % 2048 < 2000 ? 97 : 1) {
		post(h, 0, 0, len, len / H_PAGE + 1 + len % 5, len);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, len, len);
	}
	h_free(h);
}

/* The end of a chain may come later; the ring is not at fault until then. */
static void a_chain_in_parts(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, 0);
	u32 i;

	(void)state;
	post(h, 0, 0, 400, CDNA_MAX_CHAIN, 3);
	for (i = 1; i < CDNA_MAX_CHAIN; i++) {
		fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD),
				i);
		h_run(h);
		expect_silence(h);
		assert_int_equal(h->nic->ctx[0].qp[0].queue[0].ring.cons, 0);
	}
	others_go_on(h);
	ring_and_run(h, 0, 0);
	expect_frame(h, 0, 400, 3);
	h_free(h);
}

static void lengths_of_frames(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, 0);
	u8 got[64];

	(void)state;
	post(h, 0, 0, 1514, 1, 1);
	ring_and_run(h, 0, 0);
	expect_frame(h, 0, 1514, 1);
	/* Room for a tag is for a tag only. */
	post(h, 0, 0, 1515, 1, 1);
	post(h, 0, 0, 1518, 2, 1);
	post(h, 0, 0, 1519, 2, 1);
	post(h, 0, 0, 65550, 17, 1);
	ring_and_run(h, 0, 0);
	expect_silence(h);
	assert_int_equal(drops(h, 0, CDNA_DROP_TX_OVERSIZE), 4);
	post(h, 0, 0, 14, 1, 1);
	ring_and_run(h, 0, 0);
	assert_int_equal(fake_wire_next(h->board, got, sizeof(got)), 60);
	h_free(h);
}

static void runts(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, 0);
	u32 len;

	(void)state;
	for (len = 1; len < 14; len++) {
		struct fw_desc desc = {
			.addr = h->ctx[0].qp[0].queue[0].buffer,
			.len = (u16)len, .flags = CDNA_DESC_EOP,
		};

		h_post(h, 0, 0, CDNA_DIR_TX, &desc);
	}
	post(h, 0, 0, 60, 1, 1);
	ring_and_run(h, 0, 0);
	assert_int_equal(drops(h, 0, CDNA_DROP_TX_RUNT), 13);
	assert_int_equal(h_tx_cons(h, 0, 0), 14);
	expect_frame(h, 0, 60, 1);
	expect_silence(h);
	h_free(h);
}

/* Offload fields count in the first descriptor of a frame only. */
static void later_descriptors_ask_for_nothing(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, H_OFFLOADS_TX);
	u8 frame[200];
	u32 i;

	(void)state;
	frame_plain(frame, peer, h->ctx[0].mac, sizeof(frame), 8);
	memcpy(fake_ptr(h->board, h->ctx[0].qp[0].queue[0].buffer), frame,
	       sizeof(frame));
	for (i = 0; i < 2; i++) {
		struct fw_desc desc = {
			.addr = h->ctx[0].qp[0].queue[0].buffer + i * 100,
			.len = 100, .flags = i ? CDNA_DESC_FLAGS : 0,
			.csum_start = 1, .csum_offset = 9999, .vlan_tci = 77,
		};

		h_post(h, 0, 0, CDNA_DIR_TX, &desc);
	}
	ring_and_run(h, 0, 0);
	expect_frame(h, 0, 200, 8);
	h_free(h);
}

/* What was counted as used may be reused immediately: its bytes are in the NIC. */
static void used_means_used(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_OFFLOAD, 0);
	u32 host, unused;

	(void)state;
	h->board->paced = true;
	post(h, 0, 0, 100, 3, 1);
	ring_and_run(h, 0, 0);
	h_host_cons(h, 0, 0, &host, &unused);
	assert_int_equal(host, 3);
	assert_int_equal(h_tx_cons(h, 0, 0), 3);
	memset(fake_ptr(h->board, h->ctx[0].qp[0].queue[0].buffer), 0xff,
	       3 * H_PAGE);
	h->board->paced = false;
	h_run(h);
	expect_frame(h, 0, 100, 1);
	h_free(h);
}

TEST_MAIN(
	TEST(chains_of_each_length),
	TEST(all_lengths),
	TEST(a_chain_in_parts),
	TEST(lengths_of_frames),
	TEST(runts),
	TEST(later_descriptors_ask_for_nothing),
	TEST(used_means_used),
)
