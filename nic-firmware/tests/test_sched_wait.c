// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for packet memory, or for the end of a frame: nobody is forgotten,
 * and one that leaves keeps the lists whole (paper 3.1, I8).
 */
#include "sched_load.h"

/* A drain ends at a frame whose end was never posted. */
static void a_drain_leaves_half_a_frame(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_desc half = { .len = 100 };
	struct cdna_queue_info info;

	(void)state;
	h_up(h, 0);
	half.addr = h->ctx[0].qp[0].queue[0].buffer;
	post_one(h, 0, 100);
	h_post(h, 0, 0, CDNA_DIR_TX, &half);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), 0);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), 1);
	assert_int_equal(fw_le32(info.prod), 2);
	h_free(h);
}

/* Packet memory taken away and returned: all that starved go on. */
static void the_starved_are_woken(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_frame hog[64];
	u32 i, n = 0;

	(void)state;
	for (i = 0; i < 10; i++)
		h_up(h, i);
	while (fw_pool_alloc(&h->nic->pool, FW_BUDGET_TX, 20, 65000, &hog[n]))
		n++;
	while (fw_pool_alloc(&h->nic->pool, FW_BUDGET_TX, 20, 64, &hog[n]))
		n++;
	for (i = 0; i < 10; i++)
		post_one(h, i, 100 + i);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	for (i = 0; i < 10; i++)
		assert_int_equal(h->nic->ctx[i].sched.where, FW_SCHED_STARVED);
	assert_int_equal(h->nic->pool.nr_waiting[FW_BUDGET_TX], 10);
	/* Nothing spins meanwhile. */
	assert_false(h_step(h));
	assert_int_equal(fw_sched_deadline(h->nic), ~0ull);
	/* One goes away, one is enough for all others. */
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 4), 0);
	assert_int_equal(h->nic->pool.nr_waiting[FW_BUDGET_TX], 9);
	fw_pool_free(&h->nic->pool, &hog[--n]);
	assert_int_equal(fw_sched_deadline(h->nic), h->nic->now);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 9);
	assert_int_equal(h->nic->pool.nr_waiting[FW_BUDGET_TX], 0);
	while (n)
		fw_pool_free(&h->nic->pool, &hog[--n]);
	h_check(h);
	h_free(h);
}

/* Who needs more than there is does not hold up who needs less. */
static void a_large_frame_starves_alone(void **state)
{
	struct h_config config = { .mtu = CDNA_MAX_MTU };
	struct h *h = h_new(&config);
	static u8 large[9014];
	struct fw_frame hog[FW_BUDGET_CELLS];
	u32 i, n = 0;

	(void)state;
	for (i = 0; i < 3; i++)
		h_up(h, i);
	while (fw_pool_alloc(&h->nic->pool, FW_BUDGET_TX, 20, 64, &hog[n]))
		n++;
	frame_plain(large, peer, h->ctx[0].mac, sizeof(large), 0);
	h_tx_send(h, 0, 0, large, sizeof(large));
	h_run(h);
	post_one(h, 1, 100);
	post_one(h, 2, 100);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	fw_pool_free(&h->nic->pool, &hog[--n]);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 2);
	for (i = 0; i < 4; i++)
		fw_pool_free(&h->nic->pool, &hog[--n]);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 3);
	while (n)
		fw_pool_free(&h->nic->pool, &hog[--n]);
	h_free(h);
}

static bool all_sent(const struct h *h, u32 ctx)
{
	const struct h_queue *posted = &h->ctx[ctx].qp[0].queue[CDNA_DIR_TX];

	return h->nic->ctx[ctx].qp[0].queue[CDNA_DIR_TX].ring.cons ==
	       posted->prod;
}

/* A context that leaves, from wherever it is, leaves the lists whole. */
static void anyone_may_leave(void **state)
{
	struct prng prng;
	u32 round;

	(void)state;
	prng_seed(&prng, "anyone_may_leave");
	for (round = 0; round < 20; round++) {
		struct h *h = h_new(NULL);
		u32 i;

		for (i = 0; i < 12; i++) {
			h_up(h, i);
			if (i % 3 == 0)
				exhaust(h, i, 1);
		}
		for (i = 0; i < 12; i++) {
			post_one(h, i, 1000);
			post_one(h, i, 1000);
		}
		if (round & 1)
			h_step(h);
		for (i = 0; i < 12; i++) {
			if (prng_below(&prng, 2))
				continue;
			assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, i),
					 0);
			assert_int_equal(h->nic->ctx[i].sched.where,
					 FW_SCHED_IDLE);
		}
		h_run_for(h, SECOND);
		h_check(h);
		for (i = 0; i < 12; i++)
			if (h->nic->ctx[i].state == CDNA_CTX_ACTIVE)
				assert_true(all_sent(h, i));
		assert_null(h->nic->sched.active.head);
		assert_null(h->nic->sched.limited.head);
		assert_null(h->nic->sched.starved.head);
		h_free(h);
	}
}

TEST_MAIN(
	TEST(a_drain_leaves_half_a_frame),
	TEST(the_starved_are_woken),
	TEST(a_large_frame_starves_alone),
	TEST(anyone_may_leave),
)
