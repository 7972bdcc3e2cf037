// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the header in front of a received frame says: sums, merged frames; and
 * tags, which it cannot describe.
 */
#include "virtio_bed.h"

#define MSS		1000u
#define OFFLOADS	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO)

static void up(u32 offloads)
{
	virtio_up(CDNA_DIR_RX, VIRTIO(.offloads = offloads));
}

/* @count chains of one page, less a bit */
static void fill(u32 count)
{
	while (count--)
		virtio_chain(1, 2048);
}

static u32 build(u8 *at, struct frame_spec spec)
{
	memcpy(spec.dst, h->ctx[0].mac, 6);
	memcpy(spec.src, net_peer, 6);
	return frame_build(at, &spec);
}

static void push(struct frame_spec spec)
{
	u32 len = build(frame, spec);

	assert_true(fake_wire_push(h->board, frame, len));
}

/* The next frame is that one, with such flags and all else 0. */
static void gets(struct frame_spec spec, u8 flags)
{
	struct cdna_virtio_hdr hdr = {
		.flags = flags, .num_buffers = fw_to_le16(1),
	};
	u32 len = build(frame, spec);

	assert_true(h_vrx_next(h, 0, 0, &vrx));
	assert_memory_equal(&vrx.hdr, &hdr, sizeof(hdr));
	assert_int_equal(vrx.len, len);
	assert_memory_equal(vrx.data, frame, len);
}

static const struct {
	struct frame_spec spec;
	bool good;
} sums[] = {
	{ { .ip = 4, .proto = 6, .payload = 100 }, true },
	{ { .ip = 6, .proto = 6, .payload = 101 }, true },
	{ { .ip = 4, .proto = 17, .payload = 102 }, true },
	{ { .ip = 6, .proto = 17, .payload = 103 }, true },
	{ { .ip = 4, .proto = 17, .payload = 3, .pad = 15 }, true },
	{ { .ip = 4, .proto = 6, .payload = 100, .bad_csum = true }, false },
	{ { .ip = 6, .proto = 17, .payload = 100, .bad_csum = true }, false },
	{ { .ip = 4, .proto = 17, .payload = 100, .zero_csum = true }, false },
	{ { .ip = 4, .proto = 1, .payload = 100 }, false },
	{ { .ip = 4, .proto = 6, .payload = 100, .frag = 0x2000 }, false },
	{ { .ethertype = 0x88b5, .payload = 100 }, false },
};

static void verified_sums(void **state)
{
	static const u32 offloads[] = { 0, CDNA_OFFLOAD_RX_CSUM,
					CDNA_OFFLOAD_LRO, OFFLOADS };
	bool asked;
	u32 i, n;

	for (n = 0; n < FW_ARRAY_SIZE(offloads); n++) {
		asked = offloads[n] & CDNA_OFFLOAD_RX_CSUM;
		up(offloads[n]);
		fill(FW_ARRAY_SIZE(sums));
		for (i = 0; i < FW_ARRAY_SIZE(sums); i++) {
			push(sums[i].spec);
			h_run(h);
			gets(sums[i].spec, asked && sums[i].good ?
			     CDNA_VIRTIO_HDR_DATA_VALID : 0);
		}
		teardown(state);
		setup(state);
	}
}

/* Segment @n of a stream that can be merged */
static struct frame_spec segment(u32 ip, u32 n)
{
	return (struct frame_spec){
		.ip = (u8)ip, .proto = 6, .seq = 5000 + n * MSS,
		.payload = MSS, .fill = n, .timestamps = true,
		.tsval = 9, .ip_id = (u16)(500 + n),
	};
}

/* What a merged frame's header says, and that the sum can be completed by it */
static void check_merged(u32 ip, struct frame_info *info)
{
	const struct cdna_virtio_hdr *hdr = &vrx.hdr;
	u32 start = fw_le16(hdr->csum_start);
	u8 *at = vrx.data + start + fw_le16(hdr->csum_offset);

	frame_parse(vrx.data, vrx.len, info);
	assert_int_equal(hdr->flags, CDNA_VIRTIO_HDR_NEEDS_CSUM);
	assert_int_equal(hdr->gso_type, ip == 4 ? 1 : 4);
	assert_int_equal(fw_le16(hdr->gso_size), MSS);
	assert_int_equal(fw_le16(hdr->hdr_len), info->payload);
	assert_int_equal(start, info->l4);
	assert_int_equal(fw_le16(hdr->csum_offset), 16);
	assert_int_equal(info->payload + info->payload_len, vrx.len);
	assert_true(info->ip_csum_ok);
	fw_put_be16(at, (u16)~frame_csum(vrx.data + start, vrx.len - start,
					 0));
	assert_int_equal(frame_l4_csum(vrx.data, info, vrx.len - start),
			 0xffff);
}

/* The next frame is @count segments from @first on, in @chains. */
static void gets_merged(u32 ip, u32 first, u32 count, u32 chains)
{
	struct frame_info info;
	u32 i;

	assert_true(h_vrx_next(h, 0, 0, &vrx));
	assert_int_equal(vrx.chains, chains);
	check_merged(ip, &info);
	assert_int_equal(info.payload_len, count * MSS);
	assert_int_equal(info.seq, 5000 + first * MSS);
	for (i = 0; i < count * MSS; i++)
		assert_int_equal(vrx.data[info.payload + i],
				 frame_byte(first + i / MSS, i % MSS));
}

static void merged_into_many_chains(void **state)
{
	u32 ip, n;

	(void)state;
	up(OFFLOADS | CDNA_OFFLOAD_RX_CHAINS);
	fill(60);
	for (ip = 4; ip <= 6; ip += 2) {
		for (n = 0; n < 20; n++)
			push(segment(ip, n));
		h_run(h);
		/* 12 bytes, headers of 66 or 86, data: of 2048 each */
		gets_merged(ip, 0, 20, 10);
	}
	virtio_nothing();
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 0);
}

static void merged_into_one_chain(void **state)
{
	u32 n;

	(void)state;
	up(OFFLOADS);
	virtio_chain(17, 4096);
	virtio_chain(17, 4096);
	for (n = 0; n < 50; n++)
		push(segment(4, n));
	h_run(h);
	gets_merged(4, 0, 50, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 17);
}

/* Not more is merged than a chain holds, where a frame may have one. */
static void merged_up_to_the_end_of_a_chain(void **state)
{
	u32 fits = 12 + 66 + 4 * MSS;
	u32 n, short_of, segs;

	for (short_of = 0; short_of <= 2; short_of += 2) {
		segs = short_of ? 3 : 4;
		up(OFFLOADS);
		for (n = 0; n < 4; n++)
			virtio_chain(2, (fits - short_of) / 2);
		for (n = 0; n < 12; n++)
			push(segment(4, n));
		h_run(h);
		for (n = 0; n < 12; n += segs)
			gets_merged(4, n, segs, 1);
		virtio_nothing();
		assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 0);
		teardown(state);
		setup(state);
	}
}

/* Segments that a chain is too small for are dropped one by one. */
static void chains_too_small_to_merge(void **state)
{
	u32 n;

	(void)state;
	up(OFFLOADS);
	for (n = 0; n < 5; n++)
		virtio_chain(1, 1000);
	for (n = 0; n < 3; n++)
		push(segment(4, n));
	h_run(h);
	virtio_nothing();
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 3);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 0);
}

/* A lone segment is as it was, its sum verified. */
static void alone(void **state)
{
	(void)state;
	up(OFFLOADS | CDNA_OFFLOAD_RX_CHAINS);
	fill(4);
	push(segment(4, 0));
	h_run(h);
	gets(segment(4, 0), CDNA_VIRTIO_HDR_DATA_VALID);
}

/* Tags stay in the frame, and offsets count them. */
static void tags_stay(void **state)
{
	struct frame_spec a = segment(4, 0), b = segment(4, 1);
	struct frame_info info;

	(void)state;
	up(OFFLOADS | CDNA_OFFLOAD_RX_CHAINS);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 5), 0);
	fill(10);
	a.tagged = true;
	a.tci = 5;
	b.tagged = true;
	b.tci = 5;
	push(a);
	h_run(h);
	gets(a, CDNA_VIRTIO_HDR_DATA_VALID);
	push(a);
	push(b);
	h_run(h);
	assert_true(h_vrx_next(h, 0, 0, &vrx));
	check_merged(4, &info);
	assert_true(info.tagged);
	assert_int_equal(info.tci, 5);
	assert_int_equal(info.payload_len, 2 * MSS);
}

/* What a context of this NIC had segmented, another gets in one piece. */
static void between_contexts(void **state)
{
	struct frame_spec spec = segment(4, 0);
	struct h_tx tx = { .data = seen, .mss = MSS,
			   .flags = CDNA_DESC_TSO | CDNA_DESC_CSUM,
			   .csum_start = 34, .csum_offset = 16 };
	struct frame_info info;
	u32 i;

	(void)state;
	up(OFFLOADS | CDNA_OFFLOAD_RX_CHAINS);
	net_up(1, 0, 0, 0);
	fill(20);
	spec.partial = true;
	spec.payload = 12 * MSS;
	memcpy(spec.dst, h->ctx[0].mac, 6);
	memcpy(spec.src, h->ctx[1].mac, 6);
	tx.len = frame_build(seen, &spec);
	assert_true(h_tx_post(h, 1, 0, &tx));
	h_ring(h, 1, 0, CDNA_DIR_TX);
	h_run(h);
	assert_true(h_vrx_next(h, 0, 0, &vrx));
	check_merged(4, &info);
	assert_int_equal(info.payload_len, 12 * MSS);
	for (i = 0; i < 12 * MSS; i++)
		assert_int_equal(vrx.data[info.payload + i], frame_byte(0, i));
	virtio_nothing();
	net_no_wire();
}

TEST_MAIN(
	NET_TEST(verified_sums),
	NET_TEST(merged_into_many_chains),
	NET_TEST(merged_into_one_chain),
	NET_TEST(merged_up_to_the_end_of_a_chain),
	NET_TEST(chains_too_small_to_merge),
	NET_TEST(alone),
	NET_TEST(tags_stay),
	NET_TEST(between_contexts),
)
