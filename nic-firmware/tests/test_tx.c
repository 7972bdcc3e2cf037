// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames out of descriptor chains: gathered from pieces, checked, summed; and
 * rings that stop at a bad descriptor while all else goes on (I4).
 */
#include "tx_bed.h"

/* Other queues, of this and another context, work as ever. */
static void others_go_on(struct h *h)
{
	post(h, 0, 1, 70, 1, 1);
	ring_and_run(h, 0, 1);
	expect_frame(h, 0, 70, 1);
	post(h, OTHER, 0, 71, 1, 2);
	ring_and_run(h, OTHER, 0);
	expect_frame(h, OTHER, 71, 2);
	expect_silence(h);
}

/* Queue pair 0 of context 0, and it alone, was stopped there. */
static void expect_fault(struct h *h, u32 reason, u32 index, u32 cons)
{
	struct cdna_queue_info info;
	struct cdna_event event[4];

	assert_int_equal(h_events(h, event, 4), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_QUEUE_FAULT);
	assert_int_equal(fw_le16(event[0].context), 0);
	assert_int_equal(event[0].qp, 0);
	assert_int_equal(event[0].dir, CDNA_DIR_TX);
	assert_int_equal(fw_le16(event[0].reason), reason);
	assert_int_equal(fw_le32(event[0].index), index);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_QUERY, 0, 0,
				    CDNA_DIR_TX, &info), 0);
	assert_int_equal(info.state, CDNA_QUEUE_FAULTED);
	assert_int_equal(info.fault, reason);
	assert_int_equal(fw_le32(info.cons), cons);
	assert_int_equal(h_tx_cons(h, 0, 0), cons);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_FAULT + reason], 1);
	expect_silence(h);
	others_go_on(h);
}

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

static void a_chain_too_long(void **state)
{
	u32 extra;

	(void)state;
	/* One more than allowed, and one that never ends */
	for (extra = 1; extra < 30; extra += 28) {
		struct h *h = tx_new(1500, CDNA_FORMAT_COMPACT, 0);
		u32 first;

		post(h, 0, 0, 100, 2, 5);
		first = post(h, 0, 0, 600, CDNA_MAX_CHAIN + extra, 6);
		post(h, 0, 0, 100, 1, 7);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, 100, 5);
		expect_fault(h, CDNA_FAULT_CHAIN, first + CDNA_MAX_CHAIN - 1,
			     first);
		h_free(h);
	}
}

/* A queue that did not choose scatter/gather: each frame in one descriptor */
static void a_chain_without_scatter_gather(void **state)
{
	u32 format, extra;

	(void)state;
	for (format = 0; format < CDNA_NR_FORMATS; format++)
		for (extra = 1; extra < CDNA_MAX_CHAIN; extra += 18) {
			struct h *h = tx_new_as(1500, &(struct h_ring_spec){
				.format = format, .slots = 64,
				.one_piece = true,
			});
			u32 first;

			post(h, 0, 0, 100, 1, 5);
			post(h, 0, 0, 1514, 1, 6);
			first = post(h, 0, 0, 600, 1 + extra, 7);
			post(h, 0, 0, 100, 1, 8);
			ring_and_run(h, 0, 0);
			expect_frame(h, 0, 100, 5);
			expect_frame(h, 0, 1514, 6);
			expect_fault(h, CDNA_FAULT_CHAIN, first, first);
			h_free(h);
		}
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

/* Post good frames and a bad descriptor, the @nth of a frame of 5. */
static void a_bad_descriptor(u32 format, struct fw_desc bad, u32 seq_off,
			     u32 reason)
{
	u32 nth;

	for (nth = 0; nth < 5; nth += 2) {
		struct h *h = tx_new(1500, format, 0);
		struct h_queue *queue = &h->ctx[0].qp[0].queue[0];
		u32 first;

		post(h, 0, 0, 64, 1, 1);
		post(h, 0, 0, 200, 3, 2);
		first = post(h, 0, 0, 500, 5, 3);
		bad.addr = queue->buffer;
		h_desc_write(h, 0, 0, CDNA_DIR_TX, first + nth, &bad,
			     first + nth + seq_off);
		post(h, 0, 0, 64, 1, 4);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, 64, 1);
		expect_frame(h, 0, 200, 2);
		expect_fault(h, reason, first + nth, first);
		h_free(h);
	}
}

static void bad_descriptors(void **state)
{
	struct fw_desc good = { .len = 100 };
	struct fw_desc empty = { .len = 0 };
	struct fw_desc huge = { .len = 4097 };
	struct fw_desc odd = { .len = 100, .flags = 0x100 };
	struct fw_desc sum = { .len = 100, .flags = CDNA_DESC_CSUM };
	u32 format;

	(void)state;
	for (format = 0; format < CDNA_NR_FORMATS; format++) {
		a_bad_descriptor(format, good, 1, CDNA_FAULT_SEQUENCE);
		a_bad_descriptor(format, good, -64u, CDNA_FAULT_SEQUENCE);
		a_bad_descriptor(format, empty, 0, CDNA_FAULT_LENGTH);
		a_bad_descriptor(format, huge, 0, CDNA_FAULT_LENGTH);
		a_bad_descriptor(format, odd, 0, CDNA_FAULT_FLAGS);
	}
	a_bad_descriptor(CDNA_FORMAT_COMPACT, sum, 0, CDNA_FAULT_FLAGS);
}

/* The mailbox says more than the host wrote (paper 3.3). */
static void a_guest_that_bumps_its_mailbox(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_COMPACT, 0);
	struct cdna_event event;
	u32 i;

	(void)state;
	for (i = 0; i < 64; i++) {
		post(h, 0, 0, 64, 1, i);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, 64, i);
	}
	post(h, 0, 0, 64, 1, 9);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 70);
	h_run(h);
	expect_frame(h, 0, 64, 9);
	assert_int_equal(h_events(h, &event, 1), 1);
	assert_int_equal(fw_le16(event.reason), CDNA_FAULT_SEQUENCE);
	assert_int_equal(fw_le32(event.index), 65);
	assert_int_equal(fw_le32(event.expected), 65);
	assert_int_equal(fw_le32(event.seen), 1);
	assert_int_equal(h_tx_cons(h, 0, 0), 65);
	others_go_on(h);
	h_free(h);
}

static void a_mailbox_a_ring_ahead(void **state)
{
	struct h *h = tx_new(1500, CDNA_FORMAT_COMPACT, 0);

	(void)state;
	post(h, 0, 0, 64, 1, 1);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 65);
	h_run(h);
	expect_fault(h, CDNA_FAULT_TOO_FAR, 64, 0);
	h_free(h);
}

/* DMA fails at the n-th access for each n, until the frame gets through. */
static void dma_errors_at_each_step(void **state)
{
	u32 n;

	(void)state;
	for (n = 1; ; n++) {
		struct h *h = tx_new(9000, CDNA_FORMAT_OFFLOAD, 0);
		struct cdna_event event;

		post(h, 0, 0, 64, 1, 1);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, 64, 1);
		post(h, 0, 0, 6000, 6, 2);
		post(h, 0, 0, 64, 1, 3);
		h_ring(h, 0, 0, CDNA_DIR_TX);
		fake_fail_nth(h->board, 0, n);
		h_run(h);
		h_check(h);
		/* The ring, 6 pieces cut by 2 ends of cells, the last frame */
		if (n == 11) {
			assert_int_equal(h->board->sent, 3);
			h_free(h);
			break;
		}
		assert_int_equal(h->board->sent, n < 10 ? 1 : 2);
		assert_int_equal(h_events(h, &event, 1), 1);
		assert_int_equal(fw_le16(event.reason), n == 1 ?
				 CDNA_FAULT_DMA_DESC : CDNA_FAULT_DMA_DATA);
		assert_true(fw_le32(event.index) <= 7);
		assert_int_equal(h_tx_cons(h, 0, 0), n < 10 ? 1 : 7);
		fake_wire_clear(h->board);
		others_go_on(h);
		h_free(h);
	}
}

static void which_piece_failed(void **state)
{
	u32 piece;

	(void)state;
	for (piece = 0; piece < 5; piece++) {
		struct h *h = tx_new(9000, CDNA_FORMAT_OFFLOAD, 0);
		struct h_queue *queue = &h->ctx[0].qp[0].queue[0];
		u32 first;

		post(h, 0, 0, 64, 1, 1);
		first = post(h, 0, 0, 8000, 5, 2);
		fake_hole_add(h->board,
			      queue->buffer + (first + piece) * H_PAGE, H_PAGE,
			      true, true);
		ring_and_run(h, 0, 0);
		expect_frame(h, 0, 64, 1);
		expect_fault(h, CDNA_FAULT_DMA_DATA, first + piece, first);
		h_free(h);
	}
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
	TEST(a_chain_too_long),
	TEST(a_chain_without_scatter_gather),
	TEST(a_chain_in_parts),
	TEST(bad_descriptors),
	TEST(a_guest_that_bumps_its_mailbox),
	TEST(a_mailbox_a_ring_ahead),
	TEST(dma_errors_at_each_step),
	TEST(which_piece_failed),
	TEST(lengths_of_frames),
	TEST(runts),
	TEST(later_descriptors_ask_for_nothing),
	TEST(used_means_used),
)
