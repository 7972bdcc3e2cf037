/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of TCP segmentation, checked by putting the segments together again
 * with code that knows nothing of how they were made.
 */
#ifndef TSO_BED_H
#define TSO_BED_H

#include "test.h"

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

static inline struct h *tso_new(u32 mtu)
{
	struct h_ring_spec spec = { .format = CDNA_FORMAT_OFFLOAD,
				    .slots = 64, .offloads = H_OFFLOADS_TX };
	struct h_config config = { .mtu = mtu };
	struct h *h = h_new(&config);

	assert_int_equal(h_configure(h, 0, 0, CDNA_CTXF_TRUNK), 0);
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

static inline void request_build(struct request *r, struct frame_spec spec,
				 u32 mss)
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
static inline void request_post(struct h *h, struct request *r,
				struct prng *prng, bool small)
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
static inline u8 flags_due(const struct request *r, u32 payload_len)
{
	u8 flags = r->info.tcp_flags;

	if (r->segments)
		flags &= (u8)~FRAME_CWR;
	if (r->done + payload_len < r->info.payload_len)
		flags &= (u8)~(FRAME_FIN | FRAME_PSH);
	return flags;
}

/* All bytes of the headers but those that may differ are the request's */
static inline void check_headers(const struct request *r, const u8 *seg,
				 u32 shift)
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

static inline void check_segment(struct request *r, const u8 *seg, u32 len,
				 u32 mtu)
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
static inline void request_check(struct h *h, struct request *r)
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

/* A request that cannot be: dropped and counted, and the next one goes. */
static inline void refused(struct h *h, struct request *r)
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

#endif /* TSO_BED_H */
