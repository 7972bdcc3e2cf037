// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer of frames from the wire, against two NICs that differ in one thing:
 * the second aggregates. What it delivers, taken apart again, must be what
 * the first delivers: no frame lost, none merged that must not be, no byte
 * changed.
 */
#include <string.h>

#include "input.h"

#define MAX_FRAMES	60
/* These are about buffers, not frames. */
#define BUFFER_FLAGS	((u32)(CDNA_RX_FIRST | CDNA_RX_LAST))

/* A frame that the plain NIC delivered */
struct kept {
	u32 len;
	u32 flags;
	u16 vlan_tci;
	bool used;
	u8 data[2048];
};

static struct kept kept[MAX_FRAMES];
static u32 kept_count;
static struct h_rx rx;

/* Context 0 takes unicast, context 1 sees everything, in both VLAN 0. */
static void nic_up(struct h **h, u32 offloads, u32 config)
{
	struct h_ring_spec spec = {
		.format = config & 1, .slots = 256, .offloads = offloads,
	};
	u32 ctx;

	if (*h)
		h_renew(*h);
	else
		*h = h_new(NULL);
	for (ctx = 0; ctx < 2; ctx++) {
		FAKE_CHECK(!h_configure(*h, ctx, 0, CDNA_CTXF_ALLOW_PROMISC |
					CDNA_CTXF_TRUNK));
		FAKE_CHECK(!h_activate(*h, ctx));
		FAKE_CHECK(!h_filter(*h, ctx, ctx ? CDNA_FILTER_FLAGS :
				     CDNA_FILTER_BROADCAST, NULL));
		FAKE_CHECK(!h_queue_create(*h, ctx, 0, CDNA_DIR_RX, &spec));
		h_rx_fill(*h, ctx, 0, 256, config & 2 ? 4096 : 700);
	}
	h_run(*h);
}

static void keep_plain(struct h *h)
{
	kept_count = 0;
	while (h_rx_next(h, 0, 0, &rx)) {
		struct kept *k = &kept[kept_count++];

		FAKE_CHECK(kept_count <= MAX_FRAMES);
		FAKE_CHECK(rx.len <= sizeof(k->data));
		FAKE_CHECK(rx.first.segs == 1);
		k->len = rx.len;
		k->flags = rx.first.flags & ~BUFFER_FLAGS;
		k->vlan_tci = rx.first.vlan_tci;
		k->used = false;
		memcpy(k->data, rx.data, rx.len);
	}
}

/* The same, but for Ethernet padding, which aggregation may take off */
static bool same_frame(const struct kept *k)
{
	struct frame_info info;

	if (memcmp(k->data, rx.data, FW_MIN(rx.len, k->len)))
		return false;
	if (rx.len == k->len)
		return true;
	if (rx.len > k->len || !(k->flags & CDNA_RX_TCP))
		return false;
	frame_parse(rx.data, rx.len, &info);
	return info.payload + info.payload_len == rx.len;
}

static void match_single(void)
{
	u32 i;

	for (i = 0; i < kept_count; i++) {
		struct kept *k = &kept[i];

		if (k->used || k->flags != (rx.first.flags & ~BUFFER_FLAGS) ||
		    k->vlan_tci != rx.first.vlan_tci || !same_frame(k))
			continue;
		k->used = true;
		return;
	}
	FAKE_CHECK(!"an unmerged frame is one that was received");
}

/* May @part be inside the merged frame, with its payload at @at? */
static bool may_contain(const struct frame_info *whole,
			const struct frame_info *part, const u8 *data, u32 at)
{
	u32 l3 = whole->l3;

	return part->l3 == l3 && part->ip == whole->ip &&
	       part->proto == 6 && part->l4 == whole->l4 &&
	       part->payload == whole->payload &&
	       part->seq == whole->seq + (at - whole->payload) &&
	       part->ack == whole->ack &&
	       !(part->tcp_flags & ~(FRAME_ACK | FRAME_PSH)) &&
	       part->tcp_flags & FRAME_ACK && part->payload_len &&
	       at + part->payload_len <= rx.len &&
	       !memcmp(data + part->payload, rx.data + at, part->payload_len);
}

/* Fields that must be equal in all parts of a merged frame */
static bool same_flow(const struct frame_info *whole, const u8 *data)
{
	const u8 *a = rx.data + whole->l3;
	const u8 *b = data + whole->l3;
	bool same_ip = whole->ip == 4 ?
		a[0] == b[0] && a[1] == b[1] && a[8] == b[8] &&
		(b[6] & 0x3f) == 0 && b[7] == 0 && !memcmp(a + 12, b + 12, 8) :
		!memcmp(a, b, 4) && !memcmp(a + 6, b + 6, 34);

	return same_ip && !memcmp(rx.data, data, whole->l3) &&
	       !memcmp(rx.data + whole->l4, data + whole->l4, 4);
}

static bool parse_whole_tcp(const struct kept *k, struct frame_info *info)
{
	/* What the firmware has verified is well-formed enough to be parsed. */
	if (!(k->flags & CDNA_RX_TCP) || !(k->flags & CDNA_RX_CSUM_OK))
		return false;
	frame_parse(k->data, k->len, info);
	return info->ip_csum_ok && info->csum_ok;
}

/* Find the parts of the merged frame in rx, each used once, in order. */
static void match_merged(void)
{
	struct frame_info whole;
	struct frame_info part = { 0 };
	u32 segs = 0;
	u32 at;
	u32 i;

	FAKE_CHECK(rx.first.flags & CDNA_RX_LRO);
	frame_parse(rx.data, rx.len, &whole);
	FAKE_CHECK(whole.ip_csum_ok && whole.proto == 6);
	FAKE_CHECK(rx.first.hdr_len == whole.payload);
	FAKE_CHECK(whole.payload + whole.payload_len == rx.len);
	at = whole.payload;
	while (at < rx.len) {
		for (i = 0; i < kept_count; i++)
			if (!kept[i].used &&
			    kept[i].vlan_tci == rx.first.vlan_tci &&
			    parse_whole_tcp(&kept[i], &part) &&
			    may_contain(&whole, &part, kept[i].data, at) &&
			    same_flow(&whole, kept[i].data))
				break;
		FAKE_CHECK(i < kept_count);
		FAKE_CHECK(part.payload_len <= rx.first.mss);
		kept[i].used = true;
		at += part.payload_len;
		segs++;
	}
	FAKE_CHECK(segs == rx.first.segs);
}

static void match_all(struct h *h)
{
	u32 i;

	while (h_rx_next(h, 0, 0, &rx)) {
		if (rx.first.segs > 1)
			match_merged();
		else
			match_single();
	}
	for (i = 0; i < kept_count; i++)
		FAKE_CHECK(kept[i].used);
}

/* Both NICs get the same frames in one batch. */
static void push_frames(struct input *in, struct h **h)
{
	static const u8 peer[6] = { 2, 0, 0, 0, 0, 0x99 };
	static u8 frame[FRAME_MAX];
	u8 dst[6];
	u32 frames;
	u32 len;

	for (frames = 0; frames < MAX_FRAMES && in->left; frames++) {
		h_mac(dst, 0);
		if (input_below(in, 16) == 15)
			memset(dst, 0xff, 6);
		len = input_frame(in, frame, dst, peer);
		if (!len)
			continue;
		FAKE_CHECK(fake_wire_push(h[0]->board, frame, len));
		FAKE_CHECK(fake_wire_push(h[1]->board, frame, len));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	static struct h *h[2];
	u32 config = input_u8(&in);
	u32 offloads = CDNA_OFFLOAD_RX_CSUM;

	if (config & 4)
		offloads |= CDNA_OFFLOAD_RX_VLAN;
	nic_up(&h[0], offloads, config);
	nic_up(&h[1], offloads | CDNA_OFFLOAD_LRO, config);
	push_frames(&in, h);
	h_run(h[0]);
	h_run(h[1]);
	h_check(h[0]);
	h_check(h[1]);
	keep_plain(h[0]);
	match_all(h[1]);
	return 0;
}
