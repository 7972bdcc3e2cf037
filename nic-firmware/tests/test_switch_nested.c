// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags within tags: no tag hides another one, and no receiver changes what the
 * next one or the wire gets.
 */
#include "net.h"

#define PRIO	(5 << 13)

/* Build a frame with tag @outer in front of those of @tag. Return: its length */
static u32 nested(const u8 *dst, const u8 *src, u16 outer, u16 tag)
{
	u32 len = net_frame(frame, dst, src, tag);

	memmove(frame + 16, frame + 12, len - 12);
	fw_put_be16(frame + 12, FW_ETH_VLAN);
	fw_put_be16(frame + 14, outer);
	return len + 4;
}

static void send_nested(u32 ctx, const u8 *dst, u16 outer, u16 tag)
{
	u32 len = nested(dst, h->ctx[ctx].mac, outer, tag);

	h_tx_send(h, ctx, 0, frame, len);
	h_run(h);
}

/* The wire gets exactly this frame, and no other. */
static void wire_has(u32 len)
{
	assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)), len);
	assert_memory_equal(seen, frame, len);
	net_no_wire();
}

/* A context gets exactly this frame, and no other. */
static void ctx_has(u32 ctx, u32 len)
{
	assert_true(h_rx_next(h, ctx, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	net_nothing(ctx);
}

/* Two of one access VLAN, and a trunk that would see all that leaves it */
static void access_keeps_its_vlan(void **state)
{
	static const u16 outer[] = { 0, PRIO, 5, 10 };
	u32 i;

	(void)state;
	net_up(0, 10, 0, 0);
	net_up(1, 10, 0, 0);
	net_up(2, 0, CDNA_CTXF_TRUNK, 0);
	for (i = 0; i < FW_ARRAY_SIZE(outer); i++) {
		send_nested(0, net_broadcast, outer[i], 5);
		send_nested(0, net_peer, outer[i], 10);
		send_nested(0, h->ctx[2].mac, outer[i], 5);
	}
	net_no_wire();
	net_nothing(1);
	net_nothing(2);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN),
			 3 * FW_ARRAY_SIZE(outer));
}

/* A receiver that has the outer tag taken out leaves it on the wire. */
static void a_stripped_tag_returns(void **state)
{
	u32 len;

	(void)state;
	net_up(0, 0, 0, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 20), 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	net_up(2, 0, 0, CDNA_OFFLOAD_RX_VLAN);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 2, 20), 0);
	net_up(3, 20, 0, 0);
	send_nested(0, net_broadcast, 20 | PRIO, 5);
	len = nested(net_broadcast, h->ctx[0].mac, 20 | PRIO, 5);
	wire_has(len);
	ctx_has(1, len);
	len = net_frame(frame, net_broadcast, h->ctx[0].mac, 5);
	ctx_has(3, len);
	assert_true(h_rx_next(h, 2, 0, &rx));
	assert_int_equal(rx.len, len);
	assert_memory_equal(rx.data, frame, len);
	assert_true(rx.first.flags & CDNA_RX_VLAN);
	assert_int_equal(rx.first.vlan_tci, 20 | PRIO);
}

static void a_priority_hides_no_tag(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	send_nested(0, h->ctx[1].mac, 0, 5);
	send_nested(0, net_peer, PRIO, 5);
	send_nested(0, net_broadcast, 0, 5);
	net_no_wire();
	net_nothing(1);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN), 3);
	/* What it may use, it may use behind a priority, too. */
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 5), 0);
	send_nested(0, net_peer, PRIO, 5);
	wire_has(nested(net_peer, h->ctx[0].mac, PRIO, 5));
	send_nested(0, net_peer, PRIO, PRIO);
	wire_has(nested(net_peer, h->ctx[0].mac, PRIO, PRIO));
}

/* The descriptor's tag in front of the one in the frame */
static void a_priority_by_descriptor_hides_none(void **state)
{
	struct h_tx tx = { .data = frame, .flags = CDNA_DESC_VLAN };

	(void)state;
	net_up(0, 0, 0, 0);
	tx.len = net_frame(frame, net_peer, h->ctx[0].mac, 5);
	assert_true(h_tx_post(h, 0, 0, &tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN), 1);
}

/* Tags behind two priorities, of a provider, and cut short: the wire pads. */
static void no_depth_hides_a_tag(void **state)
{
	static const struct {
		u16 type, tci, behind;
	} cases[] = {
		{ FW_ETH_VLAN, 0, FW_ETH_VLAN }, { FW_ETH_QINQ, 5, 0x88b5 },
		{ FW_ETH_QINQ, 0, FW_ETH_VLAN },
	};
	u32 i, len;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 10, 0, 0);
	for (i = 0; i < 2 * FW_ARRAY_SIZE(cases); i++) {
		len = nested(net_peer, h->ctx[i & 1].mac, 0, 5);
		fw_put_be16(frame + 16, cases[i / 2].type);
		fw_put_be16(frame + 18, cases[i / 2].tci);
		fw_put_be16(frame + 20, cases[i / 2].behind);
		fw_put_be16(frame + 22, 5);
		h_tx_send(h, i & 1, 0, frame, len);
	}
	for (len = 18; len < 22; len++) {
		nested(net_peer, h->ctx[0].mac, 0, 0x100);
		h_tx_send(h, 0, 0, frame, len);
	}
	h_run(h);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_VLAN),
			 FW_ARRAY_SIZE(cases) + 4);
	assert_int_equal(net_drops(1, CDNA_DROP_TX_SPOOF_VLAN),
			 FW_ARRAY_SIZE(cases));
}

/* From the wire, too, the tag behind a priority decides. */
static void the_wire_hides_none_either(void **state)
{
	u32 len;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	net_up(2, 0, 0, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 2, 5), 0);
	len = nested(net_broadcast, net_peer, PRIO, 5);
	assert_true(fake_wire_push(h->board, frame, len));
	assert_true(fake_wire_push(h->board, frame,
				   nested(h->ctx[0].mac, net_peer, 0, 5)));
	h_run(h);
	net_nothing(0);
	nested(net_broadcast, net_peer, PRIO, 5);
	ctx_has(1, len);
	ctx_has(2, len);
}

TEST_MAIN(
	NET_TEST(access_keeps_its_vlan),
	NET_TEST(a_stripped_tag_returns),
	NET_TEST(a_priority_hides_no_tag),
	NET_TEST(a_priority_by_descriptor_hides_none),
	NET_TEST(no_depth_hides_a_tag),
	NET_TEST(the_wire_hides_none_either),
)
