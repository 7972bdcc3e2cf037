// SPDX-License-Identifier: GPL-2.0-only
/*
 * VLANs in the switch: access, member, trunk, and what none of them gets.
 */
#include "net.h"

#define U	NET_UNTAGGED
#define PRIO	(5 << 13)

/* Context @ctx without access VLAN that may use @vid */
static void member_up(u32 ctx, u32 vid, u32 offloads)
{
	net_up(ctx, 0, 0, offloads);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, ctx, vid), 0);
}

static void access_is_tagged_on_the_wire_only(void **state)
{
	(void)state;
	net_up(0, 10, 0, 0);
	net_send(0, net_peer, U);
	net_wire(net_peer, h->ctx[0].mac, 10);
	net_push(h->ctx[0].mac, 10);
	net_gets(0, h->ctx[0].mac, net_peer, U);
	net_push(h->ctx[0].mac, 10 | PRIO);
	net_gets(0, h->ctx[0].mac, net_peer, U);
	net_push(net_broadcast, 10);
	net_gets(0, net_broadcast, net_peer, U);
	/* Its bytes are counted as it knows them. */
	assert_int_equal(net_stat(0, CDNA_CSTAT_RX_BYTES), 3 * NET_LEN);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_BYTES), NET_LEN);
}

static void access_gets_nothing_else(void **state)
{
	static const u32 tags[] = { U, 0, PRIO, 11, 9, 10 << 4, 4095 };
	u32 i;

	(void)state;
	net_up(0, 10, CDNA_CTXF_ALLOW_PROMISC, 0);
	assert_int_equal(h_filter(h, 0, CDNA_FILTER_PROMISC |
				  CDNA_FILTER_ALLMULTI |
				  CDNA_FILTER_BROADCAST, NULL), 0);
	for (i = 0; i < FW_ARRAY_SIZE(tags); i++) {
		net_push(h->ctx[0].mac, tags[i]);
		net_push(net_broadcast, tags[i]);
		net_push(net_peer, tags[i]);
		net_nothing(0);
	}
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_UNKNOWN),
			 3 * FW_ARRAY_SIZE(tags));
}

static void access_may_not_tag(void **state)
{
	static const u16 tags[] = { 10, 11, 4095 };
	u32 i;

	(void)state;
	net_up(0, 10, 0, 0);
	net_up(1, 11, 0, 0);
	for (i = 0; i < FW_ARRAY_SIZE(tags); i++) {
		net_send(0, net_peer, tags[i]);
		net_send(0, net_broadcast, tags[i]);
		net_send(0, h->ctx[1].mac, tags[i]);
	}
	net_no_wire();
	net_nothing(1);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN), 9);
	/* A mere priority is taken along. */
	net_send(0, net_peer, PRIO);
	net_wire(net_peer, h->ctx[0].mac, 10 | PRIO);
}

/* The descriptor's tag is as good as one in the frame. */
static void tags_by_descriptor_are_judged_too(void **state)
{
	struct h_tx tx = { .data = frame, .flags = CDNA_DESC_VLAN };

	(void)state;
	net_up(0, 10, 0, 0);
	member_up(1, 20, 0);
	tx.len = net_frame(frame, net_peer, h->ctx[0].mac, U);
	tx.vlan_tci = 20;
	assert_true(h_tx_post(h, 0, 0, &tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN), 1);
	tx.len = net_frame(frame, net_peer, h->ctx[1].mac, U);
	assert_true(h_tx_post(h, 1, 0, &tx));
	tx.vlan_tci = 21;
	assert_true(h_tx_post(h, 1, 0, &tx));
	h_ring(h, 1, 0, CDNA_DIR_TX);
	h_run(h);
	net_wire(net_peer, h->ctx[1].mac, 20);
	assert_int_equal(net_drops(1, CDNA_DROP_TX_SPOOF_VLAN), 1);
}

static void members_use_their_vlans(void **state)
{
	(void)state;
	member_up(0, 20, 0);
	net_send(0, net_peer, 20);
	net_wire(net_peer, h->ctx[0].mac, 20);
	net_send(0, net_peer, U);
	net_wire(net_peer, h->ctx[0].mac, U);
	net_send(0, net_peer, PRIO);
	net_wire(net_peer, h->ctx[0].mac, PRIO);
	net_send(0, net_peer, 21);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN), 1);
	net_push(h->ctx[0].mac, 20);
	net_gets(0, h->ctx[0].mac, net_peer, 20);
	net_push(h->ctx[0].mac, U);
	net_gets(0, h->ctx[0].mac, net_peer, U);
	net_push(h->ctx[0].mac, PRIO);
	net_gets(0, h->ctx[0].mac, net_peer, PRIO);
	net_push(h->ctx[0].mac, 21);
	net_push(net_broadcast, 21);
	net_nothing(0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_DEL, 0, 20), 0);
	net_push(h->ctx[0].mac, 20);
	net_nothing(0);
	net_send(0, net_peer, 20);
	net_no_wire();
}

static void tags_come_apart_where_asked(void **state)
{
	(void)state;
	member_up(0, 20, CDNA_OFFLOAD_RX_VLAN);
	net_push(h->ctx[0].mac, 20 | PRIO);
	net_gets_apart(0, h->ctx[0].mac, net_peer, 20 | PRIO);
	net_push(h->ctx[0].mac, PRIO);
	net_gets_apart(0, h->ctx[0].mac, net_peer, PRIO);
	net_push(h->ctx[0].mac, U);
	net_gets(0, h->ctx[0].mac, net_peer, U);
}

static void trunks_use_them_all(void **state)
{
	static const u32 tags[] = { U, 0, 1, 20, 4094 };
	u32 i;

	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, 0);
	for (i = 0; i < FW_ARRAY_SIZE(tags); i++) {
		net_send(0, net_peer, tags[i]);
		net_wire(net_peer, h->ctx[0].mac, tags[i]);
		net_push(h->ctx[0].mac, tags[i]);
		net_gets(0, h->ctx[0].mac, net_peer, tags[i]);
	}
}

static u32 qinq(const u8 *dst, const u8 *src)
{
	u32 len = net_frame(frame, dst, src, 20);

	fw_put_be16(frame + 12, FW_ETH_QINQ);
	return len;
}

static void provider_tags_are_for_trunks(void **state)
{
	u32 i;

	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, CDNA_OFFLOAD_RX_VLAN);
	member_up(1, 20, 0);
	net_up(2, 20, 0, 0);
	for (i = 0; i < 3; i++) {
		h_tx_send(h, i, 0, frame, qinq(net_peer, h->ctx[i].mac));
		h_run(h);
		assert_int_equal(fake_wire_pending(h->board), 1);
		assert_true(fake_wire_push(h->board, frame,
					   qinq(h->ctx[i].mac, net_peer)));
		assert_true(fake_wire_push(h->board, frame,
					   qinq(net_broadcast, net_peer)));
	}
	h_run(h);
	assert_int_equal(net_drops(1, CDNA_DROP_TX_SPOOF_VLAN), 1);
	assert_int_equal(net_drops(2, CDNA_DROP_TX_SPOOF_VLAN), 1);
	assert_true(h_rx_next(h, 0, 0, &rx));
	qinq(h->ctx[0].mac, net_peer);
	assert_memory_equal(rx.data, frame, rx.len);
	assert_false(rx.first.flags & CDNA_RX_VLAN);
	assert_int_equal(h_rx_drain(h, 0, 0), 3);
	net_nothing(1);
	net_nothing(2);
}

/* Context @ctx with an address of its own choosing */
static void configure_as(u32 ctx, const u8 *mac, u32 vlan)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_CTX_CONFIGURE, ctx);
	memcpy(cmd.configure.mac, mac, 6);
	memcpy(h->ctx[ctx].mac, mac, 6);
	cmd.configure.access_vlan = fw_to_le16((u16)vlan);
	assert_int_equal(h_admin(h, &cmd, NULL), 0);
	assert_int_equal(h_activate(h, ctx), 0);
	assert_int_equal(h_filter(h, ctx, CDNA_FILTER_BROADCAST, NULL), 0);
	h_qp_up(h, ctx, 0, H_OFFLOADS_TX, 0);
	h_rx_fill(h, ctx, 0, 50, 2048);
	h_run(h);
}

static void one_address_in_two_vlans(void **state)
{
	static const u8 mac[6] = { 0x02, 1, 2, 3, 4, 5 };

	(void)state;
	configure_as(0, mac, 10);
	configure_as(1, mac, 20);
	net_push(mac, 10);
	net_gets(0, mac, net_peer, U);
	net_push(mac, 20);
	net_gets(1, mac, net_peer, U);
	net_nothing(0);
	net_push(mac, U);
	net_push(mac, 30);
	net_nothing(0);
	net_nothing(1);
	/* Each is itself, and not the other. */
	net_send(0, mac, U);
	net_send(1, mac, U);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_LOOP), 1);
	assert_int_equal(net_drops(1, CDNA_DROP_TX_LOOP), 1);
	/* A third, in the first one's VLAN, finds that one. */
	net_up(2, 10, 0, 0);
	net_send(2, mac, U);
	net_gets(0, mac, h->ctx[2].mac, U);
	net_nothing(1);
	net_no_wire();
}

/* The same address in a VLAN and among those that tag: both get it. */
static void an_access_and_a_tagging_receiver(void **state)
{
	static const u8 mac[6] = { 0x02, 1, 2, 3, 4, 5 };

	(void)state;
	configure_as(0, mac, 10);
	configure_as(1, mac, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 1, 10), 0);
	net_up(2, 10, 0, 0);
	net_push(mac, 10);
	net_gets(0, mac, net_peer, U);
	net_gets(1, mac, net_peer, 10);
	net_send(2, mac, U);
	net_gets(0, mac, h->ctx[2].mac, U);
	net_gets(1, mac, h->ctx[2].mac, 10);
	net_no_wire();
	net_push(mac, U);
	net_nothing(0);
	net_gets(1, mac, net_peer, U);
}

static void vlans_do_not_mix_inside(void **state)
{
	(void)state;
	net_up(0, 10, 0, 0);
	net_up(1, 20, 0, 0);
	net_up(2, 0, 0, 0);
	net_up(3, 10, 0, 0);
	/* To an address that is another VLAN's: out, and tagged. */
	net_send(0, h->ctx[1].mac, U);
	net_nothing(1);
	net_wire(h->ctx[1].mac, h->ctx[0].mac, 10);
	net_send(0, h->ctx[2].mac, U);
	net_nothing(2);
	net_wire(h->ctx[2].mac, h->ctx[0].mac, 10);
	net_send(2, h->ctx[0].mac, U);
	net_nothing(0);
	net_wire(h->ctx[0].mac, h->ctx[2].mac, U);
	net_send(0, h->ctx[3].mac, U);
	net_gets(3, h->ctx[3].mac, h->ctx[0].mac, U);
	net_no_wire();
}

/* One broadcast, and each receiver gets it in its own dress. */
static void a_broadcast_fits_each_receiver(void **state)
{
	const u8 *src;

	(void)state;
	net_up(0, 10, 0, 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	net_up(2, 10, 0, 0);
	member_up(3, 10, CDNA_OFFLOAD_RX_VLAN);
	net_up(4, 20, 0, 0);
	net_up(5, 0, 0, 0);
	member_up(6, 10, 0);
	net_up(7, 10, 0, CDNA_OFFLOAD_RX_VLAN);
	src = h->ctx[0].mac;
	net_send(0, net_broadcast, U);
	net_nothing(0);
	net_gets(1, net_broadcast, src, 10);
	net_gets(2, net_broadcast, src, U);
	net_gets_apart(3, net_broadcast, src, 10);
	net_nothing(4);
	net_nothing(5);
	net_gets(6, net_broadcast, src, 10);
	net_gets(7, net_broadcast, src, U);
	net_wire(net_broadcast, src, 10);
	/* The last receiver took the tag out: the wire has it all the same. */
	src = h->ctx[1].mac;
	net_send(1, net_broadcast, 10);
	net_gets(0, net_broadcast, src, U);
	net_gets(2, net_broadcast, src, U);
	net_gets_apart(3, net_broadcast, src, 10);
	net_gets(6, net_broadcast, src, 10);
	net_gets(7, net_broadcast, src, U);
	net_wire(net_broadcast, src, 10);
	net_push(net_broadcast, 20);
	net_gets(1, net_broadcast, net_peer, 20);
	net_gets(4, net_broadcast, net_peer, U);
	net_nothing(2);
	net_nothing(5);
}

/* The wire's marks are kept, and only the VLAN is ours. */
static void priority_and_dei_are_kept(void **state)
{
	(void)state;
	net_up(0, 10, 0, 0);
	net_send(0, net_peer, 0xb000);
	net_wire(net_peer, h->ctx[0].mac, 0xb00a);
}

TEST_MAIN(
	NET_TEST(access_is_tagged_on_the_wire_only),
	NET_TEST(access_gets_nothing_else),
	NET_TEST(access_may_not_tag),
	NET_TEST(tags_by_descriptor_are_judged_too),
	NET_TEST(members_use_their_vlans),
	NET_TEST(tags_come_apart_where_asked),
	NET_TEST(trunks_use_them_all),
	NET_TEST(provider_tags_are_for_trunks),
	NET_TEST(one_address_in_two_vlans),
	NET_TEST(an_access_and_a_tagging_receiver),
	NET_TEST(vlans_do_not_mix_inside),
	NET_TEST(a_broadcast_fits_each_receiver),
	NET_TEST(priority_and_dei_are_kept),
)
