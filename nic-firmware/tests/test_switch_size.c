// SPDX-License-Identifier: GPL-2.0-only
/*
 * The largest frames: what the MTU bounds is behind two tags at most, whichever
 * way a frame goes.
 */
#include "net.h"

/* A full-size frame with two tags, or @len bytes of it */
static u32 two_tags(const u8 *dst, const u8 *src, u32 outer, u32 len)
{
	memset(frame, 0x55, len);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	fw_put_be16(frame + 12, (u16)outer);
	fw_put_be16(frame + 14, 100);
	fw_put_be16(frame + 16, 0x8100);
	fw_put_be16(frame + 18, 5);
	fw_put_be16(frame + 20, 0x88b5);
	return len;
}

static bool got(u32 ctx, u32 len)
{
	return h_rx_next(h, ctx, 0, &rx) && rx.len == len;
}

/* To the wire, to a context, from the wire: up to the MTU behind both tags */
static void two_tags_fit(u32 outer)
{
	static const u32 size[] = { 1514, 1518, 1519, 1522, 1523 };
	u32 i, len;

	for (i = 0; i < FW_ARRAY_SIZE(size); i++) {
		bool fits = size[i] <= 1522;

		len = two_tags(net_peer, h->ctx[0].mac, outer, size[i]);
		h_tx_send(h, 0, 0, frame, len);
		h_run(h);
		assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)),
				 fits ? len : 0);
		len = two_tags(h->ctx[1].mac, h->ctx[0].mac, outer, size[i]);
		h_tx_send(h, 0, 0, frame, len);
		h_run(h);
		assert_int_equal(got(1, len), fits);
		len = two_tags(h->ctx[0].mac, net_peer, outer, size[i]);
		assert_true(fake_wire_push(h->board, frame, len));
		h_run(h);
		assert_int_equal(got(0, len), fits);
	}
}

static void full_frames_have_two_tags(void **state)
{
	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, 0);
	net_up(1, 0, CDNA_CTXF_TRUNK, 0);
	two_tags_fit(0x8100);
	two_tags_fit(0x88a8);
	/* What does not fit is counted. */
	assert_int_equal(net_drops(0, CDNA_DROP_TX_OVERSIZE), 4);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_MALFORMED), 2);
	/* A third tag is payload. */
	two_tags(net_peer, h->ctx[0].mac, 0x8100, 1523);
	fw_put_be16(frame + 20, 0x8100);
	h_tx_send(h, 0, 0, frame, 1523);
	h_run(h);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_OVERSIZE), 5);
}

/* A tag that the NIC puts in counts as one that the frame has. */
static void a_tag_by_descriptor_counts(void **state)
{
	struct h_tx tx = {
		.data = frame, .flags = CDNA_DESC_VLAN, .vlan_tci = 100,
	};
	u32 i;

	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, 0);
	two_tags(net_peer, h->ctx[0].mac, 0x8100, 1519);
	fw_put_be16(frame + 16, 0x88b5);
	for (i = 0; i < 2; i++) {
		tx.len = 1518 + i;
		assert_true(h_tx_post(h, 0, 0, &tx));
		h_ring(h, 0, 0, CDNA_DIR_TX);
		h_run(h);
		assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)),
				 i ? 0 : 1522);
	}
	assert_int_equal(net_drops(0, CDNA_DROP_TX_OVERSIZE), 1);
}

TEST_MAIN(
	NET_TEST(full_frames_have_two_tags),
	NET_TEST(a_tag_by_descriptor_counts),
)
