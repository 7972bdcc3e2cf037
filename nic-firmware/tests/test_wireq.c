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

TEST_MAIN(
	TEST(busy_now_and_then),
	TEST(slow_and_in_order),
	TEST(waits_for_the_wire),
	TEST(the_link_goes_down),
	TEST(the_wire_refuses),
	TEST(revoke_takes_its_frames),
	TEST(revoke_of_the_only_one),
)
