// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive rings of drivers that err or attack, and memory that fails: that
 * ring or context stops, it and the host are notified, and others go on.
 */
#include "net.h"

static void push_to(u32 ctx, u32 len)
{
	frame_plain(frame, h->ctx[ctx].mac, net_peer, len, 1);
	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
}

/* The only event reports this fault. */
static void expect_event(u32 type, u32 ctx, u32 why, u32 index)
{
	struct cdna_event event[4];

	assert_int_equal(h_events(h, event, 4), 1);
	assert_int_equal(fw_le16(event[0].type), type);
	assert_int_equal(fw_le16(event[0].context), ctx);
	assert_int_equal(fw_le16(event[0].reason), why);
	if (type == CDNA_EVENT_QUEUE_FAULT) {
		assert_int_equal(event[0].dir, CDNA_DIR_RX);
		assert_int_equal(fw_le32(event[0].index), index);
	}
}

static void expect_fault(u32 ctx, u32 why, u32 index)
{
	assert_int_equal(net_rx(ctx, 0)->state, CDNA_QUEUE_FAULTED);
	assert_int_equal(net_rx(ctx, 0)->ring.fault.reason, why);
	assert_int_equal(net_rx(ctx, 0)->ring.cons, index);
	expect_event(CDNA_EVENT_QUEUE_FAULT, ctx, why, index);
	/* The rest of the NIC, and its own transmit queue, go on. */
	push_to(1, 100);
	assert_true(h_rx_next(h, 1, 0, &rx));
	net_send(ctx, h->ctx[1].mac, NET_UNTAGGED);
	net_gets(1, h->ctx[1].mac, h->ctx[ctx].mac, NET_UNTAGGED);
	assert_int_equal(h->nic->ctx[ctx].stats[CDNA_CSTAT_FAULT + why], 1);
	push_to(ctx, 100);
	assert_int_equal(net_drops(ctx, CDNA_DROP_RX_NO_QUEUE), 1);
}

static void two_up(void)
{
	assert_int_equal(h_configure(h, 0, 0, 0), 0);
	assert_int_equal(h_activate(h, 0), 0);
	h_qp_up(h, 0, 0, H_OFFLOADS_TX, 0);
	net_up(1, 0, 0, 0);
}

static void stale_descriptor(void **state)
{
	(void)state;
	two_up();
	h_rx_post(h, 0, 0, 3, 2048);
	/* One more than there are: what is there was never written. */
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_DIR_RX), 4);
	push_to(0, 100);
	push_to(0, 100);
	push_to(0, 100);
	assert_int_equal(net_rx(0, 0)->state, CDNA_QUEUE_RUNNING);
	assert_int_equal(h_rx_drain(h, 0, 0), 3);
	push_to(0, 100);
	expect_fault(0, CDNA_FAULT_SEQUENCE, 3);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
}

static void bad_length(u32 len)
{
	struct fw_desc bad = { .addr = FAKE_CTX_BUS(0), .len = (u16)len };

	two_up();
	h_rx_post(h, 0, 0, 1, 2048);
	h_post(h, 0, 0, CDNA_DIR_RX, &bad);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	push_to(0, 100);
	assert_int_equal(h_rx_drain(h, 0, 0), 1);
	push_to(0, 100);
	expect_fault(0, CDNA_FAULT_LENGTH, 1);
}

static void buffer_of_no_length(void **state)
{
	(void)state;
	bad_length(0);
}

static void buffer_that_is_too_long(void **state)
{
	(void)state;
	bad_length(CDNA_MAX_DESC_LEN + 1);
}

/* A frame that would reach into the bad one: nothing of it is written. */
static void bad_buffer_within_a_frame(void **state)
{
	struct fw_desc desc = { .len = 1000 };

	(void)state;
	two_up();
	desc.addr = fake_alloc(h->board, 0, 4096, 4096);
	memset(fake_ptr(h->board, desc.addr), 0xee, 4096);
	h_post(h, 0, 0, CDNA_DIR_RX, &desc);
	h_desc_write(h, 0, 0, CDNA_DIR_RX, 1, &desc, 77);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_DIR_RX), 2);
	push_to(0, 1500);
	net_nothing(0);
	assert_int_equal(*(u8 *)fake_ptr(h->board, desc.addr), 0xee);
	assert_int_equal(net_rx(0, 0)->ring.fault.index, 1);
	assert_int_equal(net_rx(0, 0)->state, CDNA_QUEUE_FAULTED);
	expect_event(CDNA_EVENT_QUEUE_FAULT, 0, CDNA_FAULT_SEQUENCE, 1);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
}

/* Buffer @nth of a frame cannot be written. */
static void unreachable_buffer(u32 nth)
{
	struct fw_desc desc;
	u32 i;

	two_up();
	for (i = 0; i < 4; i++) {
		desc = (struct fw_desc){ .len = 400 };
		desc.addr = fake_alloc(h->board, 0, 4096, 4096);
		h_post(h, 0, 0, CDNA_DIR_RX, &desc);
		if (i == nth)
			fake_hole_add(h->board, desc.addr, 4096, false, true);
	}
	h_ring(h, 0, 0, CDNA_DIR_RX);
	push_to(0, 1500);
	net_nothing(0);
	assert_int_equal(net_rx(0, 0)->state, CDNA_QUEUE_FAULTED);
	assert_int_equal(net_rx(0, 0)->ring.cons, 0);
	expect_event(CDNA_EVENT_QUEUE_FAULT, 0, CDNA_FAULT_DMA_DATA, nth);
	assert_int_equal(h->nic->ctx[0].qp[0].comp_prod, 0);
	assert_int_equal(h->nic->ctx[0].state, CDNA_CTX_ACTIVE);
}

static void first_buffer_unreachable(void **state)
{
	(void)state;
	unreachable_buffer(0);
}

static void last_buffer_unreachable(void **state)
{
	(void)state;
	unreachable_buffer(3);
}

static void ring_unreachable(void **state)
{
	(void)state;
	two_up();
	h_rx_fill(h, 0, 0, 3, 2048);
	fake_hole_add(h->board, h->ctx[0].qp[0].queue[CDNA_DIR_RX].page[0], 64,
		      true, false);
	push_to(0, 100);
	expect_fault(0, CDNA_FAULT_DMA_DESC, 0);
}

/* Without completions a context cannot live: it stops as a whole. */
static void completions_unreachable(void **state)
{
	(void)state;
	two_up();
	h_rx_fill(h, 0, 0, 3, 2048);
	fake_hole_add(h->board, h->ctx[0].qp[0].comp_page[0], 64, false, true);
	push_to(0, 100);
	assert_int_equal(h->nic->ctx[0].state, CDNA_CTX_FAULTED);
	assert_int_equal(h->nic->ctx[0].fault, CDNA_FAULT_DMA_STATUS);
	expect_event(CDNA_EVENT_CONTEXT_FAULT, 0, CDNA_FAULT_DMA_STATUS, 0);
	fake_mark(h->board, 0);
	push_to(0, 100);
	assert_int_equal(fake_touched(h->board, 0), 0);
	push_to(1, 100);
	assert_true(h_rx_next(h, 1, 0, &rx));
}

/* A broadcast goes on to the others when one receiver's memory fails. */
static void a_broadcast_outlives_a_receiver(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++)
		net_up(i, 0, 0, 0);
	fake_hole_add(h->board, h->ctx[1].qp[0].comp_page[0], 64, false, true);
	net_push(net_broadcast, NET_UNTAGGED);
	net_gets(0, net_broadcast, net_peer, NET_UNTAGGED);
	assert_int_equal(h->nic->ctx[1].state, CDNA_CTX_FAULTED);
	net_gets(2, net_broadcast, net_peer, NET_UNTAGGED);
	fake_holes_clear(h->board);
	net_push(net_broadcast, NET_UNTAGGED);
	net_gets(2, net_broadcast, net_peer, NET_UNTAGGED);
}

/* No memory but its own: an address of another context's is out of reach. */
static void foreign_memory_is_out_of_reach(void **state)
{
	struct fw_desc desc = { .addr = FAKE_CTX_BUS(1), .len = 2048 };
	u8 before[64];

	(void)state;
	two_up();
	memcpy(before, fake_ptr(h->board, FAKE_CTX_BUS(1)), 64);
	h_post(h, 0, 0, CDNA_DIR_RX, &desc);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	push_to(0, 100);
	assert_memory_equal(before, fake_ptr(h->board, FAKE_CTX_BUS(1)), 64);
	assert_int_equal(net_rx(0, 0)->ring.fault.reason,
			 CDNA_FAULT_DMA_DATA);
	assert_int_equal(h->board->violations, 1);
	h->board->violations = 0;
}

TEST_MAIN(
	NET_TEST(stale_descriptor),
	NET_TEST(buffer_of_no_length),
	NET_TEST(buffer_that_is_too_long),
	NET_TEST(bad_buffer_within_a_frame),
	NET_TEST(first_buffer_unreachable),
	NET_TEST(last_buffer_unreachable),
	NET_TEST(ring_unreachable),
	NET_TEST(completions_unreachable),
	NET_TEST(a_broadcast_outlives_a_receiver),
	NET_TEST(foreign_memory_is_out_of_reach),
)
