// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive aggregation: what becomes one frame.
 */
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

TEST_MAIN(
	LRO_TEST(merges_ipv4),
	LRO_TEST(merges_ipv6),
	LRO_TEST(counts_what_it_merges),
	LRO_TEST(leaves_a_lone_segment_alone),
	LRO_TEST(ends_with_a_smaller_segment),
	LRO_TEST(ends_with_push),
	LRO_TEST(merges_over_the_sequence_wrap),
	LRO_TEST(merges_several_flows),
	LRO_TEST(merges_constant_identifications_with_df),
	LRO_TEST(wraps_identifications),
	LRO_TEST(trims_padding),
	LRO_TEST(merges_tagged_frames),
	LRO_TEST(merges_between_contexts),
)
