// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive aggregation: what becomes one frame, and its bounds.
 */
#include "switch/wire.h"
#include "lro_stream.h"

static void merges_a_stream(u32 ip)
{
	struct frame_spec spec;
	u32 i;

	for (i = 0; i < 10; i++) {
		spec = segment(ip, i);
		push(&spec);
	}
	h_run(h);
	expect_merged(ip, 0, 10, MSS);
	expect_none();
}

static void merges_ipv4(void **state)
{
	(void)state;
	merges_a_stream(4);
	assert_true(rx.first.flags & CDNA_RX_IPV4);
}

static void merges_ipv6(void **state)
{
	(void)state;
	merges_a_stream(6);
	assert_true(rx.first.flags & CDNA_RX_IPV6);
}

static void counts_what_it_merges(void **state)
{
	u64 *ctx = h->nic->ctx[0].stats;
	u64 *qp = h->nic->ctx[0].qp[0].stats;
	struct frame_spec spec = segment(4, 0);
	u32 len = frame_build(frame, &spec);

	(void)state;
	merges_a_stream(4);
	assert_int_equal(ctx[CDNA_CSTAT_RX_FRAMES], 10);
	assert_int_equal(ctx[CDNA_CSTAT_RX_BYTES], 10 * len);
	assert_int_equal(qp[CDNA_QSTAT_RX_FRAMES], 1);
	assert_int_equal(qp[CDNA_QSTAT_RX_MERGED], 10);
}

static void leaves_a_lone_segment_alone(void **state)
{
	struct frame_spec spec = segment(4, 0);

	(void)state;
	push(&spec);
	h_run(h);
	expect_plain(&spec);
	expect_none();
}

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

static void ends_with_a_smaller_segment(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);
	struct frame_spec c = segment(4, 2);

	(void)state;
	b.payload = 100;
	c.seq = b.seq + 100;
	push(&a);
	push(&b);
	push(&c);
	h_run(h);
	expect_merged(4, 0, 2, 100);
	expect_plain(&c);
	expect_none();
}

static void ends_with_push(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);
	struct frame_spec c = segment(4, 2);
	struct frame_info info;

	(void)state;
	b.tcp_flags = FRAME_ACK | FRAME_PSH;
	push(&a);
	push(&b);
	push(&c);
	h_run(h);
	expect_merged(4, 0, 2, MSS);
	frame_parse(rx.data, rx.len, &info);
	assert_int_equal(info.tcp_flags, FRAME_ACK | FRAME_PSH);
	expect_plain(&c);
	expect_none();
}

static void merges_over_the_sequence_wrap(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	a.seq = 0xffffff00;
	b.seq = a.seq + MSS;
	push(&a);
	push(&b);
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, 2);
}

/* Frames of several flows, mixed: each flow is merged. */
static void merges_several_flows(void **state)
{
	struct frame_spec spec;
	u32 n, flow, total = 0;

	(void)state;
	for (n = 0; n < 6; n++) {
		for (flow = 0; flow < 5; flow++) {
			spec = segment(flow & 1 ? 6 : 4, n);
			spec.sport = (u16)(1000 + flow);
			push(&spec);
		}
	}
	h_run(h);
	while (h_rx_next(h, 0, 0, &rx)) {
		assert_int_equal(rx.first.segs, 6);
		total++;
	}
	assert_int_equal(total, 5);
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

static void merges_constant_identifications_with_df(void **state)
{
	struct frame_spec spec[4];
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		spec[i] = segment(4, i);
		spec[i].frag = 0x4000;
		spec[i].ip_id = 500;
	}
	/* Two ways of counting do not mix. */
	spec[3].ip_id = 501;
	for (i = 0; i < 4; i++)
		push(&spec[i]);
	h_run(h);
	expect_merged(4, 0, 3, MSS);
	expect_plain(&spec[3]);
	expect_none();
}

static void wraps_identifications(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	a.ip_id = 0xffff;
	b.ip_id = 0;
	push(&a);
	push(&b);
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, 2);
}

static void trims_padding(void **state)
{
	struct frame_spec spec[3];
	struct frame_info info;
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++) {
		spec[i] = segment(4, 0);
		spec[i].timestamps = false;
		spec[i].seq = 5000 + i * 3;
		spec[i].ip_id = (u16)(500 + i);
		spec[i].payload = 3;
		spec[i].pad = 3;
		spec[i].fill = i;
		push(&spec[i]);
	}
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, 3);
	assert_int_equal(rx.len, 54 + 9);
	check_merged(&info);
	for (i = 0; i < 9; i++)
		assert_int_equal(rx.data[54 + i], frame_byte(i / 3, i % 3));
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

static void merges_tagged_frames(void **state)
{
	struct frame_spec a = tagged(0, 5), b = tagged(1, 5);
	struct frame_info info;

	(void)state;
	tagged_up(0);
	push(&a);
	push(&b);
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	check_merged(&info);
	assert_true(info.tagged);
	assert_int_equal(info.tci, 5);
	assert_int_equal(rx.first.segs, 2);

	tagged_up(CDNA_OFFLOAD_RX_VLAN);
	push(&a);
	push(&b);
	h_run(h);
	assert_true(h_rx_next(h, 0, 0, &rx));
	check_merged(&info);
	assert_false(info.tagged);
	assert_true(rx.first.flags & CDNA_RX_VLAN);
	assert_int_equal(rx.first.vlan_tci, 5);
	assert_int_equal(rx.first.segs, 2);
}

static void merges_between_contexts(void **state)
{
	struct frame_spec spec;
	u32 i;

	(void)state;
	h_up(h, 1);
	for (i = 0; i < 5; i++) {
		spec = segment(4, i);
		h_mac(spec.src, 1);
		h_tx_send(h, 1, 0, frame, frame_build(frame, &spec));
	}
	h_run(h);
	expect_merged(4, 0, 5, MSS);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_RX_LOCAL], 5);
	assert_int_equal(fake_wire_pending(h->board), 0);
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
	LRO_TEST(merges_ipv4),
	LRO_TEST(merges_ipv6),
	LRO_TEST(counts_what_it_merges),
	LRO_TEST(leaves_a_lone_segment_alone),
	LRO_TEST(never_outlives_a_step),
	LRO_TEST(ends_with_a_smaller_segment),
	LRO_TEST(ends_with_push),
	LRO_TEST(merges_over_the_sequence_wrap),
	LRO_TEST(merges_several_flows),
	LRO_TEST(survives_more_flows_than_it_can_follow),
	LRO_TEST(merges_constant_identifications_with_df),
	LRO_TEST(wraps_identifications),
	LRO_TEST(trims_padding),
	LRO_TEST(bounds_its_size),
	LRO_TEST(bounds_its_memory),
	LRO_TEST(merges_no_more_than_was_posted),
	LRO_TEST(merges_tagged_frames),
	LRO_TEST(merges_between_contexts),
	LRO_TEST(survives_a_fault),
	LRO_TEST(does_without_packet_memory),
)
