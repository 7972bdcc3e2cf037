/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of receive aggregation: a TCP stream toward context 0, which
 * merges, and what to expect of it.
 */
#ifndef LRO_STREAM_H
#define LRO_STREAM_H

#include "test.h"

#define MSS		1000
#define LRO_RX		(CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_CSUM)

static const u8 peer[6] = { 0x02, 0, 0, 0, 0, 0x99 };

static struct h *h;
static struct h_rx rx;
static u8 frame[FRAME_MAX];
static u8 other[FRAME_MAX];

static inline int setup(void **state)
{
	(void)state;
	h = h_new(NULL);
	h_ctx_up(h, 0);
	h_qp_up(h, 0, 0, 0, LRO_RX);
	h_rx_fill(h, 0, 0, 200, 2048);
	h_run(h);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	h_run(h);
	h_check(h);
	h_free(h);
	return 0;
}

/* Segment @n of a stream that can be merged */
static inline struct frame_spec segment(u32 ip, u32 n)
{
	struct frame_spec spec = FRAME_TCP4(
		.seq = 5000 + n * MSS, .ack = 77, .payload = MSS, .fill = n,
		.timestamps = true, .tsval = 9, .tsecr = 8,
		.saddr = 10, .daddr = 20, .sport = 1000, .dport = 2000,
		.window = 300, .ip_id = (u16)(500 + n));

	spec.ip = (u8)ip;
	h_mac(spec.dst, 0);
	memcpy(spec.src, peer, 6);
	return spec;
}

static inline void push(const struct frame_spec *spec)
{
	u32 len = frame_build(frame, spec);

	assert_true(fake_wire_push(h->board, frame, len));
}

/* The next frame is @spec as it was sent, but for its padding. */
static inline void expect_plain(const struct frame_spec *spec)
{
	u32 len = frame_build(other, spec) - spec->pad;

	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, 1);
	assert_int_equal(rx.first.mss, 0);
	assert_int_equal(rx.first.hdr_len, 0);
	assert_false(rx.first.flags & CDNA_RX_LRO);
	assert_in_range(rx.len, len, len + spec->pad);
	assert_memory_equal(rx.data, other, len);
}

static inline void expect_none(void)
{
	assert_false(h_rx_next(h, 0, 0, &rx));
}

/* What a frame of several segments must be like, whatever is in it */
static inline void check_merged(struct frame_info *info)
{
	u32 l4_len;
	u8 *field;

	frame_parse(rx.data, rx.len, info);
	l4_len = rx.len - info->l4;
	assert_true(rx.first.flags & CDNA_RX_LRO);
	assert_true(rx.first.flags & CDNA_RX_CSUM_OK);
	assert_true(rx.first.flags & CDNA_RX_TCP);
	assert_int_equal(rx.first.hdr_len, info->payload);
	/* The IP header tells the length of it all. */
	assert_int_equal(info->payload + info->payload_len, rx.len);
	assert_true(info->ip_csum_ok);
	/* The field has the pseudo header's sum: complete it as Linux does. */
	field = rx.data + info->l4 + 16;
	fw_put_be16(field, (u16)~frame_csum(rx.data + info->l4, l4_len, 0));
	assert_int_equal(frame_l4_csum(rx.data, info, l4_len), 0xffff);
}

/* The next frame is @count segments from @first on, merged. */
static inline void expect_merged(u32 ip, u32 first, u32 count, u32 last_len)
{
	struct frame_spec spec = segment(ip, first);
	struct frame_info info;
	u32 i, j, len;
	u8 *p;

	assert_true(h_rx_next(h, 0, 0, &rx));
	assert_int_equal(rx.first.segs, count);
	assert_int_equal(rx.first.mss, MSS);
	check_merged(&info);
	assert_int_equal(info.payload_len, (count - 1) * MSS + last_len);
	assert_int_equal(info.seq, spec.seq);
	assert_int_equal(info.ack, spec.ack);
	if (ip == 4)
		assert_int_equal(info.ip_id, spec.ip_id);
	p = rx.data + info.payload;
	for (i = 0; i < count; i++) {
		len = i == count - 1 ? last_len : MSS;
		for (j = 0; j < len; j++)
			assert_int_equal(*p++, frame_byte(first + i, j));
	}
}

/* @second must not be merged with the segment before it, nor be lost. */
static inline void not_merged(const struct frame_spec *first,
			      const struct frame_spec *second)
{
	push(first);
	push(second);
	h_run(h);
	expect_plain(first);
	expect_plain(second);
	expect_none();
}

static inline void tagged_up(u32 offloads)
{
	h_free(h);
	h = h_new(NULL);
	h_ctx_up(h, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 5), 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 6), 0);
	h_qp_up(h, 0, 0, 0, LRO_RX | offloads);
	h_rx_fill(h, 0, 0, 100, 2048);
}

static inline struct frame_spec tagged(u32 n, u16 tci)
{
	struct frame_spec spec = segment(4, n);

	spec.tagged = true;
	spec.tci = tci;
	return spec;
}

#define LRO_TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* LRO_STREAM_H */
