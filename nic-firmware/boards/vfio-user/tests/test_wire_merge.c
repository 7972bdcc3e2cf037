// SPDX-License-Identifier: GPL-2.0-only
/* Segments merged for a TAP: which, how, and what must not be. */
#include "bed.h"
#include "frames.h"

#include "../wire_merge.h"
#include "core/base/csum.h"

#define MSS	1000u
#define DF	0x4000

/* A segment that follows one of MSS bytes */
#define NEXT(...)	FRAME_TCP4(.seq = MSS, .ip_id = 1, __VA_ARGS__)

static struct wire_merge merge;

static int setup(void **state)
{
	(void)state;
	memset(&merge, 0, sizeof(merge));
	return 0;
}

/* In two pieces, as the firmware gives frames. */
static bool add(struct frame_spec spec)
{
	static u8 frame[FRAME_MAX];
	u32 len = frame_build(frame, &spec);
	struct iovec iov[2] = { { frame, 20 }, { frame + 20, len - 20 } };

	return wire_merge_add(&merge, iov, 2);
}

/* The frame there is one segment of @bytes, filled by @fill from @seq on, with
 * all checksums right once TCP's is finished.
 */
static void expect_merged(u8 type, u32 seq, u32 bytes)
{
	struct frame_info info;
	struct iovec iov[2];
	u8 *frame;
	u32 sum;

	wire_merge_take(&merge, iov);
	frame = iov[1].iov_base;
	frame_parse(frame, (u32)iov[1].iov_len, &info);
	assert_int_equal(iov[0].iov_len, sizeof(merge.vnet));
	assert_int_equal(merge.vnet.gso_type, type);
	assert_int_equal(merge.vnet.gso_size, MSS);
	assert_int_equal(merge.vnet.hdr_len, info.payload);
	assert_int_equal(merge.vnet.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
	assert_int_equal(merge.vnet.csum_start, info.l4);
	assert_int_equal(merge.vnet.csum_offset, 16);
	assert_int_equal(info.seq, seq);
	assert_int_equal(info.payload_len, bytes);
	assert_true(info.ip_csum_ok);
	sum = fw_csum_add(0, frame + info.l4, (u32)iov[1].iov_len - info.l4);
	fw_put_be16(frame + info.l4 + 16, (u16)~fw_csum_fold(sum));
	frame_parse(frame, (u32)iov[1].iov_len, &info);
	assert_true(info.csum_ok);
	assert_int_equal(merge.len, 0);
}

static void segments_become_one(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 10; i++)
		assert_true(add(FRAME_TCP4(.seq = 7 + i * MSS, .payload = MSS,
					   .ip_id = (u16)i, .timestamps = true,
					   .tsval = 5)));
	assert_false(merge.closed);
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV4, 7, 10 * MSS);
}

static void so_with_ipv6(void **state)
{
	(void)state;
	/* Sequence numbers may wrap. */
	assert_true(add(FRAME_TCP6(.seq = -MSS, .payload = MSS)));
	assert_true(add(FRAME_TCP6(.seq = 0, .payload = MSS)));
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV6, -MSS, 2 * MSS);
}

static void a_short_one_is_the_last(void **state)
{
	(void)state;
	assert_true(add(FRAME_TCP4(.payload = MSS)));
	assert_true(add(NEXT(.payload = 3)));
	assert_true(merge.closed);
	assert_false(add(FRAME_TCP4(.seq = MSS + 3, .payload = 3)));
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV4, 0, MSS + 3);
}

static void a_push_is_the_last(void **state)
{
	struct frame_spec push = NEXT(.payload = MSS,
				      .tcp_flags = FRAME_ACK | FRAME_PSH);

	(void)state;
	assert_true(add(FRAME_TCP4(.payload = MSS)));
	assert_true(add(push));
	assert_true(merge.closed);
	assert_int_equal(merge.frame[merge.pkt.l4 + 13], FRAME_ACK | FRAME_PSH);
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV4, 0, 2 * MSS);
}

/* One alone is sent byte by byte as it came. */
static void one_stays_itself(void **state)
{
	struct frame_spec spec = FRAME_TCP4(.payload = MSS, .ip_id = 9);
	static const struct virtio_net_hdr none;
	static u8 frame[FRAME_MAX];
	u32 len = frame_build(frame, &spec);
	struct iovec iov[2];

	(void)state;
	assert_true(add(spec));
	wire_merge_take(&merge, iov);
	assert_memory_equal(iov[0].iov_base, &none, sizeof(none));
	assert_int_equal(iov[1].iov_len, len);
	assert_memory_equal(iov[1].iov_base, frame, len);
}

static void others_are_not_held(void **state)
{
	const struct frame_spec others[] = {
		FRAME_TCP4(.payload = 0),
		FRAME_TCP4(.payload = 9, .bad_csum = true),
		FRAME_TCP4(.payload = 9, .bad_ip_csum = true),
		FRAME_TCP4(.payload = 9, .tcp_flags = FRAME_SYN),
		FRAME_TCP4(.payload = 9, .tcp_flags = FRAME_ACK | FRAME_FIN),
		FRAME_TCP4(.payload = 9, .tcp_flags = FRAME_ACK | FRAME_CWR),
		FRAME_TCP4(.payload = 9, .ip_options = 4),
		FRAME_TCP4(.payload = 9, .frag = 0x2000),
		FRAME_TCP4(.payload = 9, .tagged = true),
		FRAME_TCP4(.payload = 9, .pad = 4),
		FRAME_UDP4(.payload = 9),
		FRAME_TCP4(.payload = 9300),
	};
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(others); i++) {
		if (add(others[i]))
			fail_msg("frame %u was taken", i);
		assert_int_equal(merge.len, 0);
	}
}

static void what_differs_does_not_follow(void **state)
{
	const struct frame_spec others[] = {
		FRAME_TCP4(.seq = MSS + 1, .payload = MSS, .ip_id = 1),
		FRAME_TCP4(.seq = 0, .payload = MSS, .ip_id = 1),
		NEXT(.payload = MSS + 1),
		NEXT(.payload = MSS, .ack = 1),
		NEXT(.payload = MSS, .window = 1),
		NEXT(.payload = MSS, .sport = 1),
		NEXT(.payload = MSS, .dport = 1),
		NEXT(.payload = MSS, .timestamps = true),
		NEXT(.payload = MSS, .ttl = 3),
		NEXT(.payload = MSS, .tos = 1),
		NEXT(.payload = MSS, .saddr = 0x01020304),
		NEXT(.payload = MSS, .src = { 2, 3 }),
		NEXT(.payload = MSS, .bad_csum = true),
		NEXT(.payload = MSS, .bad_ip_csum = true),
		NEXT(.payload = MSS, .frag = DF),
		FRAME_TCP6(.seq = MSS, .payload = MSS),
	};
	u32 i;

	(void)state;
	assert_true(add(FRAME_TCP4(.payload = MSS)));
	for (i = 0; i < FW_ARRAY_SIZE(others); i++)
		if (add(others[i]))
			fail_msg("frame %u was taken", i);
	assert_true(add(NEXT(.payload = MSS)));
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV4, 0, 2 * MSS);
}

/* Does one of that identification follow those before, 0 the first of them? */
static bool follows(const u16 *before, u32 count, u16 id, u16 frag)
{
	u32 i;

	memset(&merge, 0, sizeof(merge));
	for (i = 0; i < count; i++)
		assert_true(add(FRAME_TCP4(.seq = i * MSS, .payload = MSS,
					   .ip_id = before[i], .frag = frag)));
	return add(FRAME_TCP4(.seq = i * MSS, .payload = MSS, .ip_id = id,
			      .frag = frag));
}

/* The kernel numbers segments one by one. */
static void identifications_are_related(void **state)
{
	static const u16 up[] = { 0xfffe, 0xffff }, same[] = { 7, 7 };

	(void)state;
	assert_true(follows(up, 1, 0xffff, 0));
	assert_true(follows(up, 2, 0, 0));
	assert_false(follows(up, 2, 1, 0));
	assert_false(follows(same, 1, 99, 0));
	assert_false(follows(same, 1, 7, 0));
	assert_false(follows(same, 1, 6, 0));
	/* Without fragments it says nothing, and may stay. */
	assert_true(follows(same, 1, 7, DF));
	assert_true(follows(same, 2, 7, DF));
	assert_false(follows(same, 2, 8, DF));
	assert_false(follows(up, 2, 0xffff, DF));
	assert_false(follows(same, 1, 99, DF));
}

static void there_is_an_end(void **state)
{
	u32 i = 0;

	(void)state;
	while (add(FRAME_TCP4(.seq = i * MSS, .payload = MSS, .frag = DF)))
		i++;
	assert_int_equal(i, 65);
	assert_in_range(merge.len, 0, FW_ETH_HLEN + 65535);
	expect_merged(VIRTIO_NET_HDR_GSO_TCPV4, 0, i * MSS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(segments_become_one, setup),
		cmocka_unit_test_setup(so_with_ipv6, setup),
		cmocka_unit_test_setup(a_short_one_is_the_last, setup),
		cmocka_unit_test_setup(a_push_is_the_last, setup),
		cmocka_unit_test_setup(one_stays_itself, setup),
		cmocka_unit_test_setup(others_are_not_held, setup),
		cmocka_unit_test_setup(what_differs_does_not_follow, setup),
		cmocka_unit_test_setup(identifications_are_related, setup),
		cmocka_unit_test_setup(there_is_an_end, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
