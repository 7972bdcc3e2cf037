// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: frames into buffers, completions, and what goes wrong there.
 */
#include "switch/wire.h"
#include "rx_bed.h"

/* The next frame is frame_plain() of that length, in that many buffers. */
static void expect_plain(u32 len, u32 fill, u32 buffers)
{
	frame_plain(frame, h->ctx[0].mac, net_peer, len, fill);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	assert_int_equal(rx.first.segs, 1);
	if (buffers)
		assert_int_equal(rx.buffers, buffers);
}

/* Post one buffer and say where it is. */
static u64 post_at(u32 qp, u32 len)
{
	u64 addr = fake_alloc(h->board, 0, 4096, 4096);
	struct fw_desc desc = { .addr = addr, .len = (u16)len };

	memset(fake_ptr(h->board, addr), 0xee, 4096);
	h_post(h, 0, qp, CDNA_DIR_RX, &desc);
	return addr;
}

static void check_untouched(u64 addr, u32 from)
{
	const u8 *p = fake_ptr(h->board, addr);
	u32 i;

	for (i = from; i < 4096; i++)
		assert_int_equal(p[i], 0xee);
}

static void fills_one_buffer(void **state)
{
	static const u32 sizes[] = { 14, 60, 61, 1513, 1514 };
	u32 i;

	(void)state;
	up(1, 0, 64);
	h_rx_fill(h, 0, 0, 10, 1514);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++)
		push_plain(sizes[i], i);
	h_run(h);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++) {
		expect_plain(sizes[i], i, 1);
		assert_int_equal(rx.first.index, i);
	}
	net_nothing(0);
}

static void fills_buffers_of_odd_sizes(void **state)
{
	static const u16 sizes[] = { 1, 7, 64, 3, 1000, 1, 438, 500, 4096 };
	u64 addr[FW_ARRAY_SIZE(sizes)];
	u32 i, at = 0;

	(void)state;
	up(1, 0, 64);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++)
		addr[i] = post_at(0, sizes[i]);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	push_plain(1514, 3);
	h_run(h);
	/* 1 + 7 + ... + 438 hold it exactly; the two last are not used. */
	for (i = 0; i < 7; i++) {
		assert_memory_equal(fake_ptr(h->board, addr[i]), frame + at,
				    sizes[i]);
		check_untouched(addr[i], sizes[i]);
		at += sizes[i];
	}
	assert_int_equal(at, 1514);
	check_untouched(addr[7], 0);
	assert_int_equal(net_rx(0, 0)->ring.cons, 7);
	/* The next takes as much of the next as it needs. */
	push_plain(600, 4);
	h_run(h);
	check_untouched(addr[7], 500);
	check_untouched(addr[8], 100);
	assert_int_equal(net_rx(0, 0)->ring.cons, 9);
}

static void random_frames_into_random_buffers(u32 mtu)
{
	struct h_config config = { .mtu = mtu };
	u32 sent, got, i;
	struct prng prng;
	u32 len[8];

	prng_seed(&prng, "rx");
	h_free(h);
	h = h_new(&config);
	up(1, 0, 512);
	for (sent = 0, got = 0; sent < 3000; ) {
		for (i = h_room(h, 0, 0, CDNA_DIR_RX); i; i--)
			h_rx_post(h, 0, 0, 1, 1 + mtu / 50 +
				  prng_below(&prng, prng_below(&prng, 2) ?
					     30 : 3000));
		h_ring(h, 0, 0, CDNA_DIR_RX);
		for (i = 0; i < FW_ARRAY_SIZE(len); i++, sent++) {
			len[i] = 14 + prng_below(&prng, mtu + 1);
			push_plain(len[i], sent);
		}
		h_run(h);
		for (i = 0; i < FW_ARRAY_SIZE(len); i++)
			expect_plain(len[i], got++, 0);
		net_nothing(0);
	}
}

static void fills_random_buffers(void **state)
{
	(void)state;
	random_frames_into_random_buffers(1500);
}

static void fills_random_buffers_with_jumbo_frames(void **state)
{
	(void)state;
	random_frames_into_random_buffers(9000);
}

static void completions_wrap(void **state)
{
	u32 i;

	(void)state;
	up(1, 0, 64);
	/* Three buffers each: 64 is not a multiple, some frames wrap. */
	for (i = 0; i < 500; i++) {
		h_rx_fill(h, 0, 0, 3, 400);
		push_plain(1000, i);
		h_run(h);
		expect_plain(1000, i, 3);
		assert_int_equal(rx.first.index, 3 * i);
	}
	assert_int_equal(h->nic->ctx[0].qp[0].comp_prod, 1500);
}

/* 4096 completions are 32 pages, wherever these are. */
static void completions_cross_pages(void **state)
{
	u32 i;

	(void)state;
	up(1, 0, 4096);
	for (i = 0; i < 2000; i++) {
		h_rx_fill(h, 0, 0, 5, 300);
		push_plain(1500, i);
		h_run(h);
		expect_plain(1500, i, 5);
	}
}

/* The driver sees how many frames had no buffer. */
static void expect_missed(u32 missed)
{
	struct cdna_qp_status status;

	h_status(h, 0, 0, &status);
	assert_int_equal(fw_le32(status.rx_missed), missed);
}

static void drops_without_buffers(void **state)
{
	u64 addr[3];
	u32 i;

	(void)state;
	up(1, 0, 64);
	expect_missed(0);
	push_plain(100, 0);
	h_run(h);
	net_nothing(0);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
	expect_missed(1);
	for (i = 0; i < 3; i++)
		addr[i] = post_at(0, 500);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	push_plain(1501, 1);
	h_run(h);
	/* Nothing of it, not even where there was room */
	for (i = 0; i < 3; i++)
		check_untouched(addr[i], 0);
	net_nothing(0);
	assert_int_equal(net_rx(0, 0)->ring.cons, 0);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 2);
	expect_missed(2);
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_FRAMES), 0);
	/* The buffers are still good for one that fits. */
	push_plain(1500, 2);
	h_run(h);
	assert_int_equal(net_rx(0, 0)->ring.cons, 3);
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_FRAMES), 1);
	expect_missed(2);
}

static void drops_what_needs_too_many_buffers(void **state)
{
	(void)state;
	up(1, 0, 256);
	h_rx_fill(h, 0, 0, 200, 10);
	push_plain(10 * FW_RING_CACHE + 1, 1);
	push_plain(10 * FW_RING_CACHE, 2);
	h_run(h);
	expect_plain(10 * FW_RING_CACHE, 2, FW_RING_CACHE);
	net_nothing(0);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
}

static void drops_without_a_queue(void **state)
{
	(void)state;
	h_ctx_up(h, 0);
	push_plain(100, 0);
	h_run(h);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_QUEUE), 1);
}

static void malformed_frames_are_counted(void **state)
{
	u32 len;

	(void)state;
	up(1, 0, 64);
	h_rx_fill(h, 0, 0, 64, 2048);
	for (len = 1; len < 14; len++)
		push_plain(14, 0);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 0), 13);
	for (len = 1; len < 14; len++)
		assert_true(fake_wire_push(h->board, frame, len));
	frame_plain(frame, h->ctx[0].mac, net_peer, 3000, 0);
	assert_true(fake_wire_push(h->board, frame, 1515));
	assert_true(fake_wire_push(h->board, frame, 1519));
	assert_true(fake_wire_push(h->board, frame, 3000));
	fw_put_be16(frame + 12, 0x8100);
	assert_true(fake_wire_push(h->board, frame, 17));
	assert_true(fake_wire_push(h->board, frame, 1519));
	fw_put_be16(frame + 12, 0x88a8);
	assert_true(fake_wire_push(h->board, frame, 15));
	h_run(h);
	net_nothing(0);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_MALFORMED), 19);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_FRAMES), 32);
}

static void work_in_a_step_is_bounded(void **state)
{
	u32 i;

	(void)state;
	up(1, 0, 1024);
	h_rx_fill(h, 0, 0, FW_RX_BATCH + 10, 128);
	for (i = 0; i < FW_RX_BATCH + 10; i++)
		push_plain(60, i);
	assert_true(h_step(h));
	assert_int_equal(h_rx_drain(h, 0, 0), FW_RX_BATCH);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 0), 10);
}

/* Without packet memory frames wait at the wire; none is lost. */
static void waits_for_packet_memory(void **state)
{
	static struct fw_frame hoard[FW_NR_CELLS];
	u32 i, held = 0;

	(void)state;
	up(1, 0, 64);
	h_rx_fill(h, 0, 0, 20, 2048);
	if (h->nic->landed)
		fw_pool_free(&h->nic->pool, &h->nic->landing);
	h->nic->landed = false;
	while (fw_pool_alloc(&h->nic->pool, FW_BUDGET_RX, FW_OWNER_WIRE, 1518,
			     &hoard[held]))
		held++;
	push_plain(100, 7);
	assert_false(h_step(h));
	net_nothing(0);
	for (i = 0; i < held; i++)
		fw_pool_free(&h->nic->pool, &hoard[i]);
	h_run(h);
	expect_plain(100, 7, 1);
}

static void counts_frames_and_buffers(void **state)
{
	u64 *qp = h->nic->ctx[0].qp[0].stats;

	(void)state;
	up(1, 0, 64);
	h_rx_fill(h, 0, 0, 10, 500);
	push_plain(1200, 0);
	push_plain(60, 0);
	h_run(h);
	assert_int_equal(qp[CDNA_QSTAT_RX_FRAMES], 2);
	assert_int_equal(qp[CDNA_QSTAT_RX_BYTES], 1260);
	assert_int_equal(qp[CDNA_QSTAT_RX_DESCS], 4);
	assert_int_equal(qp[CDNA_QSTAT_RX_MERGED], 0);
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_FRAMES), 2);
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_BYTES), 1260);
}

TEST_MAIN(
	NET_TEST(fills_one_buffer),
	NET_TEST(fills_buffers_of_odd_sizes),
	NET_TEST(fills_random_buffers),
	NET_TEST(fills_random_buffers_with_jumbo_frames),
	NET_TEST(completions_wrap),
	NET_TEST(completions_cross_pages),
	NET_TEST(drops_without_buffers),
	NET_TEST(drops_what_needs_too_many_buffers),
	NET_TEST(drops_without_a_queue),
	NET_TEST(malformed_frames_are_counted),
	NET_TEST(work_in_a_step_is_bounded),
	NET_TEST(waits_for_packet_memory),
	NET_TEST(counts_frames_and_buffers),
)
