// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP segmentation of all that may be asked for.
 */
#include "tso_bed.h"

static void random_requests(void **state)
{
	static struct request r;
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "random_requests");
	for (i = 0; i < 300; i++) {
		u32 mtu = i % 3 ? 1500 : 9000;
		struct h *h = tso_new(mtu);
		struct frame_spec spec = {
			.ip = i & 1 ? 4 : 6, .proto = 6, .fill = i,
			.tagged = i % 5 == 1, .tci = 0x2005,
			.timestamps = i & 4, .ip_id = 0xfff8,
			.ip_options = i & 1 && i & 8 ? 8 : 0,
			.seq = 0xffff0000, .ack = 99,
			.tcp_flags = (u8)(prng_next(&prng) &
					  ~(FRAME_SYN | FRAME_RST)),
			.payload = 1 + prng_below(&prng, 65000),
		};
		u32 most = mtu - 40 - 20 - (i & 4 ? 12 : 0) - 8;

		if (!spec.tcp_flags)
			spec.tcp_flags = FRAME_ACK;
		request_build(&r, spec, most - prng_below(&prng, i & 16 ?
							  most - 200 : 5));
		if (i % 5 == 2)
			r.insert = 0x4123;
		request_post(h, &r, &prng, i & 2);
		request_check(h, &r);
		h_free(h);
	}
}

/* Every length about a few multiples of the segment size, down to 1 byte */
static void small_segments(void **state)
{
	static const u32 mss[] = { 1, 3, 7, 100 };
	struct h *h = tso_new(1500);
	static struct request r;
	struct prng prng;
	u32 i, k;

	(void)state;
	prng_seed(&prng, "small_segments");
	for (i = 0; i < FW_ARRAY_SIZE(mss); i++)
		for (k = 1; k <= 4 * mss[i] + 1; k++) {
			request_build(&r, FRAME_TCP4(
				.payload = k, .tcp_flags = FRAME_ACK |
					FRAME_PSH | FRAME_FIN | FRAME_CWR),
				      mss[i]);
			request_post(h, &r, &prng, k & 1);
			request_check(h, &r);
			assert_int_equal(r.segments,
					 (k + mss[i] - 1) / mss[i]);
		}
	h_free(h);
}

/* The largest request, and the most that fits on the wire with and without */
static void limits(void **state)
{
	struct h *h = tso_new(1500);
	static struct request r;
	struct prng prng;
	u64 *stats = h->nic->ctx[0].qp[0].stats;

	(void)state;
	prng_seed(&prng, "limits");
	/* An IPv4 datagram of 65535 bytes */
	request_build(&r, FRAME_TCP4(.payload = 65495), 1460);
	request_post(h, &r, &prng, false);
	request_check(h, &r);
	assert_int_equal(r.segments, 45);
	assert_int_equal(stats[CDNA_QSTAT_TX_FRAMES], 1);
	assert_int_equal(stats[CDNA_QSTAT_TX_SEGMENTS], 45);
	assert_int_equal(stats[CDNA_QSTAT_TX_BYTES], r.len);
	assert_int_equal(stats[CDNA_QSTAT_TX_DESCS],
			 h->ctx[0].qp[0].queue[0].prod);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_TX_FRAMES], 45);
	request_build(&r, FRAME_TCP6(.payload = 5000, .tagged = true,
				     .tci = 9), 1440);
	request_post(h, &r, &prng, true);
	request_check(h, &r);
	/* A payload of one segment is a segment as well. */
	request_build(&r, FRAME_TCP6(.payload = 1440), 1440);
	r.insert = 7;
	request_post(h, &r, &prng, true);
	request_check(h, &r);
	assert_int_equal(r.segments, 1);
	h_free(h);
}

/* 256 bytes of headers is what the NIC keeps. */
static void long_headers(void **state)
{
	struct h *h = tso_new(1500);
	static struct request r;
	struct prng prng;
	u32 ext;

	(void)state;
	prng_seed(&prng, "long_headers");
	/* IPv6 with destination options: 14 + 40 + ext + 20 bytes */
	for (ext = 8; ext <= 200; ext += 8) {
		request_build(&r, FRAME_TCP6(.payload = 3000), 1000);
		memmove(r.frame + 54 + ext, r.frame + 54, r.len - 54);
		memset(r.frame + 54, 0, ext);
		r.frame[54] = 6;
		r.frame[55] = (u8)(ext / 8 - 1);
		r.frame[20] = 60;
		r.len += ext;
		fw_put_be16(r.frame + 18, (u16)(r.len - 54));
		r.info.l4 += ext;
		r.info.payload += ext;
		if (14 + 40 + ext + 20 > FW_TSO_MAX_HEADER) {
			refused(h, &r);
			continue;
		}
		request_post(h, &r, &prng, ext & 8);
		h_run(h);
		assert_int_equal(fake_wire_pending(h->board), 3);
		fake_wire_clear(h->board);
	}
	h_free(h);
}

TEST_MAIN(
	TEST(random_requests),
	TEST(small_segments),
	TEST(limits),
	TEST(long_headers),
)
