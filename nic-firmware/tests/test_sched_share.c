// SPDX-License-Identifier: GPL-2.0-only
/*
 * Minimum rates: a context gets what it was promised, beside neighbours that want
 * all of the wire, and nobody else loses more than that.
 */
#include "sched_contest.h"

#define SENDERS		4

/**
 * struct share_case - minimum and maximum rates, and what each should get
 * @min: Mb/s, 0: none
 * @max: Mb/s, 0: none
 * @payload: of its frames
 * @gets: Mb/s
 */
struct share_case {
	u32 min[SENDERS];
	u32 max[SENDERS];
	u32 payload[SENDERS];
	u32 gets[SENDERS];
};

static void minimum_rates_hold(void **state)
{
	static const struct share_case cases[] = {
		/* One beside three that want all */
		{ { 55 }, { 0 }, { 1460, 1460, 1460, 1460 }, { 55, 15, 15, 15 } },
		{ { 55 }, { 0 }, { 200, TRAFFIC_SUPER, 1460, 1000 },
		  { 55, 15, 15, 15 } },
		/* Less than its part promises nothing more. */
		{ { 10 }, { 0 }, { 1460, 1460, 1460, 1460 }, { 25, 25, 25, 25 } },
		/* Two, and a maximum as well */
		{ { 40, 30 }, { 0 }, { 1460, 500, 1460, 1460 },
		  { 40, 30, 15, 15 } },
		{ { 50, 0, 0, 0 }, { 50, 10, 0, 0 }, { 1460, 1460, 1460, 1460 },
		  { 50, 10, 20, 20 } },
	};
	struct contest c;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		const struct share_case *s = &cases[i];

		contest_up(&c, SENDERS, s->min, s->max, s->payload);
		contest_run(&c, SECOND, SENDERS);
		contest_run(&c, 10 * SECOND, SENDERS);
		contest_expect(&c, SENDERS, 10 * SECOND, s->gets);
		h_check(c.h);
		h_free(c.h);
	}
}

/* Two were promised more than the wire has: they divide it. */
static void too_much_is_divided(void **state)
{
	static const u32 min[SENDERS] = { 80, 80 };
	static const u32 none[SENDERS];
	static const u32 payload[SENDERS] = { 1400, 400, 1400, 1400 };
	struct contest c;

	(void)state;
	contest_up(&c, SENDERS, min, none, payload);
	contest_run(&c, SECOND, SENDERS);
	contest_run(&c, 3 * SECOND, SENDERS);
	test_near(c.bytes[0], c.bytes[1], 150);
	assert_true(c.bytes[0] + c.bytes[1] >
		    90 * (c.bytes[2] + c.bytes[3]) / 10);
	h_free(c.h);
}

/* What it does not use, the others have. */
static void what_is_not_used_is_not_kept(void **state)
{
	static const u32 min[SENDERS] = { 0, 0, 0, 70 };
	static const u32 none[SENDERS];
	static const u32 payload[SENDERS] = { 1400, 1400, 1400, 1400 };
	struct contest c;
	u32 i;

	(void)state;
	contest_up(&c, SENDERS, min, none, payload);
	contest_run(&c, SECOND, SENDERS - 1);
	contest_run(&c, 3 * SECOND, SENDERS - 1);
	for (i = 0; i < SENDERS - 1; i++)
		test_near(c.bytes[i], WIRE_MBPS * 3 * SECOND / 8000 / 3, 20);
	/* It has its minimum when it comes, and not what it has not used. */
	contest_run(&c, SECOND, SENDERS);
	test_near(c.bytes[3], 70 * SECOND / 8000, 50);
	h_free(c.h);
}

static void a_minimum_is_at_most_the_maximum(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	assert_int_equal(promise(h, 0, 10, 11), CDNA_SC_BAD_PARAM);
	assert_int_equal(promise(h, 0, 10, 10), CDNA_SC_OK);
	assert_int_equal(h->nic->sched.shares[0], 1);
	assert_int_equal(promise(h, 0, 10, 0), CDNA_SC_OK);
	assert_int_equal(h->nic->sched.shares[0], 0);
	/* The next owner of the context has none. */
	assert_int_equal(promise(h, 0, 0, 10), CDNA_SC_OK);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0), CDNA_SC_OK);
	h_up(h, 0);
	assert_int_equal(h->nic->sched.shares[0], 0);
	h_free(h);
}

/* All contexts that there can be are due, and have nothing. The step ends all the same. */
static void nothing_to_send_for_a_minimum(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	assert_int_equal(h_group_set(h, 1, 0, 1000), CDNA_SC_OK);
	for (i = 0; i < FW_MAX_CONTEXTS; i++) {
		h_up(h, i);
		assert_int_equal(promise(h, i, 0, i % 2), CDNA_SC_OK);
		if (i % 2 == 0)
			assert_int_equal(h_ctx_group(h, i, 1), CDNA_SC_OK);
	}
	h_run(h);
	for (i = 0; i < FW_MAX_CONTEXTS; i++)
		h_ring(h, i, 0, CDNA_DIR_TX);
	h_run(h);
	for (i = 0; i < FW_MAX_CONTEXTS; i++)
		assert_int_equal(h->nic->ctx[i].sched.where, FW_SCHED_IDLE);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(minimum_rates_hold),
	TEST(too_much_is_divided),
	TEST(what_is_not_used_is_not_kept),
	TEST(a_minimum_is_at_most_the_maximum),
	TEST(nothing_to_send_for_a_minimum),
)
