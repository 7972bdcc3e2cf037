// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context that is released and configured again, as when a process closes a device and
 * opens it: the scheduler forgets it.
 */
#include "sched_contest.h"

#define RECEIVER	20
#define BUSY		16

/* Receive, beside so many senders that the core is busy. */
static void receive(struct h *h, struct traffic *t)
{
	u32 i;

	for (i = 0; i < BUSY; i++)
		traffic_refill(h, &t[i]);
	traffic_from_wire(h, RECEIVER, 20, 1000);
	h_step(h);
	fake_wire_clear(h->board);
}

/* One that receives while the core is busy is in the round, without a transmit queue, too. */
static void a_receiver_leaves_the_round(void **state)
{
	static struct traffic t[BUSY];
	struct h *h = h_new(NULL);
	u32 i, round, there = 0;

	(void)state;
	for (i = 0; i < BUSY; i++)
		traffic_up(h, &t[i], i, TRAFFIC_SMALL);
	for (round = 0; round < 50; round++) {
		assert_int_equal(h_configure(h, RECEIVER, 0, 0), CDNA_SC_OK);
		assert_int_equal(h_activate(h, RECEIVER), CDNA_SC_OK);
		for (i = 0; i < 6; i++)
			receive(h, t);
		there += h->nic->ctx[RECEIVER].sched.where == FW_SCHED_ACTIVE;
		if (round % 2)
			assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET,
						  RECEIVER), CDNA_SC_OK);
		h_check(h);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, RECEIVER),
				 CDNA_SC_OK);
		h_check(h);
	}
	assert_true(there > 0);
	h_free(h);
}

TEST_MAIN(
	TEST(a_receiver_leaves_the_round),
)
