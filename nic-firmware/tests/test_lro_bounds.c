// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive aggregation: its bounds, in time, flows, size and memory, and what
 * happens when memory fails or runs out.
 */
#include "switch/wire.h"
#include "lro_stream.h"

static void never_outlives_a_step(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	push(&a);
	h_step(h);
	expect_plain(&a);
	push(&b);
	h_step(h);
	expect_plain(&b);
}

/* More flows than there is room for: nothing lost, order kept in each. */
static void survives_more_flows_than_it_can_follow(void **state)
{
	u32 next[3 * FW_LRO_FLOWS] = { 0 };
	struct frame_spec spec;
	struct frame_info info;
	u32 n, flow;

	(void)state;
	for (n = 0; n < 2; n++) {
		for (flow = 0; flow < FW_ARRAY_SIZE(next); flow++) {
			spec = segment(4, n);
			spec.sport = (u16)(1000 + flow);
			push(&spec);
		}
	}
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx)) {
		frame_parse(rx.data, rx.len, &info);
		flow = fw_get_be16(rx.data + info.l4) - 1000u;
		assert_int_equal(info.seq, 5000 + next[flow] * MSS);
		next[flow] += rx.first.segs;
	}
	for (flow = 0; flow < FW_ARRAY_SIZE(next); flow++)
		assert_int_equal(next[flow], 2);
}

/* At most 64 KiB: what does not fit begins the next one. */
static void bounds_its_size(void **state)
{
	struct frame_spec spec;
	u32 i, segs = 0, frames = 0;

	(void)state;
	for (i = 0; i < 64; i++) {
		spec = segment(4, i);
		spec.payload = 1448;
		spec.seq = 5000 + i * 1448;
		push(&spec);
	}
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx)) {
		struct frame_info info;

		check_merged(&info);
		assert_true(rx.len - info.l3 <= 65535);
		assert_int_equal(info.seq, 5000 + segs * 1448);
		segs += rx.first.segs;
		if (!frames++)
			assert_int_equal(rx.first.segs, (65535 - 52) / 1448);
	}
	assert_int_equal(segs, 64);
	assert_int_equal(frames, 2);
}

/* Small segments are not worth more than a bounded number of cells. */
static void bounds_its_memory(void **state)
{
	struct frame_spec spec;
	u32 i, round, segs = 0;

	(void)state;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < FW_RX_BATCH; i++) {
			spec = segment(4, 0);
			spec.payload = 8;
			spec.seq = 5000 + i * 8;
			spec.ip_id = (u16)i;
			push(&spec);
		}
	}
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx)) {
		assert_true(rx.first.segs <= FW_LRO_MAX_CELLS);
		segs += rx.first.segs;
	}
	assert_int_equal(segs, 2 * FW_RX_BATCH);
}

/* What is merged fits into the buffers that are there. */
static void merges_no_more_than_was_posted(void **state)
{
	struct frame_spec spec;
	u32 i, segs = 0, frames = 0;

	(void)state;
	h_free(h);
	h = h_new(NULL);
	h_ctx_up(h, 0);
	h_qp_up(h, 0, 0, 0, LRO_RX);
	h_rx_fill(h, 0, 0, 5, 700);
	for (i = 0; i < 4; i++) {
		spec = segment(4, i);
		push(&spec);
	}
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx)) {
		segs += rx.first.segs;
		frames++;
	}
	assert_int_equal(frames, 1);
	assert_int_equal(segs, 3);
	/* The fourth had no buffer: that, and only that, is a drop. */
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_DROP +
					      CDNA_DROP_RX_NO_BUFFER], 1);
}

/* A fault while merging ends the queue and what was under way, nothing else. */
static void survives_a_fault(void **state)
{
	struct frame_spec spec;
	u32 i;

	(void)state;
	fake_hole_add(h->board, FAKE_CTX_BUS(0), FAKE_REGION_BYTES, false,
		      true);
	for (i = 0; i < 4; i++) {
		spec = segment(4, i);
		push(&spec);
		spec.sport++;
		push(&spec);
	}
	spec.tcp_flags = FRAME_ACK | FRAME_PSH;
	spec.seq += MSS;
	spec.ip_id++;
	push(&spec);
	h_run(h);
	assert_int_not_equal(h->nic->ctx[0].qp[0].queue[CDNA_DIR_RX].state,
			     CDNA_QUEUE_RUNNING);
	assert_int_equal(h->nic->ctx[0].lro.used, 0);
	fake_holes_clear(h->board);
}

/* A context that holds its share still gets its frames, unmerged. */
static void does_without_packet_memory(void **state)
{
	struct fw_frame hoard[FW_NR_CELLS / 8];
	struct frame_spec spec;
	u32 i, held = 0;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(hoard); i++) {
		if (!fw_pool_alloc(&h->nic->pool, FW_BUDGET_RX, 1, 15000,
				   &hoard[i]))
			break;
		held++;
	}
	while (fw_pool_alloc(&h->nic->pool, FW_BUDGET_RX, 1, 100, &hoard[held]))
		held++;
	for (i = 0; i < 4; i++) {
		spec = segment(4, i);
		push(&spec);
	}
	h_run(h);
	for (i = 0; i < 4; i++) {
		spec = segment(4, i);
		expect_plain(&spec);
	}
	for (i = 0; i < held; i++)
		fw_pool_free(&h->nic->pool, &hoard[i]);
}

TEST_MAIN(
	LRO_TEST(never_outlives_a_step),
	LRO_TEST(survives_more_flows_than_it_can_follow),
	LRO_TEST(bounds_its_size),
	LRO_TEST(bounds_its_memory),
	LRO_TEST(merges_no_more_than_was_posted),
	LRO_TEST(survives_a_fault),
	LRO_TEST(does_without_packet_memory),
)
