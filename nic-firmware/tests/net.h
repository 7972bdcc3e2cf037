/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of the switch: contexts on one NIC, and a wire with a peer.
 */
#ifndef NET_H
#define NET_H

#include "test.h"

#define NET_LEN		100u	/* of a test frame without tag */
#define NET_UNTAGGED	0xffffffffu

static const u8 net_peer[6] = { 0x02, 0, 0, 0, 0, 0x99 };
static const u8 net_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static struct h *h;
static struct h_rx rx;
static u8 frame[FRAME_MAX];
static u8 seen[FRAME_MAX];

static inline int setup(void **state)
{
	(void)state;
	h = h_new(NULL);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	h_run(h);
	h_check(h);
	assert_true(h->board->violations == 0);
	h_free(h);
	return 0;
}

/* A context with one queue pair, buffers, and broadcast */
static inline void net_up(u32 ctx, u32 access_vlan, u32 flags, u32 offloads)
{
	assert_int_equal(h_configure(h, ctx, access_vlan, flags), 0);
	assert_int_equal(h_activate(h, ctx), 0);
	assert_int_equal(h_filter(h, ctx, CDNA_FILTER_BROADCAST, NULL), 0);
	h_qp_up(h, ctx, 0, H_OFFLOADS_TX, offloads);
	h_rx_fill(h, ctx, 0, 200, 2048);
	h_run(h);
}

/* Build a frame with a tag or NET_UNTAGGED. Return: its length */
static inline u32 net_frame(u8 *at, const u8 *dst, const u8 *src, u32 tag)
{
	struct frame_spec spec = {
		.ethertype = 0x88b5, .fill = 7,
		.tagged = tag != NET_UNTAGGED, .tci = (u16)tag,
		.payload = NET_LEN - 14,
	};

	memcpy(spec.dst, dst, 6);
	memcpy(spec.src, src, 6);
	return frame_build(at, &spec);
}

/* A context sends. */
static inline void net_send(u32 ctx, const u8 *dst, u32 tag)
{
	u32 len = net_frame(frame, dst, h->ctx[ctx].mac, tag);

	h_tx_send(h, ctx, 0, frame, len);
	h_run(h);
}

/* The wire sends. */
static inline void net_push(const u8 *dst, u32 tag)
{
	u32 len = net_frame(frame, dst, net_peer, tag);

	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
}

/* The wire gets one frame with that tag, and no other. */
static inline void net_wire(const u8 *dst, const u8 *src, u32 tag)
{
	u32 len = net_frame(frame, dst, src, tag);

	assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)), len);
	assert_memory_equal(seen, frame, len);
	assert_int_equal(fake_wire_pending(h->board), 0);
}

static inline void net_no_wire(void)
{
	assert_int_equal(fake_wire_pending(h->board), 0);
}

/* A context gets one frame with that tag, and no other. */
static inline void net_gets(u32 ctx, const u8 *dst, const u8 *src, u32 tag)
{
	u32 len = net_frame(frame, dst, src, tag);

	assert_true(h_rx_next(h, ctx, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	assert_false(rx.first.flags & CDNA_RX_VLAN);
	assert_false(h_rx_next(h, ctx, 0, &rx));
}

/* The same, with the tag in the completion */
static inline void net_gets_apart(u32 ctx, const u8 *dst, const u8 *src,
				  u32 tag)
{
	u32 len = net_frame(frame, dst, src, NET_UNTAGGED);

	assert_true(h_rx_next(h, ctx, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	assert_true(rx.first.flags & CDNA_RX_VLAN);
	assert_int_equal(rx.first.vlan_tci, tag);
	assert_false(h_rx_next(h, ctx, 0, &rx));
}

static inline void net_nothing(u32 ctx)
{
	assert_false(h_rx_next(h, ctx, 0, &rx));
}

static inline const struct fw_queue *net_rx(u32 ctx, u32 qp)
{
	return &h->nic->ctx[ctx].qp[qp].queue[CDNA_DIR_RX];
}

static inline u64 net_drops(u32 ctx, enum cdna_drop why)
{
	return h->nic->ctx[ctx].stats[CDNA_CSTAT_DROP + why];
}

static inline u64 net_stat(u32 ctx, enum cdna_ctx_stat stat)
{
	return h->nic->ctx[ctx].stats[stat];
}

static inline u64 net_nic(enum cdna_nic_stat stat)
{
	return h->nic->stats[stat];
}

#define NET_TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* NET_H */
