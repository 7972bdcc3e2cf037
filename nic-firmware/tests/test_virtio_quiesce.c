// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context with virtio queues that is paused and goes on: used rings and chains are
 * where they were, and each chain is reported once.
 */
#include "control.h"
#include "virtio_bed.h"

#define HDR	((u32)sizeof(struct cdna_virtio_hdr))
#define FRAMES	1024u
#define SIZE(i)	(60 + (i) % 64)

static void quiesce(void)
{
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), CDNA_SC_OK);
}

static void resume(void)
{
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0), CDNA_SC_OK);
	h_run(h);
}

static void rx_up(u32 offloads)
{
	virtio_up(CDNA_DIR_RX, VIRTIO(.offloads = offloads,
				      .used_offset = 4092));
}

/* The wire is full, and stays so: some chains have left the ring, and others have not. */
static void stuck_up(void)
{
	u32 i;

	virtio_up(CDNA_DIR_TX, VIRTIO(.used_offset = 4092,
				      .slots = CDNA_MAX_RING,
				      .used_slots = FRAMES));
	wire_stop(h);
	for (i = 0; i < FRAMES; i++)
		virtio_post(SIZE(i), 1 + i % 4, i);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	assert_in_range(virtio_idx(CDNA_DIR_TX), 1, FRAMES - 1);
}

static void each_chain_is_sent_once(void **state)
{
	u32 i;

	(void)state;
	stuck_up();
	for (i = 0; i < FRAMES; i++) {
		quiesce();
		if (i == FRAMES / 2)
			wire_go(h);
		resume();
		if (i >= FRAMES / 2)
			virtio_wire(SIZE(i - FRAMES / 2), i - FRAMES / 2);
	}
	for (i -= FRAMES / 2; i < FRAMES; i++)
		virtio_wire(SIZE(i), i);
	net_no_wire();
	virtio_sent(FRAMES);
	assert_int_equal(virtio_fw(CDNA_DIR_TX)->state, CDNA_QUEUE_RUNNING);
}

/* What had left the ring is sent, but not reported before the context goes on. */
static void nothing_is_reported_meanwhile(void **state)
{
	u32 i;
	u16 idx;

	(void)state;
	stuck_up();
	quiesce();
	idx = virtio_idx(CDNA_DIR_TX);
	assert_in_range(idx, 1, FRAMES - 1);
	fake_mark(h->board, 0);
	wire_go(h);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run_for(h, 1000000);
	assert_int_equal(virtio_idx(CDNA_DIR_TX), idx);
	assert_int_equal(fake_touched(h->board, 0), 0);
	resume();
	virtio_sent(FRAMES);
	for (i = 0; i < FRAMES; i++)
		virtio_wire(SIZE(i), i);
	net_no_wire();
}

/* Buffers are kept, and the next frame goes to the first of them. */
static void buffers_stay(void **state)
{
	u16 idx;

	(void)state;
	rx_up(CDNA_OFFLOAD_RX_CHAINS);
	virtio_chain(1, 1514 + HDR);
	virtio_chain(2, 400);
	virtio_chain(2, 400);
	virtio_push(200, 1);
	virtio_gets(200, 1, 1);
	quiesce();
	idx = virtio_idx(CDNA_DIR_RX);
	fake_mark(h->board, 0);
	virtio_push(300, 2);
	virtio_chain(1, 1514 + HDR);
	h_run_for(h, 1000000);
	assert_int_equal(fake_touched(h->board, 0), 0);
	assert_int_equal(virtio_idx(CDNA_DIR_RX), idx);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_DROP +
				  CDNA_DROP_RX_NO_QUEUE), 1);
	resume();
	virtio_nothing();
	virtio_push(1000, 3);
	virtio_gets(1000, 3, 2);
	virtio_push(1514, 4);
	virtio_gets(1514, 4, 1);
	virtio_nothing();
}

TEST_MAIN(
	NET_TEST(each_chain_is_sent_once),
	NET_TEST(nothing_is_reported_meanwhile),
	NET_TEST(buffers_stay),
)
