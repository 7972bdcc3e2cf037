// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bounds of multicast and broadcast: of what a context sends, and of what it
 * gets from the wire.
 */
#include "net.h"

#define U	NET_UNTAGGED

static const u8 stranger[6] = { 0x02, 0, 0, 0, 0, 0x77 };
static const u8 group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };

/* Send @count broadcasts, however many the ring takes at a time. */
static void storm(u32 ctx, const u8 *dst, u32 count)
{
	while (count--)
		net_send(ctx, dst, U);
}

static void a_storm_from_a_context_is_bounded(void **state)
{
	u32 i;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	assert_int_equal(h_limits(h, 0, 0, 100), 0);
	storm(0, net_broadcast, 20);
	storm(0, group, 20);
	/* A tenth of a second's worth in a burst, and one */
	assert_int_equal(fake_wire_pending(h->board), 11);
	assert_int_equal(h_rx_drain(h, 1, 0), 11);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_STORM), 29);
	fake_wire_clear(h->board);
	/* Then as many as its rate allows */
	for (i = 0; i < 100; i++) {
		h->board->now += 1000000;
		storm(0, net_broadcast, 1);
	}
	assert_in_range(fake_wire_pending(h->board), 9, 11);
	fake_wire_clear(h->board);
	/* Others, and its unicast, are not concerned. */
	storm(0, stranger, 20);
	storm(1, net_broadcast, 20);
	assert_int_equal(fake_wire_pending(h->board), 40);
}

static void a_storm_from_the_wire_is_bounded(void **state)
{
	u32 burst = FW_STORM_FPS / 10 + 1;
	u32 len = net_frame(frame, net_broadcast, net_peer, U);
	u32 i, got = 0;

	(void)state;
	net_up(0, 0, 0, 0);
	for (i = 0; i < burst + 500; i++) {
		assert_true(fake_wire_push(h->board, frame, len));
		h_run(h);
		got += h_rx_drain(h, 0, 0);
		h_rx_fill(h, 0, 0, h_room(h, 0, 0, CDNA_DIR_RX), 2048);
	}
	assert_int_equal(got, burst);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_STORM), 500);
	net_push(h->ctx[0].mac, U);
	net_gets(0, h->ctx[0].mac, net_peer, U);
	h->board->now += 1000000;
	for (i = 0; i < 50; i++)
		net_push(net_broadcast, U);
	assert_in_range(h_rx_drain(h, 0, 0), 9, 11);
}

/* Groups that nobody wants cost nothing, and what one wants costs no other. */
static void a_bound_is_its_receivers(void **state)
{
	u32 i, got = 0;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	for (i = 0; i < 2000; i++)
		net_push(group, U);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_UNKNOWN), 2000);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_STORM), 0);
	assert_int_equal(h_filter(h, 0, CDNA_FILTER_BROADCAST |
				  CDNA_FILTER_ALLMULTI, NULL), 0);
	for (i = 0; i < 2000; i++) {
		net_push(group, U);
		got += h_rx_drain(h, 0, 0);
		h_rx_fill(h, 0, 0, h_room(h, 0, 0, CDNA_DIR_RX), 2048);
	}
	assert_int_equal(got, FW_STORM_FPS / 10 + 1);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_STORM), 2000 - got);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_STORM), 2000 - got);
	/* Broadcast comes all the same, and groups to others. */
	assert_int_equal(h_filter(h, 1, CDNA_FILTER_BROADCAST |
				  CDNA_FILTER_ALLMULTI, NULL), 0);
	for (i = 0; i < 10; i++) {
		net_push(net_broadcast, U);
		net_push(group, U);
	}
	assert_int_equal(h_rx_drain(h, 0, 0), 10);
	assert_int_equal(h_rx_drain(h, 1, 0), 20);
	assert_int_equal(net_drops(1, CDNA_DROP_RX_STORM), 0);
}

/* A context that is opened again has no burst each time. */
static void a_bound_outlives_its_receiver(void **state)
{
	u32 round, i, got = 0;

	(void)state;
	net_up(0, 0, 0, 0);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < FW_STORM_FPS / 10 + 1; i++) {
			net_push(net_broadcast, U);
			got += h_rx_drain(h, 0, 0);
			h_rx_fill(h, 0, 0, h_room(h, 0, 0, CDNA_DIR_RX), 2048);
		}
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0), 0);
		net_up(0, 0, 0, 0);
	}
	assert_int_equal(got, FW_STORM_FPS / 10 + 1);
}

TEST_MAIN(
	NET_TEST(a_storm_from_a_context_is_bounded),
	NET_TEST(a_storm_from_the_wire_is_bounded),
	NET_TEST(a_bound_is_its_receivers),
	NET_TEST(a_bound_outlives_its_receiver),
)
