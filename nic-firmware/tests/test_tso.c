// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP segmentation, checked by putting the segments together again with code
 * that knows nothing of how they were made.
 */
#include "test.h"

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

static struct h *tso_new(u32 mtu)
{
	struct h_ring_spec spec = { .format = CDNA_FORMAT_OFFLOAD,
				    .slots = 64, .offloads = H_OFFLOADS_TX };
	struct h_config config = { .mtu = mtu };
	struct h *h = h_new(&config);

	assert_int_equal(h_configure(h, 0, 0, CDNA_CTX_TRUNK), 0);
	assert_int_equal(h_activate(h, 0), 0);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec), 0);
	return h;
}

/**
 * struct request - a segmentation request and what becomes of it
 * @frame: as posted
 * @len: its bytes
 * @info: its headers
 * @mss: payload of a segment
 * @insert: tag to insert, 0: none
 * @done: payload bytes that came out so far
 * @segments: segments that came out
 */
struct request {
	u8 frame[FRAME_MAX];
	u32 len;
	struct frame_info info;
	u32 mss;
	u16 insert;
	u32 done;
	u32 segments;
};

static void request_build(struct request *r, struct frame_spec spec, u32 mss)
{
	memcpy(spec.dst, peer, 6);
	h_mac(spec.src, 0);
	spec.partial = true;
	memset(&r->info, 0, sizeof(r->info));
	r->len = frame_build(r->frame, &spec);
	frame_parse(r->frame, r->len, &r->info);
	r->mss = mss;
	r->insert = 0;
	r->done = 0;
	r->segments = 0;
}

/*
 * Post the request in pieces of random size that cross no page, at random
 * places; @small: the headers in pieces of a few bytes.
 */
static void request_post(struct h *h, struct request *r, struct prng *prng,
			 bool small)
{
	struct h_queue *queue = &h->ctx[0].qp[0].queue[CDNA_DIR_TX];
	u32 left = CDNA_MAX_CHAIN;
	u32 at = 0;

	while (at < r->len) {
		u32 rest = r->len - at;
		u32 least = rest > (left - 1) * H_PAGE ?
			    rest - (left - 1) * H_PAGE : 1;
		u32 most = FW_MIN(rest, H_PAGE);
		u32 len = least + prng_below(prng, most - least + 1);
		u32 slot = queue->prod % queue->slots;
		struct fw_desc desc = {
			.csum_start = (u16)r->info.l4, .csum_offset = 16,
			.mss = (u16)r->mss, .vlan_tci = r->insert,
		};

		if (small && at < r->info.payload && least < 20)
			len = FW_MIN(rest, FW_MAX(least, 7));
		desc.addr = queue->buffer + slot * (u64)H_PAGE +
			    prng_below(prng, H_PAGE - len + 1);
		desc.len = (u16)len;
		desc.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM;
		if (r->insert)
			desc.flags |= CDNA_DESC_VLAN;
		if (len == rest)
			desc.flags |= CDNA_DESC_EOP;
		memcpy(fake_ptr(h->board, desc.addr), r->frame + at, len);
		h_post(h, 0, 0, CDNA_DIR_TX, &desc);
		at += len;
		left--;
	}
	h_ring(h, 0, 0, CDNA_DIR_TX);
}

/* Flags that this segment must have, out of those of the request */
static u8 flags_due(const struct request *r, u32 payload_len)
{
	u8 flags = r->info.tcp_flags;

	if (r->segments)
		flags &= (u8)~FRAME_CWR;
	if (r->done + payload_len < r->info.payload_len)
		flags &= (u8)~(FRAME_FIN | FRAME_PSH);
	return flags;
}

/* All bytes of the headers but those that may differ are those of the request */
static void check_headers(const struct request *r, const u8 *seg, u32 shift)
{
	u8 want[512], got[512];
	u32 l3 = r->info.l3, l4 = r->info.l4;

	memcpy(want, r->frame, r->info.payload);
	memcpy(got, seg, 12);
	memcpy(got + 12, seg + 12 + shift, r->info.payload - 12);
	if (r->info.ip == 4) {
		memcpy(got + l3 + 2, want + l3 + 2, 4);
		memcpy(got + l3 + 10, want + l3 + 10, 2);
	} else {
		memcpy(got + l3 + 4, want + l3 + 4, 2);
	}
	memcpy(got + l4 + 4, want + l4 + 4, 4);
	got[l4 + 13] = want[l4 + 13];
	memcpy(got + l4 + 16, want + l4 + 16, 2);
	assert_memory_equal(want, got, r->info.payload);
}

static void check_segment(struct request *r, const u8 *seg, u32 len, u32 mtu)
{
	u32 shift = r->insert ? 4 : 0;
	struct frame_info info;
	u32 due;

	frame_parse(seg, len, &info);
	due = FW_MIN(r->mss, r->info.payload_len - r->done);
	/* Padding may follow. */
	assert_int_equal(info.payload, r->info.payload + shift);
	assert_int_equal(info.payload_len, due);
	assert_true(len == info.payload + due ||
		    (len == 60 && info.payload + due < 60));
	assert_true(len - info.l3 <= FW_MAX(mtu, 46u));
	assert_true(info.ip_csum_ok);
	assert_true(info.csum_ok);
	assert_int_equal(info.ip, r->info.ip);
	assert_int_equal(info.seq, r->info.seq + r->done);
	assert_int_equal(info.tcp_flags, flags_due(r, due));
	if (info.ip == 4)
		assert_int_equal(info.ip_id,
				 (r->info.ip_id + r->segments) & 0xffff);
	assert_int_equal(info.tagged, r->info.tagged || r->insert);
	if (info.tagged)
		assert_int_equal(info.tci, r->insert ? r->insert : r->info.tci);
	check_headers(r, seg, shift);
	assert_memory_equal(seg + info.payload,
			    r->frame + r->info.payload + r->done, due);
	r->done += due;
	r->segments++;
}

/* Run, and take all segments from the wire: the whole payload is there. */
static void request_check(struct h *h, struct request *r)
{
	static u8 seg[FRAME_MAX];
	u32 len;

	h_run(h);
	h_check(h);
	while (r->done < r->info.payload_len) {
		len = fake_wire_next(h->board, seg, sizeof(seg));
		assert_int_not_equal(len, 0);
		check_segment(r, seg, len, h->nic->config.mtu);
	}
	assert_int_equal(r->done, r->info.payload_len);
	assert_int_equal(fake_wire_next(h->board, seg, sizeof(seg)), 0);
	assert_int_equal(h_tx_cons(h, 0, 0), h->ctx[0].qp[0].queue[0].prod);
}

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

/* A request that cannot be: dropped and counted, and the next one goes. */
static void refused(struct h *h, struct request *r)
{
	u64 *drops = &h->nic->ctx[0].stats[CDNA_CSTAT_DROP];
	u64 before = drops[CDNA_DROP_TX_BAD_OFFLOAD] +
		     drops[CDNA_DROP_TX_OVERSIZE];
	struct prng prng = { 1 };
	static struct request good;

	request_post(h, r, &prng, false);
	h_run(h);
	assert_int_equal(drops[CDNA_DROP_TX_BAD_OFFLOAD] +
			 drops[CDNA_DROP_TX_OVERSIZE], before + 1);
	assert_int_equal(fake_wire_pending(h->board), 0);
	request_build(&good, FRAME_TCP4(.payload = 100), 60);
	request_post(h, &good, &prng, false);
	request_check(h, &good);
}

static void bad_requests(void **state)
{
	struct frame_spec arp = { .ethertype = 0x0806, .payload = 3000 };
	struct frame_spec tcp = FRAME_TCP4(.payload = 3000);
	struct frame_spec spec;
	struct h *h = tso_new(1500);
	static struct request r;

	(void)state;
	request_build(&r, tcp, 0);
	refused(h, &r);
	request_build(&r, tcp, 1461);
	refused(h, &r);
	request_build(&r, FRAME_TCP6(.payload = 3000), 1441);
	refused(h, &r);
	request_build(&r, tcp, 65535);
	refused(h, &r);
	request_build(&r, FRAME_UDP4(.payload = 3000), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 0), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000, .pad = 1), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000,
				     .tcp_flags = FRAME_SYN), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000,
				     .tcp_flags = FRAME_RST), 1000);
	refused(h, &r);
	spec = tcp;
	spec.frag = 0x2000;
	request_build(&r, spec, 1000);
	r.info.l4 = 34;
	refused(h, &r);
	request_build(&r, arp, 1000);
	refused(h, &r);
	request_build(&r, tcp, 1000);
	r.info.l4 = 33;
	refused(h, &r);
	/* A length that the frame does not have, and none */
	request_build(&r, tcp, 1000);
	r.frame[17] ^= 1;
	refused(h, &r);
	request_build(&r, tcp, 1000);
	r.frame[16] = 0;
	r.frame[17] = 0;
	refused(h, &r);
	/* More than 64 KiB */
	request_build(&r, FRAME_TCP4(.payload = 65495), 1460);
	memset(r.frame + r.len, 0, 20);
	r.len += 20;
	refused(h, &r);
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

/* Only what the queue chose: v4 without v6 and the other way */
static void chosen_by_version(void **state)
{
	static const u32 offloads[] = { CDNA_OFFLOAD_TSO4, CDNA_OFFLOAD_TSO6 };
	static struct request r;
	struct prng prng = { 1 };
	u32 i, k;

	(void)state;
	for (i = 0; i < 2; i++)
		for (k = 0; k < 2; k++) {
			struct h *h = h_new(NULL);
			struct frame_spec spec = {
				.ip = k ? 6 : 4, .proto = 6, .payload = 2000,
			};

			h_ctx_up(h, 0);
			h_qp_up(h, 0, 0, offloads[i], 0);
			request_build(&r, spec, 1000);
			request_post(h, &r, &prng, false);
			h_run(h);
			assert_int_equal(fake_wire_pending(h->board),
					 i == k ? 2 : 0);
			h_free(h);
		}
}

/* The ring stops at the piece that cannot be read; segments before are sent. */
static void dma_error_in_the_middle(void **state)
{
	u32 piece;

	(void)state;
	for (piece = 0; piece < 10; piece++) {
		struct h *h = tso_new(1500);
		struct h_queue *queue = &h->ctx[0].qp[0].queue[0];
		struct frame_spec spec = FRAME_TCP4(.payload = 20000,
						    .partial = true);
		static u8 frame[FRAME_MAX];
		struct h_tx tx = {
			.data = frame, .pieces = 10, .csum_start = 34,
			.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM,
			.csum_offset = 16, .mss = 1000,
		};
		struct cdna_event event;
		u32 sent;

		memcpy(spec.dst, peer, 6);
		h_mac(spec.src, 0);
		tx.len = frame_build(frame, &spec);
		assert_true(h_tx_post(h, 0, 0, &tx));
		h_ring(h, 0, 0, CDNA_DIR_TX);
		fake_hole_add(h->board, queue->buffer + piece * H_PAGE, H_PAGE,
			      true, true);
		h_run(h);
		h_check(h);
		assert_int_equal(h_events(h, &event, 1), 1);
		assert_int_equal(fw_le16(event.reason), CDNA_FAULT_DMA_DATA);
		assert_int_equal(fw_le32(event.index), piece);
		/* 2005.4 bytes a piece, 54 of the first are headers */
		sent = piece ? (piece * 2005 - 54) / 1000 : 0;
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(h_tx_cons(h, 0, 0),
				 sent ? (54 + sent * 1000) / 2005 : 0);
		assert_false(h->nic->ctx[0].qp[0].tso.active);
		h_free(h);
	}
}

/* Destroyed half way: not a byte of the rest is fetched or sent. */
static void destroyed_half_way(void **state)
{
	static const u32 how[] = {
		CDNA_ADMIN_QUEUE_DESTROY, CDNA_ADMIN_CTX_REVOKE,
		CDNA_ADMIN_CTX_RESET, CDNA_ADMIN_CTX_RELEASE,
	};
	static struct request r;
	struct prng prng = { 3 };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(how); i++) {
		struct h *h = tso_new(1500);
		u64 sent;

		assert_int_equal(h_limits(h, 0, 1, 0), 0);
		request_build(&r, FRAME_TCP4(.payload = 60000), 1000);
		request_post(h, &r, &prng, false);
		h_run(h);
		assert_true(h->nic->ctx[0].qp[0].tso.active);
		sent = h->board->sent;
		assert_true(sent > 0 && sent < 60);
		if (i)
			assert_int_equal(h_ctx_op(h, how[i], 0), 0);
		else
			assert_int_equal(h_queue_op(h, how[i], 0, 0,
						    CDNA_DIR_TX, NULL), 0);
		fake_mark(h->board, 0);
		h_run_for(h, 2000000000);
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(fake_touched(h->board, 0), 0);
		assert_false(h->nic->ctx[0].qp[0].tso.active);
		h_check(h);
		h_free(h);
	}
}

TEST_MAIN(
	TEST(random_requests),
	TEST(small_segments),
	TEST(limits),
	TEST(bad_requests),
	TEST(long_headers),
	TEST(chosen_by_version),
	TEST(dma_error_in_the_middle),
	TEST(destroyed_half_way),
)
