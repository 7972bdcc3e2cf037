// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit rings that stop at a bad descriptor, a bad index or memory that fails,
 * while all else goes on (I4).
 */
#include "tx_bed.h"

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

TEST_MAIN(
	TEST(a_chain_too_long),
	TEST(a_chain_without_scatter_gather),
	TEST(bad_descriptors),
	TEST(a_guest_that_bumps_its_mailbox),
	TEST(a_mailbox_a_ring_ahead),
	TEST(dma_errors_at_each_step),
	TEST(which_piece_failed),
)
