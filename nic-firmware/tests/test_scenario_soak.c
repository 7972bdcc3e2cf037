// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random traffic with all features together, on two NICs back to back: what
 * is received is compared with what was sent, byte by byte and in order.
 * TCP flows are streams, so that segmentation and aggregation may cut them as
 * they like; UDP datagrams must come whole.
 */
#include "test.h"

#define CONTEXTS	3		/* of each NIC */
#define ENDS		(2 * CONTEXTS)
#define ROUNDS		1500
#define TCI		0x6005		/* priority 3, VLAN 5 */

/**
 * struct flow - all traffic of a kind from one end to another
 * @sent: bytes (TCP) or datagrams (UDP)
 * @received: the same
 */
struct flow {
	u32 sent;
	u32 received;
};

/* Kinds of flow: TCP or UDP, IPv4 or IPv6, tagged or not */
#define KINDS		8
#define KIND_UDP	1
#define KIND_V6		2
#define KIND_TAGGED	4

static struct flow flows[ENDS][ENDS][KINDS];
static struct h *nic[2];
static struct prng prng;
static u64 merged;

static struct h *nic_of(u32 end)
{
	return nic[end / CONTEXTS];
}

/* Numbers differ on the two NICs, so that addresses do. */
static u32 ctx_of(u32 end)
{
	return end < CONTEXTS ? end : 16 + end;
}

static u32 stream_of(u32 from, u32 to, u32 kind)
{
	return (from * ENDS + to) * KINDS + kind;
}

static void end_up(u32 end)
{
	struct h *h = nic_of(end);
	u32 ctx = ctx_of(end);
	u32 qp;

	assert_int_equal(h_configure(h, ctx, 0, CDNA_CTXF_TRUNK), 0);
	assert_int_equal(h_activate(h, ctx), 0);
	for (qp = 0; qp < 2; qp++) {
		struct h_ring_spec tx = {
			.format = CDNA_FORMAT_OFFLOAD, .slots = 64u << qp,
			.offloads = H_OFFLOADS_TX, .page_list = qp,
			.first_seq = 0xffffff00u,
		};
		struct h_ring_spec rx = {
			.format = (end + qp) % 2, .slots = 512,
			.offloads = H_OFFLOADS_RX, .page_list = !qp,
			.first_seq = 0xfff0,
		};

		assert_int_equal(h_queue_create(h, ctx, qp, 0, &tx), 0);
		assert_int_equal(h_queue_create(h, ctx, qp, 1, &rx), 0);
		assert_int_equal(h_bind(h, ctx, qp, ctx * 8 + qp), 0);
		h_rx_fill(h, ctx, qp, 512, 1600 + 700 * qp);
	}
}

static u32 build(u8 *frame, u32 from, u32 to, u32 kind, u32 payload,
		 const u8 *data, struct h_tx *tx)
{
	struct flow *flow = &flows[from][to][kind];
	struct frame_spec spec = {
		.ip = kind & KIND_V6 ? 6 : 4,
		.proto = kind & KIND_UDP ? 17 : 6,
		.saddr = from + 1, .daddr = to + 1,
		.sport = (u16)(1000 + kind), .dport = (u16)(2000 + to),
		.seq = flow->sent, .payload = payload, .data = data,
		.partial = tx->flags & CDNA_DESC_CSUM,
	};
	u32 ip_bytes = spec.ip == 4 ? 20 : 40;

	h_mac(spec.src, ctx_of(from));
	h_mac(spec.dst, ctx_of(to));
	tx->csum_start = (u16)(14 + ip_bytes);
	tx->csum_offset = spec.proto == 6 ? 16 : 6;
	if (kind & KIND_TAGGED) {
		if (prng_below(&prng, 2)) {
			tx->flags |= CDNA_DESC_VLAN;
			tx->vlan_tci = TCI;
		} else {
			spec.tagged = true;
			spec.tci = TCI;
			tx->csum_start += 4;
		}
	}
	return frame_build(frame, &spec);
}

static void send_one(u32 from, u32 to, u32 kind)
{
	struct flow *flow = &flows[from][to][kind];
	u32 qp = kind / 2 % 2;		/* a flow stays in one queue */
	bool tcp = !(kind & KIND_UDP);
	static u8 frame[FRAME_MAX];
	static u8 data[FRAME_MAX];
	struct h_tx tx = { .data = frame };
	u32 payload = 20 + prng_below(&prng, 1380);
	u32 i;

	if (prng_below(&prng, 4))
		tx.flags = CDNA_DESC_CSUM;
	if (tcp && !prng_below(&prng, 3)) {
		payload = 1 + prng_below(&prng, 60000);
		tx.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM;
		tx.mss = (u16)(500 + prng_below(&prng, 900));
	}
	for (i = 0; i < payload; i++)
		data[i] = frame_byte(stream_of(from, to, kind),
				     tcp ? flow->sent + i : i);
	if (!tcp)
		fw_put_be32(data, flow->sent);
	tx.len = build(frame, from, to, kind, payload, data, &tx);
	tx.pieces = 1 + tx.len / H_PAGE + prng_below(&prng, 4);
	if (!h_tx_post(nic_of(from), ctx_of(from), qp, &tx))
		return;
	h_ring(nic_of(from), ctx_of(from), qp, CDNA_DIR_TX);
	flow->sent += tcp ? payload : 1;
}

/* A merged frame's checksum field holds the sum that Linux expects there. */
static void check_merged(const struct h_rx *rx, const struct frame_info *info)
{
	struct frame_info pseudo = *info;
	u16 sum = frame_l4_csum(rx->data, &pseudo, 0);
	u32 len = info->payload + info->payload_len - info->l4;

	sum = (u16)(frame_csum(NULL, 0, sum + len));
	assert_int_equal(fw_get_be16(rx->data + info->l4 + 16), sum);
	assert_true(rx->first.segs > 1);
	assert_int_equal(rx->first.hdr_len, info->payload);
	merged += rx->first.segs;
}

static void check_one(u32 to, const struct h_rx *rx)
{
	struct frame_info info;
	struct flow *flow;
	u32 stream;
	u32 from;
	u32 kind;
	u32 i;

	frame_parse(rx->data, rx->len, &info);
	assert_false(info.tagged);
	assert_true(info.ip_csum_ok);
	from = rx->data[info.l3 + (info.ip == 4 ? 15 : 23)] - 1u;
	kind = fw_get_be16(rx->data + info.l4) - 1000u;
	assert_true(from < ENDS && kind < KINDS);
	assert_int_equal(!!(kind & KIND_TAGGED),
			 !!(rx->first.flags & CDNA_RX_VLAN));
	if (kind & KIND_TAGGED)
		assert_int_equal(rx->first.vlan_tci, TCI);
	assert_true(rx->first.flags & CDNA_RX_CSUM_OK);
	if (rx->first.flags & CDNA_RX_LRO)
		check_merged(rx, &info);
	else
		assert_true(info.csum_ok);

	flow = &flows[from][to][kind];
	stream = stream_of(from, to, kind);
	if (kind & KIND_UDP) {
		assert_int_equal(fw_get_be32(rx->data + info.payload),
				 flow->received);
		for (i = 4; i < info.payload_len; i++)
			assert_int_equal(rx->data[info.payload + i],
					 frame_byte(stream, i));
		flow->received++;
		return;
	}
	assert_int_equal(info.seq, flow->received);
	for (i = 0; i < info.payload_len; i++)
		if (rx->data[info.payload + i] !=
		    frame_byte(stream, flow->received + i))
			fail_msg("byte %u of stream %u differs", i, stream);
	flow->received += info.payload_len;
}

static void receive_all(void)
{
	static struct h_rx rx;
	u32 end;
	u32 qp;

	for (end = 0; end < ENDS; end++)
		for (qp = 0; qp < 2; qp++) {
			struct h *h = nic_of(end);
			u32 ctx = ctx_of(end);

			while (h_rx_next(h, ctx, qp, &rx))
				check_one(end, &rx);
			h_rx_fill(h, ctx, qp, h_room(h, ctx, qp, CDNA_DIR_RX),
				  1600 + 700 * qp);
			h_rearm(h, ctx, qp);
			h_bits(h);
		}
}

static void all_traffic_arrives(void **state)
{
	u32 round;
	u32 i;

	(void)state;
	prng_seed(&prng, "soak");
	nic[0] = h_new(NULL);
	nic[1] = h_new(NULL);
	fake_wire_connect(nic[0]->board, nic[1]->board);
	for (i = 0; i < ENDS; i++)
		end_up(i);
	for (round = 0; round < ROUNDS; round++) {
		u32 frames = 1 + prng_below(&prng, 6);

		while (frames--) {
			u32 from = prng_below(&prng, ENDS);
			u32 to = (from + 1 + prng_below(&prng, ENDS - 1)) %
				 ENDS;

			send_one(from, to, prng_below(&prng, KINDS));
		}
		nic[prng_below(&prng, 2)]->board->busy =
			prng_below(&prng, 20);
		h_run_pair(nic[0], nic[1]);
		receive_all();
		h_check(nic[0]);
		h_check(nic[1]);
		nic[0]->board->now += 1000;
		nic[1]->board->now += 1000;
	}
	for (i = 0; i < ENDS * ENDS * KINDS; i++) {
		struct flow *flow = &flows[i / KINDS / ENDS]
					  [i / KINDS % ENDS][i % KINDS];

		assert_int_equal(flow->sent, flow->received);
	}
	print_message("# %llu segments came merged\n",
		      (unsigned long long)merged);
	assert_true(merged > 1000);
	h_free(nic[0]);
	h_free(nic[1]);
}

TEST_MAIN(
	TEST(all_traffic_arrives),
)
