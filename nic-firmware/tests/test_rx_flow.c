// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: which queue gets a flow, and what completions say about checksums.
 */
#include "rx_bed.h"

static u32 push_flow(u32 flow, bool bad)
{
	struct frame_spec spec = FRAME_UDP4(
		.payload = 64, .saddr = 10, .daddr = 20,
		.sport = (u16)(1000 + flow), .dport = 2000, .bad_csum = bad);
	u32 len;

	memcpy(spec.dst, h->ctx[0].mac, 6);
	memcpy(spec.src, net_peer, 6);
	len = frame_build(frame, &spec);
	assert_true(fake_wire_push(h->board, frame, len));
	return len;
}

/* Which queue pair got the one frame that came? */
static u32 arrived(u32 qps)
{
	u32 i, got = qps;

	for (i = 0; i < qps; i++) {
		if (!h_rx_next(h, 0, i, &rx))
			continue;
		assert_int_equal(got, qps);
		got = i;
	}
	assert_int_not_equal(got, qps);
	return got;
}

static void flows_are_spread_over_queues(void **state)
{
	u32 count[8] = { 0 };
	u32 i, flow, first;

	(void)state;
	up(8, 0, 256);
	for (i = 0; i < 8; i++)
		h_rx_fill(h, 0, i, 250, 256);
	for (flow = 0; flow < 200; flow++) {
		push_flow(flow, false);
		h_run(h);
		first = arrived(8);
		count[first]++;
		assert_int_not_equal(rx.first.hash, 0);
		push_flow(flow, false);
		h_run(h);
		assert_int_equal(arrived(8), first);
	}
	for (i = 0; i < 8; i++)
		assert_in_range(count[i], 8, 60);
}

static void only_running_queues_get_frames(void **state)
{
	u32 flow;

	(void)state;
	up(5, 0, 256);
	h_rx_fill(h, 0, 1, 200, 256);
	h_rx_fill(h, 0, 4, 200, 256);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0,
				    CDNA_DIR_RX, NULL), 0);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 2,
				    CDNA_DIR_RX, NULL), 0);
	h_desc_write(h, 0, 3, CDNA_DIR_RX, 0, &(struct fw_desc){ .len = 0 },
		     0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(3, CDNA_DIR_RX), 300);
	h_run(h);
	assert_int_equal(net_rx(0, 3)->state, CDNA_QUEUE_FAULTED);
	for (flow = 0; flow < 100; flow++)
		push_flow(flow, false);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 1) + h_rx_drain(h, 0, 4), 100);
}

/* Queues beyond the spread keep what was posted, and get nothing. */
static void only_queues_of_the_spread_get_frames(void **state)
{
	u32 flow, i;

	(void)state;
	up(4, 0, 256);
	for (i = 0; i < 4; i++)
		h_rx_fill(h, 0, i, 250, 256);
	assert_int_equal(h_spread(h, 0, 1), 0);
	for (flow = 0; flow < 100; flow++)
		push_flow(flow, false);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 0), 100);
	assert_int_equal(h_spread(h, 0, 6), 0);
	for (flow = 0; flow < 100; flow++)
		push_flow(flow, false);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 0) + h_rx_drain(h, 0, 3), 0);
	for (i = 1; i < 3; i++)
		assert_in_range(h_rx_drain(h, 0, i), 20, 80);
	/* A queue pair that may receive, and has no queue */
	assert_int_equal(h_spread(h, 0, 0x88), 0);
	push_flow(0, false);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 3), 1);
	assert_int_equal(h_spread(h, 0, 0x80), 0);
	push_flow(0, false);
	h_run(h);
	assert_int_equal(net_stat(0, CDNA_CSTAT_DROP +
				     CDNA_DROP_RX_NO_QUEUE), 1);
}

static void activation_allows_all_queues(void **state)
{
	u32 flow, i;

	(void)state;
	up(2, 0, 256);
	assert_int_equal(h_spread(h, 0, 1), 0);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 0), 0);
	assert_int_equal(h_spread(h, 0, 1), CDNA_SC_BAD_STATE);
	assert_int_equal(h_activate(h, 0), 0);
	for (i = 0; i < 2; i++) {
		struct h_ring_spec spec = {
			.format = CDNA_FORMAT_COMPACT, .slots = 256,
		};

		assert_int_equal(h_queue_create(h, 0, i, CDNA_DIR_RX, &spec),
				 0);
		h_rx_fill(h, 0, i, 250, 256);
	}
	for (flow = 0; flow < 100; flow++)
		push_flow(flow, false);
	h_run(h);
	for (i = 0; i < 2; i++)
		assert_in_range(h_rx_drain(h, 0, i), 20, 80);
}

static void checksums_are_verified(void **state)
{
	u32 known = CDNA_RX_CSUM_OK | CDNA_RX_CSUM_BAD;

	(void)state;
	up(1, CDNA_OFFLOAD_RX_CSUM, 64);
	h_rx_fill(h, 0, 0, 10, 256);
	push_flow(0, false);
	push_flow(0, true);
	push_plain(60, 0);
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.flags & known, CDNA_RX_CSUM_OK);
	assert_true(rx.first.flags & CDNA_RX_IPV4);
	assert_true(rx.first.flags & CDNA_RX_UDP);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.flags & known, CDNA_RX_CSUM_BAD);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.flags, CDNA_RX_FIRST | CDNA_RX_LAST);
	assert_int_equal(rx.first.hash, 0);
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_CSUM_BAD), 1);
}

static void checksums_are_not_verified_unasked(void **state)
{
	(void)state;
	up(1, 0, 64);
	h_rx_fill(h, 0, 0, 10, 256);
	push_flow(0, false);
	push_flow(0, true);
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx))
		assert_false(rx.first.flags &
			     (CDNA_RX_CSUM_OK | CDNA_RX_CSUM_BAD));
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_CSUM_BAD), 0);
}

TEST_MAIN(
	NET_TEST(flows_are_spread_over_queues),
	NET_TEST(only_running_queues_get_frames),
	NET_TEST(only_queues_of_the_spread_get_frames),
	NET_TEST(activation_allows_all_queues),
	NET_TEST(checksums_are_verified),
	NET_TEST(checksums_are_not_verified_unasked),
)
