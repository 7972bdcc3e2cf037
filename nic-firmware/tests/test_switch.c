// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch: who gets a frame, who does not, and who may send it.
 */
#include "switch/switch_tx.h"
#include "net.h"

#define U	NET_UNTAGGED

static const u8 stranger[6] = { 0x02, 0, 0, 0, 0, 0x77 };
static const u8 group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
static const u8 other_group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };

static void local_frames_stay_inside(void **state)
{
	u64 sent, got;

	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	net_up(2, 0, 0, 0);
	net_send(0, h->ctx[1].mac, U);
	net_gets(1, h->ctx[1].mac, h->ctx[0].mac, U);
	net_no_wire();
	net_nothing(0);
	net_nothing(2);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_LOCAL), 1);
	assert_int_equal(net_stat(1, CDNA_CSTAT_RX_LOCAL), 1);
	sent = net_stat(0, CDNA_CSTAT_TX_BYTES);
	got = net_stat(1, CDNA_CSTAT_RX_BYTES);
	assert_int_equal(sent, NET_LEN);
	assert_int_equal(got, NET_LEN);
	assert_int_equal(net_nic(CDNA_NSTAT_SWITCHED), 1);
}

/* A context whose machine is here is local, whether it receives or not. */
static void local_frames_stay_inside_whatever_the_state(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 1), 0);
	net_send(0, h->ctx[1].mac, U);
	net_no_wire();
	assert_int_equal(net_drops(1, CDNA_DROP_RX_NO_QUEUE), 1);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 1), 0);
	net_send(0, h->ctx[1].mac, U);
	net_no_wire();
	assert_int_equal(net_drops(1, CDNA_DROP_RX_NO_QUEUE), 2);
	/* Once it is gone, the address may be anybody's. */
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 1), 0);
	net_send(0, h->ctx[1].mac, U);
	net_wire(h->ctx[1].mac, h->ctx[0].mac, U);
}

/* One that no machine has driven: what has its address may be at another host. */
static void a_context_that_waits_is_not_local(void **state)
{
	u32 round;

	(void)state;
	net_up(0, 0, 0, 0);
	for (round = 0; round < 2; round++) {
		assert_int_equal(h_configure(h, 1, 0, 0), 0);
		net_send(0, h->ctx[1].mac, U);
		net_wire(h->ctx[1].mac, h->ctx[0].mac, U);
		assert_int_equal(net_drops(1, CDNA_DROP_RX_NO_QUEUE), 0);
		/* What comes back by the wire is not sent there again. */
		net_push(h->ctx[1].mac, U);
		net_no_wire();
		assert_int_equal(net_drops(1, CDNA_DROP_RX_NO_QUEUE), 1);
		/* A machine comes, and leaves. */
		assert_int_equal(h_activate(h, 1), 0);
		net_send(0, h->ctx[1].mac, U);
		net_no_wire();
		assert_int_equal(net_drops(1, CDNA_DROP_RX_NO_QUEUE), 2);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 1), 0);
	}
}

static void others_go_to_the_wire(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	net_send(0, stranger, U);
	net_wire(stranger, h->ctx[0].mac, U);
	net_nothing(0);
	net_nothing(1);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_LOCAL), 0);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_FRAMES), 1);
}

static void wire_frames_find_their_context(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	net_push(h->ctx[1].mac, U);
	net_gets(1, h->ctx[1].mac, net_peer, U);
	net_nothing(0);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, stranger), 0);
	net_push(stranger, U);
	net_gets(0, stranger, net_peer, U);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_DEL, 0, stranger), 0);
	net_push(stranger, U);
	net_nothing(0);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_UNKNOWN), 1);
	/* Nothing from the wire goes back to it. */
	net_no_wire();
}

static void own_address_is_a_loop(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, stranger), 0);
	net_send(0, h->ctx[0].mac, U);
	net_send(0, stranger, U);
	net_nothing(0);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_LOOP), 2);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_FRAMES), 0);
}

static void send_from(u32 ctx, const u8 *src, const u8 *dst)
{
	h_tx_send(h, ctx, 0, frame, net_frame(frame, dst, src, U));
	h_run(h);
}

static void spoofed_sources_are_refused(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	send_from(0, stranger, net_peer);
	send_from(0, h->ctx[1].mac, net_peer);
	send_from(0, stranger, h->ctx[1].mac);
	send_from(0, stranger, net_broadcast);
	net_no_wire();
	net_nothing(1);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_MAC), 4);
	/* A second address of its own is not a spoof. */
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, stranger), 0);
	send_from(0, stranger, net_peer);
	net_wire(net_peer, stranger, U);
}

static void a_source_may_be_any_if_the_host_says_so(void **state)
{
	(void)state;
	net_up(0, 0, CDNA_CTXF_ALLOW_SPOOF, 0);
	send_from(0, stranger, net_peer);
	net_wire(net_peer, stranger, U);
	/* But never a group. */
	send_from(0, group, net_peer);
	send_from(0, net_broadcast, net_peer);
	net_no_wire();
	assert_int_equal(net_drops(0, CDNA_DROP_TX_SPOOF_MAC), 2);
}

static void broadcast_goes_to_all_but_the_sender(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++)
		net_up(i, 0, 0, 0);
	assert_int_equal(h_filter(h, 3, 0, NULL), 0);
	net_send(0, net_broadcast, U);
	net_wire(net_broadcast, h->ctx[0].mac, U);
	net_nothing(0);
	net_gets(1, net_broadcast, h->ctx[0].mac, U);
	net_gets(2, net_broadcast, h->ctx[0].mac, U);
	net_nothing(3);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_MULTICAST), 1);
	assert_int_equal(net_stat(1, CDNA_CSTAT_RX_MULTICAST), 1);
	net_push(net_broadcast, U);
	for (i = 0; i < 3; i++)
		net_gets(i, net_broadcast, net_peer, U);
	net_nothing(3);
	net_no_wire();
}

static void multicast_goes_by_filter(void **state)
{
	u64 hash[4] = { 0 };
	u32 bit = fw_filter_mc_bit(group);
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++)
		net_up(i, 0, 0, 0);
	hash[bit / 64] = 1ull << (bit % 64);
	assert_int_equal(h_filter(h, 1, 0, hash), 0);
	assert_int_equal(h_filter(h, 2, CDNA_FILTER_ALLMULTI, NULL), 0);
	net_push(group, U);
	net_nothing(0);
	net_gets(1, group, net_peer, U);
	net_gets(2, group, net_peer, U);
	net_nothing(3);
	net_send(0, other_group, U);
	net_wire(other_group, h->ctx[0].mac, U);
	net_nothing(1);
	net_gets(2, other_group, h->ctx[0].mac, U);
	net_nothing(3);
	/* For nobody here */
	assert_int_equal(h_filter(h, 2, 0, NULL), 0);
	net_push(other_group, U);
	assert_int_equal(net_nic(CDNA_NSTAT_WIRE_RX_UNKNOWN), 1);
}

static void promiscuous_only_if_allowed(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, CDNA_CTXF_ALLOW_PROMISC, 0);
	net_up(2, 0, 0, 0);
	assert_int_equal(h_filter(h, 2, CDNA_FILTER_PROMISC, NULL),
			 CDNA_SC_BAD_PARAM);
	/* Even if the command were to forget it */
	h->nic->ctx[2].filter = CDNA_FILTER_PROMISC;
	fw_filter_update(h->nic, &h->nic->ctx[2]);
	net_push(stranger, U);
	net_nothing(1);
	assert_int_equal(h_filter(h, 1, CDNA_FILTER_PROMISC, NULL), 0);
	net_push(stranger, U);
	net_gets(1, stranger, net_peer, U);
	net_send(0, stranger, U);
	net_gets(1, stranger, h->ctx[0].mac, U);
	net_wire(stranger, h->ctx[0].mac, U);
	net_push(group, U);
	net_gets(1, group, net_peer, U);
	/* What is known to be another's is not flooded. */
	net_push(h->ctx[0].mac, U);
	net_gets(0, h->ctx[0].mac, net_peer, U);
	net_nothing(1);
	net_nothing(2);
}

/* Many contexts that all listen: one frame, one copy each, and a charge. */
static void a_broadcast_is_charged_for_its_copies(void **state)
{
	struct fw_frame one;
	u32 i;

	(void)state;
	for (i = 0; i < 8; i++)
		net_up(i, 0, 0, 0);
	assert_true(fw_pool_alloc(&h->nic->pool, FW_BUDGET_TX, 0, NET_LEN,
				  &one));
	net_frame(fw_frame_data(&one), net_broadcast, h->ctx[0].mac, U);
	assert_int_equal(fw_switch_tx(h->nic, &h->nic->ctx[0].qp[0], &one),
			 8 * NET_LEN);
	h_run(h);
	for (i = 1; i < 8; i++)
		net_gets(i, net_broadcast, h->ctx[0].mac, U);
	net_wire(net_broadcast, h->ctx[0].mac, U);
}

static void lengths_are_checked(void **state)
{
	u32 len;

	(void)state;
	net_up(0, 0, CDNA_CTXF_TRUNK, 0);
	for (len = 1; len < 14; len++) {
		frame_plain(frame, net_peer, h->ctx[0].mac, 14, 1);
		h_tx_send(h, 0, 0, frame, len);
		h_run(h);
	}
	assert_int_equal(net_drops(0, CDNA_DROP_TX_RUNT), 13);
	/* A tag that is cut off */
	frame_plain(frame, net_peer, h->ctx[0].mac, 20, 1);
	fw_put_be16(frame + 12, 0x8100);
	for (len = 14; len < 18; len++) {
		h_tx_send(h, 0, 0, frame, len);
		h_run(h);
	}
	assert_int_equal(net_drops(0, CDNA_DROP_TX_RUNT), 17);
	net_no_wire();
	frame_plain(frame, net_peer, h->ctx[0].mac, 1600, 1);
	h_tx_send(h, 0, 0, frame, 1514);
	h_tx_send(h, 0, 0, frame, 1515);
	fw_put_be16(frame + 12, 0x8100);
	fw_put_be16(frame + 14, 3);
	h_tx_send(h, 0, 0, frame, 1518);
	h_tx_send(h, 0, 0, frame, 1519);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 2);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_OVERSIZE), 2);
}

static void a_dead_wire_drops(void **state)
{
	(void)state;
	net_up(0, 0, 0, 0);
	net_up(1, 0, 0, 0);
	h->board->link = false;
	h_run(h);
	net_send(0, stranger, U);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_WIRE), 1);
	/* Between contexts it is not needed. */
	net_send(0, h->ctx[1].mac, U);
	net_gets(1, h->ctx[1].mac, h->ctx[0].mac, U);
	net_send(0, net_broadcast, U);
	net_gets(1, net_broadcast, h->ctx[0].mac, U);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_WIRE), 1);
	assert_int_equal(net_stat(0, CDNA_CSTAT_TX_FRAMES), 2);
	net_no_wire();
	h->board->link = true;
}

/* A frame to the wire has its place even while another waits. */
static void a_busy_wire_keeps_the_order(void **state)
{
	u8 dst[6];
	u32 i;

	(void)state;
	net_up(0, 0, 0, 0);
	h->board->busy = 3;
	memcpy(dst, stranger, 6);
	for (i = 0; i < 10; i++) {
		dst[4] = (u8)i;
		h_tx_send(h, 0, 0, frame,
			  net_frame(frame, dst, h->ctx[0].mac, U));
	}
	h_run_for(h, 1000000);
	for (i = 0; i < 10; i++) {
		fake_wire_next(h->board, seen, sizeof(seen));
		assert_int_equal(seen[4], i);
	}
}

TEST_MAIN(
	NET_TEST(local_frames_stay_inside),
	NET_TEST(local_frames_stay_inside_whatever_the_state),
	NET_TEST(a_context_that_waits_is_not_local),
	NET_TEST(others_go_to_the_wire),
	NET_TEST(wire_frames_find_their_context),
	NET_TEST(own_address_is_a_loop),
	NET_TEST(spoofed_sources_are_refused),
	NET_TEST(a_source_may_be_any_if_the_host_says_so),
	NET_TEST(broadcast_goes_to_all_but_the_sender),
	NET_TEST(multicast_goes_by_filter),
	NET_TEST(promiscuous_only_if_allowed),
	NET_TEST(a_broadcast_is_charged_for_its_copies),
	NET_TEST(lengths_are_checked),
	NET_TEST(a_dead_wire_drops),
	NET_TEST(a_busy_wire_keeps_the_order),
)
