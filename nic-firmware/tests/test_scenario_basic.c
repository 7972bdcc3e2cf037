// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole path once: to the wire, from the wire, between contexts, between
 * two NICs; what the driver and the host are notified of.
 */
#include "test.h"

static const u8 peer[6] = { 0x02, 0, 0, 0, 0, 0x99 };

static u32 to_peer(u8 *frame, u32 ctx, u32 payload, u32 fill)
{
	struct frame_spec spec = FRAME_UDP4(.payload = payload, .fill = fill);

	memcpy(spec.dst, peer, 6);
	h_mac(spec.src, ctx);
	return frame_build(frame, &spec);
}

static u32 to_ctx(u8 *frame, u32 ctx, const u8 *src, u32 payload, u32 fill)
{
	struct frame_spec spec = FRAME_UDP4(.payload = payload, .fill = fill);

	h_mac(spec.dst, ctx);
	memcpy(spec.src, src, 6);
	return frame_build(frame, &spec);
}

static void sends_to_the_wire(void **state)
{
	static const u32 sizes[] = { 18, 19, 100, 1472 };
	struct h *h = h_new(NULL);
	u8 frame[2048];
	u8 seen[2048];
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++) {
		u32 len = to_peer(frame, 0, sizes[i], i);

		h_tx_send(h, 0, 0, frame, len);
		h_run(h);
		assert_int_equal(fake_wire_next(h->board, seen, 2048), len);
		assert_memory_equal(frame, seen, len);
		assert_int_equal(h_tx_cons(h, 0, 0), i + 1);
	}
	assert_int_equal(fake_wire_pending(h->board), 0);
	h_check(h);
	h_free(h);
}

static void pads_short_frames_on_the_wire_only(void **state)
{
	static const u8 zero[64];
	struct h *h = h_new(NULL);
	static struct h_rx rx;
	u8 frame[64];
	u8 seen[64];
	u8 mac[6];

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	h_rx_fill(h, 1, 0, 4, 2048);
	h_mac(mac, 0);
	frame_plain(frame, peer, mac, 20, 1);
	h_tx_send(h, 0, 0, frame, 20);
	h_run(h);
	assert_int_equal(fake_wire_next(h->board, seen, 64), 60);
	assert_memory_equal(seen, frame, 20);
	assert_memory_equal(seen + 20, zero, 40);

	frame_plain(frame, h->ctx[1].mac, mac, 20, 1);
	h_tx_send(h, 0, 0, frame, 20);
	h_run(h);
	assert_true(h_rx_next(h, 1, 0, &rx));
	assert_int_equal(rx.len, 20);
	h_free(h);
}

static void receives_from_the_wire(void **state)
{
	struct h *h = h_new(NULL);
	static struct h_rx rx;
	u8 frame[2048];
	u32 len;

	(void)state;
	h_up(h, 3);
	h_rx_fill(h, 3, 0, 8, 600);
	len = to_ctx(frame, 3, peer, 1472, 5);
	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
	assert_true(h_rx_next(h, 3, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_int_equal(rx.buffers, 3);
	assert_memory_equal(rx.data, frame, len);
	assert_false(h_rx_next(h, 3, 0, &rx));
	assert_true(h_bit_take(h, h->ctx[3].qp[0].source));
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], 1);
	h_check(h);
	h_free(h);
}

static void switches_between_contexts(void **state)
{
	struct h *h = h_new(NULL);
	static struct h_rx rx;
	u8 frame[2048];
	u8 mac[6];
	u32 len;

	(void)state;
	h_up(h, 0);
	h_up(h, 31);
	h_rx_fill(h, 31, 0, 8, 2048);
	h_mac(mac, 0);
	len = to_ctx(frame, 31, mac, 1000, 9);
	h_tx_send(h, 0, 0, frame, len);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	assert_true(h_rx_next(h, 31, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	assert_true(h_bit_take(h, h->ctx[31].qp[0].source));
	h_check(h);
	h_free(h);
}

/* The host's table is written before the guest's page, and both agree. */
static void tells_the_host_before_the_guest(void **state)
{
	struct h *h = h_new(NULL);
	u32 host_at = 0;
	u32 guest_at = 0;
	u8 frame[128];
	u32 len;
	u32 tx;
	u32 rx;
	u32 i;

	(void)state;
	h_up(h, 2);
	h_run(h);
	h->board->tracing = true;
	len = to_peer(frame, 2, 40, 1);
	h_tx_send(h, 2, 0, frame, len);
	h_run(h);
	for (i = 0; i < h->board->traced; i++) {
		const struct fake_dma *dma = &h->board->trace[i];

		if (dma->write && dma->tag == FW_DMA_HOST &&
		    dma->addr - h->cons < FW_MAX_CONTEXTS * CDNA_MAX_QPS *
		    sizeof(struct cdna_host_cons) && !host_at)
			host_at = i + 1;
		if (dma->write && dma->tag == 2 &&
		    dma->addr - h->ctx[2].status < H_PAGE && !guest_at)
			guest_at = i + 1;
	}
	assert_true(host_at && guest_at && host_at < guest_at);
	h_host_cons(h, 2, 0, &tx, &rx);
	assert_int_equal(tx, 1);
	assert_int_equal(h_tx_cons(h, 2, 0), 1);
	h_free(h);
}

static void ring_of_each_format_wraps(u32 format, bool page_list, u32 seq)
{
	struct h_ring_spec spec = {
		.format = format, .slots = 64, .first_seq = seq,
		.page_list = page_list,
	};
	struct h *h = h_new(NULL);
	u8 frame[256];
	u8 seen[256];
	u32 i;

	h_ctx_up(h, 0);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec), 0);
	for (i = 0; i < 1000; i++) {
		struct h_tx tx = { .data = frame, .pieces = 1 + i % 3 };

		tx.len = to_peer(frame, 0, 40 + i % 100, i);
		assert_true(h_tx_post(h, 0, 0, &tx));
		h_ring(h, 0, 0, CDNA_DIR_TX);
		h_run(h);
		assert_int_equal(fake_wire_next(h->board, seen, 256), tx.len);
		assert_memory_equal(seen, frame, tx.len);
	}
	assert_int_equal(h_tx_cons(h, 0, 0), h->ctx[0].qp[0].queue[0].prod);
	h_check(h);
	h_free(h);
}

static void rings_wrap(void **state)
{
	(void)state;
	ring_of_each_format_wraps(CDNA_FORMAT_COMPACT, false, 0);
	ring_of_each_format_wraps(CDNA_FORMAT_COMPACT, true, 0xfff0);
	ring_of_each_format_wraps(CDNA_FORMAT_OFFLOAD, false, 5);
	ring_of_each_format_wraps(CDNA_FORMAT_OFFLOAD, true, 0xfffffff0);
}

/* Two NICs back to back: each side sends, the other gets it in order. */
static void two_nics_exchange(void **state)
{
	struct h *h[2] = { h_new(NULL), h_new(NULL) };
	static struct h_rx rx;
	u8 frame[2048];
	u32 round;
	u32 i;

	(void)state;
	fake_wire_connect(h[0]->board, h[1]->board);
	h_up(h[0], 0);
	h_up(h[1], 1);
	h_rx_fill(h[0], 0, 0, 128, 2048);
	h_rx_fill(h[1], 1, 0, 128, 2048);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 2; i++) {
			u8 mac[6];
			u32 len;

			h_mac(mac, i);
			len = to_ctx(frame, !i, mac, 30 + round * 70, round);
			h_tx_send(h[i], i, 0, frame, len);
		}
		h_run_pair(h[0], h[1]);
		for (i = 0; i < 2; i++) {
			u8 mac[6];
			u32 len;

			assert_true(h_rx_next(h[i], i, 0, &rx));
			h_mac(mac, !i);
			len = to_ctx(frame, i, mac, 30 + round * 70, round);
			assert_int_equal(rx.len, len);
			assert_memory_equal(rx.data, frame, len);
		}
	}
	h_check(h[0]);
	h_check(h[1]);
	h_free(h[0]);
	h_free(h[1]);
}

/* Counters come to the host through the admin queue. */
static void counts_what_passes(void **state)
{
	struct h *h = h_new(NULL);
	u64 value[CDNA_NR_STATS];
	u8 frame[256];
	u32 len = to_peer(frame, 1, 100, 0);

	(void)state;
	h_up(h, 1);
	h_tx_send(h, 1, 0, frame, len);
	h_run(h);
	h_read_stats(h, CDNA_STATS_CONTEXT, 1, 0, value);
	assert_int_equal(value[CDNA_CSTAT_TX_FRAMES], 1);
	assert_int_equal(value[CDNA_CSTAT_TX_BYTES], len);
	h_read_stats(h, CDNA_STATS_QP, 1, 0, value);
	assert_int_equal(value[CDNA_QSTAT_TX_FRAMES], 1);
	assert_int_equal(value[CDNA_QSTAT_TX_DESCS], 1);
	h_read_stats(h, CDNA_STATS_NIC, 0, 0, value);
	assert_int_equal(value[CDNA_NSTAT_WIRE_TX_FRAMES], 1);
	assert_int_equal(value[CDNA_NSTAT_WIRE_TX_BYTES], len);
	h_free(h);
}

TEST_MAIN(
	TEST(sends_to_the_wire),
	TEST(pads_short_frames_on_the_wire_only),
	TEST(receives_from_the_wire),
	TEST(switches_between_contexts),
	TEST(tells_the_host_before_the_guest),
	TEST(rings_wrap),
	TEST(two_nics_exchange),
	TEST(counts_what_passes),
)
