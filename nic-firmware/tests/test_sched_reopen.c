// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context that is released and configured again, as when a process closes a device and
 * opens it: the scheduler forgets it, but not what it has used up.
 */
#include "sched_contest.h"

#define RECEIVER	20
#define BUSY		16
#define FRAME		1514

static void reopen(struct h *h, u32 ctx, u32 min, u32 group)
{
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, ctx), CDNA_SC_OK);
	h_check(h);
	h_up(h, ctx);
	assert_int_equal(promise(h, ctx, 0, min), CDNA_SC_OK);
	assert_int_equal(h_ctx_group(h, ctx, group), CDNA_SC_OK);
}

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

/* Bytes of context 0, which has a minimum of 1 Mb/s, beside two that want all of 10 Mb/s */
static u64 beside_a_group(bool reopens)
{
	static struct traffic t[3];
	u64 bytes[256] = { 0 };
	struct h *h = h_new(NULL);
	u32 ms, i;

	assert_int_equal(h_group_set(h, 1, 10, 0), CDNA_SC_OK);
	for (i = 1; i < 3; i++) {
		traffic_up(h, &t[i], i, 1460);
		assert_int_equal(h_ctx_group(h, i, 1), CDNA_SC_OK);
	}
	h_up(h, 0);
	assert_int_equal(promise(h, 0, 0, 1), CDNA_SC_OK);
	assert_int_equal(h_ctx_group(h, 0, 1), CDNA_SC_OK);
	for (ms = 0; ms < 1000; ms++) {
		/* Memory for new rings is not endless. */
		if (reopens && ms % 40 == 20)
			reopen(h, 0, 1, 1);
		while (h_room(h, 0, 0, CDNA_DIR_TX) > 200)
			post_one(h, 0, FRAME);
		for (i = 1; i < 3; i++)
			if (h_room(h, i, 0, CDNA_DIR_TX) > TRAFFIC_SLOTS / 2)
				traffic_refill(h, &t[i]);
		h->board->now += MS;
		while (h_step(h))
			;
		traffic_sent(h, bytes);
	}
	h_free(h);
	return bytes[0];
}

static void a_minimum_is_not_had_twice(void **state)
{
	u64 open = beside_a_group(false), reopened = beside_a_group(true);

	(void)state;
	print_message("# %llu bytes, and %llu of one that is opened again\n",
		      (unsigned long long)open, (unsigned long long)reopened);
	assert_true(reopened < open + open / 4);
}

/* Nor a part of it, by one that leaves most of what has gathered */
static void what_is_missing_stays_missing(void **state)
{
	struct h *h = h_new(NULL);
	const struct fw_bucket *share = &h->nic->ctx[0].sched.share;
	u32 n;

	(void)state;
	h_up(h, 0);
	assert_int_equal(promise(h, 0, 0, 100), CDNA_SC_OK);
	assert_int_equal(share->tokens, share->burst);
	for (n = 0; n < 20; n++)
		post_one(h, 0, FRAME);
	h_run(h);
	reopen(h, 0, 100, CDNA_NO_GROUP);
	assert_true(share->tokens <= share->burst - 20 * FRAME);
	h_free(h);
}

/* A group does not owe what its members send beyond their part of its minimum. */
static void a_member_leaves_no_debt(void **state)
{
	struct h *h = h_new(NULL);
	u32 round, n;

	(void)state;
	assert_int_equal(h_group_set(h, 1, 0, 20), CDNA_SC_OK);
	h_up(h, 0);
	assert_int_equal(h_ctx_group(h, 0, 1), CDNA_SC_OK);
	for (round = 0; round < 12; round++) {
		for (n = 0; n < 60; n++)
			post_one(h, 0, FRAME);
		h_run(h);
		fake_wire_clear(h->board);
		reopen(h, 0, 0, 1);
	}
	assert_in_range(h->nic->sched.group[0].rate[FW_SCHED_MIN].tokens +
			2 * FW_SCHED_QUANTUM, 0, 4 * FW_SCHED_QUANTUM);
	h_free(h);
}

/* Frames that a context gets beside BUSY senders, opened again each @every steps */
static u64 received(u32 every)
{
	static struct traffic t[BUSY];
	struct h *h = h_new(NULL);
	u64 frames = 0;
	u32 i, step;

	for (i = 0; i < BUSY; i++)
		traffic_up(h, &t[i], i, TRAFFIC_SMALL);
	h_up(h, RECEIVER);
	for (step = 0; step < 400; step++) {
		if (every && step % every == every - 1) {
			frames += h->nic->ctx[RECEIVER]
				.stats[CDNA_CSTAT_RX_FRAMES];
			assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE,
						  RECEIVER), CDNA_SC_OK);
			h_up(h, RECEIVER);
		}
		h_rx_fill(h, RECEIVER, 0,
			  h_room(h, RECEIVER, 0, CDNA_DIR_RX), 2048);
		receive(h, t);
		h_rx_drain(h, RECEIVER, 0);
	}
	frames += h->nic->ctx[RECEIVER].stats[CDNA_CSTAT_RX_FRAMES];
	h_free(h);
	return frames;
}

/* Nor is what it has received for nothing forgotten. */
static void debts_stay(void **state)
{
	u64 open = received(0), reopened = received(20);

	(void)state;
	print_message("# %llu frames, and %llu of one that is opened again\n",
		      (unsigned long long)open, (unsigned long long)reopened);
	assert_true(open > 0);
	assert_true(reopened < open + open / 4);
}

TEST_MAIN(
	TEST(a_receiver_leaves_the_round),
	TEST(a_minimum_is_not_had_twice),
	TEST(what_is_missing_stays_missing),
	TEST(a_member_leaves_no_debt),
	TEST(debts_stay),
)
