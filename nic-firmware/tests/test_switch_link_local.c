// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames for the next station only: PAUSE, spanning tree, LACP and their like
 * leave no context that is not trusted with them, not even for another context.
 */
#include "net.h"

#define PAUSE	0x8808
#define DATA	0x88b5

static u8 link_local[6] = { 0x01, 0x80, 0xc2 };

/* A frame of that type behind @tags tags, which alternate */
static u32 build(const u8 *dst, const u8 *src, u32 type, u32 tags, u32 tag)
{
	u32 i, at = 12;

	memset(frame, 0x55, NET_LEN);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	for (i = 0; i < tags; i++, at += 4) {
		fw_put_be16(frame + at, i & 1 ? 0x88a8 : 0x8100);
		fw_put_be16(frame + at + 2, (u16)tag);
	}
	fw_put_be16(frame + at, (u16)type);
	return FW_MAX(NET_LEN, at + 2);
}

static void send(const u8 *dst, u32 type, u32 tags, u32 tag)
{
	h_tx_send(h, 0, 0, frame, build(dst, h->ctx[0].mac, type, tags, tag));
	h_run(h);
}

static u64 refused(void)
{
	return net_drops(0, CDNA_DROP_TX_LINK_LOCAL);
}

static void groups_of_the_link_stay(void **state)
{
	u32 i;

	(void)state;
	net_up(0, 10, 0, 0);
	net_up(1, 10, 0, 0);
	assert_int_equal(h_filter(h, 1, CDNA_FILTER_ALLMULTI, NULL), 0);
	for (i = 0; i < 16; i++) {
		link_local[5] = (u8)i;
		send(link_local, DATA, 0, 0);
		send(link_local, 0x26, 0, 0);
		send(link_local, DATA, 1, 0);
	}
	assert_int_equal(refused(), 48);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_FRAMES), 0);
	net_no_wire();
	net_nothing(1);
	/* The groups beside these are groups like all others. */
	link_local[5] = 0x10;
	send(link_local, DATA, 0, 0);
	link_local[4] = 1;
	link_local[5] = 0;
	send(link_local, DATA, 0, 0);
	link_local[4] = 0;
	assert_int_equal(refused(), 48);
	assert_int_equal(fake_wire_pending(h->board), 2);
	assert_int_equal(h_rx_drain(h, 1, 0), 2);
}

/* Whatever its destination and however many tags are in front */
static void mac_control_stays(void **state)
{
	static const u32 depth[] = { 0, 1, 2, 3, 20, 300 };
	const u8 *to[] = { net_peer, net_broadcast, NULL };
	u32 i, k;

	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	to[2] = h->ctx[1].mac;
	for (i = 0; i < FW_ARRAY_SIZE(depth); i++) {
		for (k = 0; k < FW_ARRAY_SIZE(to); k++) {
			send(to[k], PAUSE, depth[i], 5);
			send(to[k], PAUSE, depth[i], 0);
		}
	}
	assert_int_equal(refused(), 2 * 3 * FW_ARRAY_SIZE(depth));
	net_no_wire();
	net_nothing(1);
	send(net_peer, DATA, 2, 5);
	assert_int_equal(fake_wire_pending(h->board), 1);
}

static void the_trusted_may(void **state)
{
	(void)state;
	net_up(0, 0, CDNA_CTXF_ALLOW_SPOOF, 0);
	link_local[5] = 2;
	send(link_local, 0x8809, 0, 0);
	send(net_peer, PAUSE, 0, 0);
	assert_int_equal(refused(), 0);
	assert_int_equal(fake_wire_pending(h->board), 2);
}

/* No guest has sent what comes from the wire. */
static void from_the_wire_it_comes(void **state)
{
	u32 len;

	(void)state;
	net_up(0, 0, 0, 0);
	assert_int_equal(h_filter(h, 0, CDNA_FILTER_ALLMULTI, NULL), 0);
	link_local[5] = 14;
	len = build(link_local, net_peer, 0x88cc, 0, 0);
	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 0), 1);
}

TEST_MAIN(
	NET_TEST(groups_of_the_link_stay),
	NET_TEST(mac_control_stays),
	NET_TEST(the_trusted_may),
	NET_TEST(from_the_wire_it_comes),
)
