// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wire that is busy, slow, down or refuses: nothing is lost that need not
 * be, and the order is kept.
 */
#include "test.h"

#define FRAMES		700
#define LEN		100

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

static struct h *wireq_new(u32 contexts)
{
	struct h *h = h_new(NULL);
	u32 ctx;

	for (ctx = 0; ctx < contexts; ctx++) {
		struct h_ring_spec tx = { .slots = 1024 };

		h_ctx_up(h, ctx);
		assert_int_equal(h_queue_create(h, ctx, 0, CDNA_DIR_TX, &tx),
				 0);
	}
	return h;
}

/* Frames whose payload tells their number */
static void post(struct h *h, u32 ctx, u32 first, u32 count)
{
	struct h_tx tx = { .len = LEN };
	u8 frame[LEN];
	u32 i;

	for (i = first; i < first + count; i++) {
		frame_plain(frame, peer, h->ctx[ctx].mac, LEN, 0);
		fw_put_be32(frame + 20, i);
		tx.data = frame;
		assert_true(h_tx_post(h, ctx, 0, &tx));
	}
	h_ring(h, ctx, 0, CDNA_DIR_TX);
}

static u64 drops(struct h *h, u32 ctx)
{
	return h->nic->ctx[ctx].stats[CDNA_CSTAT_DROP + CDNA_DROP_TX_WIRE];
}

/* All of a context that the wire got, in order. Return: how many */
static u32 sent_in_order(struct h *h, u32 ctx, u32 next)
{
	u32 n = 0;
	u8 frame[LEN];

	while (fake_wire_next(h->board, frame, sizeof(frame))) {
		if (memcmp(frame + 6, h->ctx[ctx].mac, 6))
			continue;
		assert_int_equal(fw_get_be32(frame + 20), next + n);
		n++;
	}
	return n;
}

static void busy_now_and_then(void **state)
{
	struct h *h = wireq_new(1);
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "busy_now_and_then");
	post(h, 0, 0, FRAMES);
	for (i = 0; i < 200; i++) {
		h->board->busy = prng_below(&prng, 3);
		h_step(h);
		h_check(h);
	}
	h->board->busy = 0;
	h_run(h);
	assert_int_equal(sent_in_order(h, 0, 0), FRAMES);
	assert_int_equal(drops(h, 0), 0);
	assert_int_equal(h->nic->stats[CDNA_NSTAT_WIRE_TX_FRAMES], FRAMES);
	assert_int_equal(h->nic->stats[CDNA_NSTAT_WIRE_TX_BYTES],
			 FRAMES * LEN);
	h_free(h);
}

static void slow_and_in_order(void **state)
{
	struct h *h = wireq_new(1);
	u32 i;

	(void)state;
	h->board->paced = true;
	post(h, 0, 0, FRAMES);
	for (i = 0; i < FRAMES; i++) {
		h->board->room += LEN;
		h_step(h);
		h_check(h);
		assert_int_equal(h->board->sent, i + 1);
		/* No more is taken from the ring than can wait. */
		assert_true(h_tx_cons(h, 0, 0) <= i + 1 + FW_WIREQ_FRAMES);
	}
	assert_int_equal(sent_in_order(h, 0, 0), FRAMES);
	assert_int_equal(drops(h, 0), 0);
	h_free(h);
}

/* Nothing spins while the wire has no room, and it is asked again soon. */
static void waits_for_the_wire(void **state)
{
	struct h *h = wireq_new(1);
	u32 i;

	(void)state;
	h->board->paced = true;
	post(h, 0, 0, FRAMES);
	for (i = 0; i < 10 && h_step(h); i++)
		;
	assert_true(i < 10);
	assert_true(fw_wireq_full(&h->nic->wireq));
	assert_true(fw_nic_deadline(h->nic) > h->nic->now);
	assert_true(fw_nic_deadline(h->nic) <= h->nic->now + 1000000);
	assert_int_equal(h_tx_cons(h, 0, 0), FW_WIREQ_FRAMES);
	h->board->paced = false;
	h_run(h);
	assert_int_equal(sent_in_order(h, 0, 0), FRAMES);
	h_free(h);
}

static void the_link_goes_down(void **state)
{
	struct h *h = wireq_new(1);

	(void)state;
	h->board->paced = true;
	post(h, 0, 0, 10);
	h_run(h);
	assert_int_equal(h->nic->wireq.tail - h->nic->wireq.head, 10);
	h->board->link = false;
	h_step(h);
	assert_int_equal(h->nic->wireq.tail, h->nic->wireq.head);
	assert_int_equal(drops(h, 0), 10);
	assert_int_equal(h->board->sent, 0);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_TX_FRAMES], 0);
	assert_int_equal(h->nic->stats[CDNA_NSTAT_WIRE_TX_DROPS], 10);
	h->board->paced = false;
	h->board->link = true;
	h_step(h);
	post(h, 0, 10, 5);
	h_run(h);
	assert_int_equal(sent_in_order(h, 0, 10), 5);
	h_check(h);
	h_free(h);
}

static int refuse(void *board, const struct fw_iov *iov, u32 count)
{
	(void)board;
	(void)iov;
	(void)count;
	return FW_EINVAL;
}

static void the_wire_refuses(void **state)
{
	struct h *h = wireq_new(1);
	struct fw_board_ops ops = *h->nic->ops;

	(void)state;
	ops.wire_send = refuse;
	h->nic->ops = &ops;
	post(h, 0, 0, 10);
	h_run(h);
	assert_int_equal(drops(h, 0), 10);
	assert_int_equal(h->nic->stats[CDNA_NSTAT_WIRE_TX_FRAMES], 0);
	assert_int_equal(h_tx_cons(h, 0, 0), 10);
	h_check(h);
	h_free(h);
}

/* What a revoked context left behind never leaves; the rest keeps its order. */
static void revoke_takes_its_frames(void **state)
{
	struct h *h = wireq_new(3);
	u32 ctx;
	u8 frame[LEN];

	(void)state;
	h->board->paced = true;
	for (ctx = 0; ctx < 3; ctx++) {
		post(h, ctx, 0, 30);
		h_step(h);
	}
	assert_int_equal(h->nic->wireq.tail - h->nic->wireq.head, 90);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 1), 0);
	assert_int_equal(h->nic->wireq.tail - h->nic->wireq.head, 60);
	h_check(h);
	h->board->paced = false;
	h_run(h);
	for (ctx = 0; ctx < 3; ctx += 2) {
		u32 i;

		for (i = 0; i < 30; i++) {
			assert_int_equal(fake_wire_next(h->board, frame, LEN),
					 LEN);
			assert_memory_equal(frame + 6, h->ctx[ctx].mac, 6);
			assert_int_equal(fw_get_be32(frame + 20), i);
		}
	}
	assert_int_equal(fake_wire_next(h->board, frame, LEN), 0);
	h_free(h);
}

/* All of the queue goes while the wire is busy: others still get through. */
static void revoke_of_the_only_one(void **state)
{
	struct h *h = wireq_new(2);

	(void)state;
	h->board->paced = true;
	post(h, 0, 0, FRAMES);
	h_run(h);
	post(h, 1, 0, 20);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 0), 0);
	h->board->paced = false;
	h_run(h);
	assert_int_equal(sent_in_order(h, 1, 0), 20);
	assert_int_equal(h->board->sent, 20);
	h_check(h);
	h_free(h);
}

/* What waits for the wire is neither sent nor dropped, then one of the two. */
static void sent_or_dropped(void **state)
{
	const u64 *stats;
	struct h *h = wireq_new(1);

	(void)state;
	stats = h->nic->ctx[0].stats;
	h->board->paced = true;
	post(h, 0, 0, 50);
	h_run(h);
	assert_int_equal(stats[CDNA_CSTAT_TX_FRAMES], 0);
	h->board->room = 20 * LEN;
	h->board->stuck = false;
	h_step(h);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 0), 0);
	h->board->paced = false;
	h_run(h);
	assert_int_equal(h->board->sent, 20);
	assert_int_equal(stats[CDNA_CSTAT_TX_FRAMES], 20);
	assert_int_equal(stats[CDNA_CSTAT_TX_BYTES], 20 * LEN);
	assert_int_equal(drops(h, 0), 30);
	h_check(h);
	h_free(h);
}

/* Context @to gets a frame of @from's queue pair @qp. */
static void talk(struct h *h, u32 from, u32 qp, u32 to)
{
	static struct h_rx rx;
	u8 frame[LEN];

	frame_plain(frame, h->ctx[to].mac, h->ctx[from].mac, LEN, 0);
	h_tx_send(h, from, qp, frame, LEN);
	h_run(h);
	assert_true(h_rx_next(h, to, 0, &rx));
	h_rx_fill(h, to, 0, 1, 2048);
}

/* A full wire stops nobody who does not need it, and nothing is lost. */
static void neighbours_talk_while_the_wire_is_full(void **state)
{
	struct h_ring_spec tx = { .slots = 64 };
	struct h *h = wireq_new(3);
	u32 i;

	(void)state;
	assert_int_equal(h_queue_create(h, 2, 1, CDNA_DIR_TX, &tx), 0);
	h_qp_up(h, 1, 1, 0, 0);
	h_up(h, 3);
	h_rx_fill(h, 3, 0, 8, 2048);
	h->board->paced = true;
	post(h, 2, 0, FRAMES);
	h_run(h);
	assert_true(fw_wireq_full(&h->nic->wireq));
	for (i = 0; i < 10; i++) {
		talk(h, 0, 0, 3);
		/* Another queue pair of the one that waits */
		talk(h, 2, 1, 3);
	}
	assert_int_equal(h_tx_cons(h, 2, 0), FW_WIREQ_FRAMES);
	h_check(h);
	h->board->paced = false;
	h_run(h);
	assert_int_equal(sent_in_order(h, 2, 0), FRAMES);
	assert_int_equal(drops(h, 2), 0);
	h_free(h);
}

/*
 * What goes to neighbours is part of a turn, too. Who talks to them at all times
 * has its place in the order of the wire all the same, and gives none away.
 */
static void neighbours_cost_nobody_the_wire(void **state)
{
	struct h_ring_spec tx = { .slots = 64 };
	struct h *h = wireq_new(3);
	u64 wire[3];
	u32 i, ctx;

	(void)state;
	assert_int_equal(h_queue_create(h, 1, 1, CDNA_DIR_TX, &tx), 0);
	h_up(h, 3);
	h_rx_fill(h, 3, 0, 8, 2048);
	h->board->paced = true;
	for (i = 0; i < 7200; i++) {
		for (ctx = 0; ctx < 3; ctx++)
			if (h_room(h, ctx, 0, CDNA_DIR_TX) > 400)
				post(h, ctx, 0, 300);
		h->board->room = LEN;
		h->board->stuck = false;
		talk(h, 1, 1, 3);
	}
	h->board->paced = false;
	for (ctx = 0; ctx < 3; ctx++)
		wire[ctx] = h->nic->ctx[ctx].stats[CDNA_CSTAT_TX_FRAMES] -
			    h->nic->ctx[ctx].stats[CDNA_CSTAT_TX_LOCAL];
	print_message("# to the wire: %llu %llu %llu\n",
		      (unsigned long long)wire[0], (unsigned long long)wire[1],
		      (unsigned long long)wire[2]);
	test_near(wire[0], wire[2], 150);
	assert_true(wire[1] >= 600);
	h_free(h);
}

TEST_MAIN(
	TEST(busy_now_and_then),
	TEST(slow_and_in_order),
	TEST(waits_for_the_wire),
	TEST(the_link_goes_down),
	TEST(the_wire_refuses),
	TEST(revoke_takes_its_frames),
	TEST(revoke_of_the_only_one),
	TEST(sent_or_dropped),
	TEST(neighbours_talk_while_the_wire_is_full),
	TEST(neighbours_cost_nobody_the_wire),
)
