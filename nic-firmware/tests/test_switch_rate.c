// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context receives is bounded, from the wire and from other contexts.
 */
#include "net.h"

#define U		NET_UNTAGGED
#define MBPS		100
#define SECONDS		10
/* Offered: 1,514 bytes each 50 us, 242 Mb/s */
#define EVERY_NS	50000
#define LEAST		(32u * 1024u)

static const u8 group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };

static u32 limit(u32 ctx, u32 mbps)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SET_LIMITS, ctx);
	cmd.limits.rx_mbps = fw_to_le32(mbps);
	return h_admin(h, &cmd, NULL);
}

static u32 long_frame(const u8 *dst)
{
	net_frame(frame, dst, net_peer, U);
	return 1514;
}

/* What came, with buffers for more afterwards */
static u32 taken(u32 ctx)
{
	u32 got = h_rx_drain(h, ctx, 0);

	h_rx_fill(h, ctx, 0, h_room(h, ctx, 0, CDNA_DIR_RX), 2048);
	return got;
}

/* Frames off the wire for @ns. Return: how many of them context 0 got */
static u32 receive(u64 ns)
{
	u32 len = long_frame(h->ctx[0].mac);
	u64 end = h->board->now + ns;
	u32 got = 0;

	while (h->board->now < end) {
		assert_true(fake_wire_push(h->board, frame, len));
		h_run(h);
		got += taken(0);
		h->board->now += EVERY_NS;
	}
	return got;
}

static void what_comes_is_bounded(void **state)
{
	u64 bits = (u64)MBPS * 1000000 * SECONDS;
	u32 sent = (u32)(SECONDS * 1000000000ull / EVERY_NS);
	u32 got;

	(void)state;
	net_up(0, 0, 0, 0);
	assert_int_equal(limit(0, MBPS), 0);
	got = receive(SECONDS * 1000000000ull);
	assert_in_range((u64)got * 1514 * 8, bits * 98 / 100, bits * 102 / 100);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_RATE), sent - got);
	/* Raised, and without a limit */
	assert_int_equal(limit(0, 2 * MBPS), 0);
	got = receive(1000000000ull);
	assert_in_range((u64)got * 1514 * 8, bits * 2 * 98 / 1000,
			bits * 2 * 102 / 1000);
	assert_int_equal(limit(0, 0), 0);
	assert_int_equal(receive(1000000000ull), 1000000000 / EVERY_NS);
}

/* As many frames of @len bytes as gather, and the one that uses them up */
static u32 burst(u32 len)
{
	return (LEAST + len - 1) / len;
}

static void others_are_not_concerned(void **state)
{
	u32 i, got = 0;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	net_up(2, 0, 0, 0);
	assert_int_equal(limit(0, 1), 0);
	/* From a context, which may send to others as it likes */
	for (i = 0; i < 1000; i++) {
		net_send(1, h->ctx[0].mac, U);
		net_send(1, h->ctx[2].mac, U);
		got += taken(0);
		assert_int_equal(taken(2), 1);
	}
	assert_int_equal(got, burst(NET_LEN));
	assert_int_equal(net_drops(0, CDNA_DROP_RX_RATE), 1000 - got);
	assert_int_equal(net_drops(1, CDNA_DROP_RX_RATE), 0);
	/* Nor are the copies of what goes to all, or what it sends itself */
	for (i = 0; i < 10; i++)
		net_push(net_broadcast, U);
	assert_int_equal(taken(0), 0);
	assert_int_equal(taken(1), 10);
	assert_int_equal(taken(2), 10);
	net_send(0, h->ctx[1].mac, U);
	assert_int_equal(taken(1), 1);
	assert_int_equal(h_filter(h, 0, CDNA_FILTER_ALLMULTI, NULL), 0);
	net_push(group, U);
	assert_int_equal(taken(0), 0);
}

/* What no queue takes uses nothing up, and is counted as what it is. */
static void what_is_not_received_is_free(void **state)
{
	u32 i;

	(void)state;
	net_up(1, 0, 0, 0);
	assert_int_equal(h_configure(h, 0, 0, 0), 0);
	assert_int_equal(limit(0, 1), 0);
	for (i = 0; i < 1000; i++)
		net_push(h->ctx[0].mac, U);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_QUEUE), 1000);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_RATE), 0);
	assert_int_equal(h_activate(h, 0), 0);
	h_qp_up(h, 0, 0, H_OFFLOADS_TX, 0);
	h_rx_fill(h, 0, 0, 20, 2048);
	h_run(h);
	for (i = 0; i < 10; i++)
		net_push(h->ctx[0].mac, U);
	assert_int_equal(taken(0), 10);
}

/* Opened again and again, and limited again, a context has no burst each time. */
static void a_burst_comes_once(void **state)
{
	u32 i, got;

	(void)state;
	net_up(0, 0, 0, 0);
	assert_int_equal(limit(0, 1), 0);
	got = receive(20000000);
	assert_in_range(got, burst(1514), burst(1514) + 2);
	for (i = 0; i < 5; i++) {
		assert_int_equal(limit(0, 1), 0);
		assert_in_range(receive(1000000), 0, 1);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0), 0);
		net_up(0, 0, 0, 0);
		assert_int_equal(limit(0, 1), 0);
		assert_in_range(receive(1000000), 0, 1);
	}
}

TEST_MAIN(
	NET_TEST(what_comes_is_bounded),
	NET_TEST(others_are_not_concerned),
	NET_TEST(what_is_not_received_is_free),
	NET_TEST(a_burst_comes_once),
)
