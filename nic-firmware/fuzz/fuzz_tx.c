// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer of frames to be sent and of their offload fields. Whatever is asked
 * for, what reaches the wire is no longer than it may be, has the sender's
 * address, and is tagged only as the sender may; and a segmentation request
 * that is right in itself comes out as segments that make up its payload.
 */
#include <string.h>

#include "input.h"

#define MAX_OPS		24

/**
 * struct asked - a request and what must come of it
 * @tx: the request
 * @valid: a segmentation request that is right
 * @info: its headers, where @valid
 */
struct asked {
	struct h_tx tx;
	bool valid;
	struct frame_info info;
};

static u8 frame[FRAME_MAX];
static u8 wire[FRAME_MAX];

static void tx_up(struct h **h, u32 config)
{
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_OFFLOAD, .slots = 256,
		.offloads = H_OFFLOADS_TX,
		.page_list = config & 1,
	};

	if (*h)
		h_renew(*h);
	else
		*h = h_new(NULL);
	FAKE_CHECK(!h_configure(*h, 0, config & 2 ? 7 : 0,
				config & 4 && !(config & 2) ?
				CDNA_CTXF_TRUNK : 0));
	FAKE_CHECK(!h_activate(*h, 0));
	FAKE_CHECK(!h_queue_create(*h, 0, 0, CDNA_DIR_TX, &spec));
}

/* A request whose offload fields fit its frame */
static void ask_right(struct input *in, struct asked *ask)
{
	static const u8 peer[6] = { 2, 0, 0, 0, 0, 0x99 };
	u32 bits = input_u8(in);
	struct frame_spec spec = {
		.ip = bits & 1 ? 6 : 4, .proto = 6, .partial = true,
		.timestamps = bits >> 1 & 1, .seq = input_u32(in),
		.tcp_flags = (u8)(FRAME_ACK | (bits & 0x89)),
		.payload = 1 + input_u16(in) % 65000, .fill = bits,
		.ip_id = 0xfff0,
	};

	memcpy(spec.dst, peer, 6);
	h_mac(spec.src, 0);
	ask->tx.len = frame_build(frame, &spec);
	ask->tx.flags = CDNA_DESC_TSO | (bits & 4 ? CDNA_DESC_CSUM : 0);
	ask->tx.csum_start = bits & 1 ? 54 : 34;
	ask->tx.csum_offset = 16;
	ask->tx.mss = (u16)(200 + input_u16(in) % 1228);
	ask->valid = true;
	frame_parse(frame, ask->tx.len, &ask->info);
}

static void ask_anything(struct input *in, struct asked *ask)
{
	u8 dst[6];
	u8 src[6];

	h_mac(dst, 5);
	h_mac(src, 0);
	ask->tx.len = input_frame(in, frame, dst, src);
	ask->tx.flags = (u16)(input_u8(in) & CDNA_DESC_FLAGS);
	ask->tx.csum_start = (u16)(34 + (s32)(signed char)input_u8(in));
	ask->tx.csum_offset = (u16)(16 + (s32)(signed char)input_u8(in));
	ask->tx.mss = (u16)input_u16(in);
	ask->tx.vlan_tci = (u16)input_u16(in);
	/* Longer than the wire takes, by repeating itself */
	if (input_u8(in) == 1 && ask->tx.len) {
		memcpy(frame + ask->tx.len, frame, ask->tx.len);
		ask->tx.len *= 2;
	}
}

/* What holds for anything on the wire */
static void check_wire_frame(u32 len, u32 config, const u8 *mac)
{
	u32 type = fw_get_be16(wire + 12);
	bool tagged = type == 0x8100 || type == 0x88a8;

	FAKE_CHECK(len >= 60 && len <= 1514 + (tagged ? 4u : 0u));
	FAKE_CHECK(!memcmp(wire + 6, mac, 6));
	FAKE_CHECK(!(config & 2) ||
		   (type == 0x8100 && (fw_get_be16(wire + 14) & 0xfff) == 7));
	FAKE_CHECK(config & 6 || !tagged ||
		   (type == 0x8100 && !(fw_get_be16(wire + 14) & 0xfff)));
}

static u32 check_segment(const struct asked *ask, u32 len, u32 done)
{
	u32 left = ask->info.payload_len - done;
	u32 mss = FW_MIN(left, ask->tx.mss);
	struct frame_info info;
	u8 flags = ask->info.tcp_flags;

	frame_parse(wire, len, &info);
	if (mss < left)
		flags &= (u8)~(FRAME_FIN | FRAME_PSH);
	if (done)
		flags &= (u8)~FRAME_CWR;
	FAKE_CHECK(info.ip_csum_ok && info.csum_ok);
	FAKE_CHECK(info.seq == ask->info.seq + done);
	FAKE_CHECK(info.tcp_flags == flags);
	FAKE_CHECK(info.payload_len == mss);
	FAKE_CHECK(info.ip == 6 ||
		   info.ip_id == (u16)(ask->info.ip_id + done / ask->tx.mss));
	FAKE_CHECK(!memcmp(wire + info.payload,
			   frame + ask->info.payload + done, mss));
	return mss;
}

static void check_wire(struct h *h, const struct asked *ask, u32 config)
{
	u32 done = 0;
	u32 len;

	while ((len = fake_wire_next(h->board, wire, sizeof(wire)))) {
		check_wire_frame(len, config, h->ctx[0].mac);
		if (ask->valid)
			done += check_segment(ask, len, done);
	}
	FAKE_CHECK(!ask->valid || done == ask->info.payload_len);
}

static void one(struct h *h, struct input *in, u32 config)
{
	struct asked ask = { .tx.data = frame };
	struct h_queue *queue = &h->ctx[0].qp[0].queue[CDNA_DIR_TX];
	u32 kind = input_u8(in);

	if (kind & 1)
		ask_right(in, &ask);
	else
		ask_anything(in, &ask);
	ask.tx.pieces = FW_MIN(1 + ask.tx.len / H_PAGE + (kind >> 1 & 7),
			       (u32)CDNA_MAX_CHAIN);
	if (!ask.tx.len || ask.tx.pieces > ask.tx.len)
		return;
	FAKE_CHECK(h_tx_post(h, 0, 0, &ask.tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	h_check(h);
	FAKE_CHECK(h_tx_cons(h, 0, 0) == queue->prod);
	check_wire(h, &ask, config);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	u32 config = input_u8(&in);
	static struct h *h;
	u32 i;

	tx_up(&h, config);
	for (i = 0; i < MAX_OPS && in.left; i++)
		one(h, &in, config);
	return 0;
}
