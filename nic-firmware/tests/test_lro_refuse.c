// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive aggregation: each reason why a frame must not be merged. What is not
 * merged arrives as it was sent, in its place.
 */
#include "lro_stream.h"

static void does_not_begin_with_push(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	a.tcp_flags = FRAME_ACK | FRAME_PSH;
	not_merged(&a, &b);
}

static void refuses_a_larger_segment(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	b.payload = MSS + 1;
	not_merged(&a, &b);
}

static void refuses_flags(void **state)
{
	static const u8 flags[] = {
		FRAME_ACK | FRAME_FIN, FRAME_ACK | FRAME_SYN,
		FRAME_ACK | FRAME_RST, FRAME_ACK | FRAME_URG,
		FRAME_ACK | FRAME_ECE, FRAME_ACK | FRAME_CWR, FRAME_SYN,
		FRAME_PSH, FRAME_ACK | FRAME_PSH | FRAME_FIN,
	};
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(flags); i++) {
		struct frame_spec a = segment(4, 0), b = segment(4, 1);

		b.tcp_flags = flags[i];
		not_merged(&a, &b);
		/* Nor does one that has them begin anything. */
		b = segment(4, 1);
		a.tcp_flags = flags[i];
		not_merged(&a, &b);
	}
}

static void refuses_a_pure_ack(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);
	struct frame_spec c = segment(4, 1);

	(void)state;
	b.payload = 0;
	push(&a);
	push(&b);
	push(&c);
	h_run(h);
	expect_plain(&a);
	expect_plain(&b);
	expect_plain(&c);
	not_merged(&b, &a);
}

static void refuses_gaps_and_repetition(void **state)
{
	static const s32 wrong[] = { 1, -1, MSS, -MSS, 1 << 30 };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(wrong); i++) {
		struct frame_spec a = segment(4, 0), b = segment(4, 1);

		b.seq += (u32)wrong[i];
		not_merged(&a, &b);
	}
}

static void refuses_other_tcp_headers(void **state)
{
	struct frame_spec a = segment(4, 0);
	struct frame_spec b[6];
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(b); i++)
		b[i] = segment(4, 1);
	b[0].ack++;
	b[1].window++;
	b[2].tsval++;
	b[3].tsecr++;
	b[4].timestamps = false;
	b[5].timestamps = false;
	b[5].payload = MSS + 12;
	for (i = 0; i < FW_ARRAY_SIZE(b); i++)
		not_merged(&a, &b[i]);
}

static void keeps_flows_apart(void **state)
{
	struct frame_spec a = segment(4, 0);
	struct frame_spec b[4];
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(b); i++)
		b[i] = segment(4, 1);
	b[0].sport++;
	b[1].dport++;
	b[2].saddr++;
	b[3].daddr++;
	for (i = 0; i < FW_ARRAY_SIZE(b); i++)
		not_merged(&a, &b[i]);
	a = segment(6, 0);
	for (i = 0; i < FW_ARRAY_SIZE(b); i++) {
		b[i].ip = 6;
		not_merged(&a, &b[i]);
	}
}

static void refuses_other_ip_headers(void **state)
{
	struct frame_spec a = segment(4, 0), b;

	(void)state;
	b = segment(4, 1);
	b.ttl = 63;
	not_merged(&a, &b);
	b = segment(4, 1);
	b.tos = 0x10;
	not_merged(&a, &b);
	b = segment(4, 1);
	b.tos = 3;	/* congestion experienced */
	not_merged(&a, &b);
	b = segment(4, 1);
	b.frag = 0x4000;
	not_merged(&a, &b);
	a = segment(6, 0);
	b = segment(6, 1);
	b.ttl = 63;
	not_merged(&a, &b);
	b = segment(6, 1);
	b.tos = 3;
	not_merged(&a, &b);
}

static void looks_at_identifications(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	b.ip_id = a.ip_id;	/* may be a fragment's, without DF */
	not_merged(&a, &b);
	b.ip_id = (u16)(a.ip_id + 2);
	not_merged(&a, &b);
	a.frag = 0x4000;
	b.frag = 0x4000;
	not_merged(&a, &b);
	b.ip_id = (u16)(a.ip_id - 1);
	not_merged(&a, &b);
}

static void refuses_wrong_checksums(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	b.bad_csum = true;
	not_merged(&a, &b);
	assert_true(rx.first.flags & CDNA_RX_CSUM_BAD);
	b = segment(4, 1);
	b.bad_ip_csum = true;
	not_merged(&a, &b);
	a.bad_csum = true;
	b = segment(4, 1);
	not_merged(&a, &b);
	a = segment(6, 0);
	b = segment(6, 1);
	b.bad_csum = true;
	not_merged(&a, &b);
}

static void refuses_options_and_fragments(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	b.ip_options = 8;
	not_merged(&a, &b);
	not_merged(&b, &a);
	b = segment(4, 1);
	b.frag = 0x2000;
	not_merged(&a, &b);
	b.frag = 0x0010;
	not_merged(&a, &b);
	/* The reserved flag */
	b.frag = 0x8000;
	not_merged(&a, &b);
	a.frag = 0x8000;
	not_merged(&a, &b);
}

/* An IPv6 extension header in front of TCP, put in by hand */
static u32 build_extended(const struct frame_spec *spec)
{
	static const u8 hop_by_hop[8] = { 6, 0, 1, 4, 0, 0, 0, 0 };
	u32 len = frame_build(frame, spec);

	memmove(frame + 62, frame + 54, len - 54);
	memcpy(frame + 54, hop_by_hop, 8);
	frame[20] = 0;
	fw_put_be16(frame + 18, (u16)(fw_get_be16(frame + 18) + 8));
	return len + 8;
}

static void refuses_ipv6_extensions(void **state)
{
	struct frame_spec a = segment(6, 0), b = segment(6, 1);
	struct frame_spec c = segment(6, 2);

	(void)state;
	push(&a);
	assert_true(fake_wire_push(h->board, frame, build_extended(&b)));
	push(&c);
	h_run(h);
	expect_plain(&a);
	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, 1);
	assert_int_equal(rx.len, build_extended(&b));
	assert_memory_equal(rx.data, frame, rx.len);
	expect_plain(&c);
	expect_none();
}

/* Accurate ECN's bit, and the reserved ones, beside the header length */
static void refuses_reserved_tcp_bits(void **state)
{
	u32 bit;

	(void)state;
	for (bit = 0; bit < 4; bit++) {
		struct frame_spec a = segment(4, 0), b = segment(4, 1);
		u32 len, sum;

		push(&a);
		len = frame_build(frame, &b);
		frame[34 + 12] |= (u8)(1 << bit);
		sum = fw_get_be16(frame + 34 + 16) + 0xffffu - (256u << bit);
		fw_put_be16(frame + 34 + 16,
			    (u16)((sum & 0xffff) + (sum >> 16)));
		assert_true(fake_wire_push(h->board, frame, len));
		h_run(h);
		expect_plain(&a);
		assert_true(h_rx_next(h, 0, 0, &rx));
		assert_true(rx.first.flags & CDNA_RX_CSUM_OK);
		assert_int_equal(rx.first.segs, 1);
		expect_none();
	}
}

static void refuses_other_link_layers(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);

	(void)state;
	b.src[5] ^= 1;
	not_merged(&a, &b);
}

static void does_nothing_without_being_asked(void **state)
{
	struct frame_spec spec;
	u32 i;

	(void)state;
	h_ctx_up(h, 1);
	h_qp_up(h, 1, 0, 0, CDNA_OFFLOAD_RX_CSUM);
	h_rx_fill(h, 1, 0, 20, 2048);
	for (i = 0; i < 4; i++) {
		spec = segment(4, i);
		h_mac(spec.dst, 1);
		push(&spec);
	}
	h_run(h);
	for (i = 0; i < 4; i++) {
		assert_true(h_rx_next(h, 1, 0, &rx));
		assert_int_equal(rx.first.segs, 1);
	}
}

/* Groups do not speak TCP; what looks like it is left alone. */
static void leaves_multicast_alone(void **state)
{
	struct frame_spec spec;
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++) {
		spec = segment(4, i);
		memset(spec.dst, 0xff, 6);
		push(&spec);
	}
	h_run(h);
	for (i = 0; i < 3; i++) {
		spec = segment(4, i);
		memset(spec.dst, 0xff, 6);
		expect_plain(&spec);
	}
}

static void keeps_tags_apart(void **state)
{
	static const u16 tci[] = { 6, 5 | 1 << 13, 0 };
	struct frame_spec a, b;
	u32 i, round;

	(void)state;
	for (round = 0; round < 2; round++) {
		tagged_up(round ? CDNA_OFFLOAD_RX_VLAN : 0);
		for (i = 0; i <= FW_ARRAY_SIZE(tci); i++) {
			a = tagged(0, 5);
			b = i < FW_ARRAY_SIZE(tci) ? tagged(1, tci[i]) :
						     segment(4, 1);
			push(&a);
			push(&b);
			h_run(h);
			assert_true(h_rx_next(h, 0, 0, &rx));
			assert_int_equal(rx.first.segs, 1);
			assert_true(h_rx_next(h, 0, 0, &rx));
			assert_int_equal(rx.first.segs, 1);
			expect_none();
		}
	}
}

TEST_MAIN(
	LRO_TEST(does_not_begin_with_push),
	LRO_TEST(refuses_a_larger_segment),
	LRO_TEST(refuses_flags),
	LRO_TEST(refuses_a_pure_ack),
	LRO_TEST(refuses_gaps_and_repetition),
	LRO_TEST(refuses_other_tcp_headers),
	LRO_TEST(keeps_flows_apart),
	LRO_TEST(refuses_other_ip_headers),
	LRO_TEST(looks_at_identifications),
	LRO_TEST(refuses_wrong_checksums),
	LRO_TEST(refuses_options_and_fragments),
	LRO_TEST(refuses_ipv6_extensions),
	LRO_TEST(refuses_reserved_tcp_bits),
	LRO_TEST(refuses_other_link_layers),
	LRO_TEST(does_nothing_without_being_asked),
	LRO_TEST(leaves_multicast_alone),
	LRO_TEST(keeps_tags_apart),
)
