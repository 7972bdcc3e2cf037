// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fairness (paper 3.1): contexts get the same bandwidth of a wire that is slow,
 * whatever the size of what they send, and else the same of the core's time; a
 * rate limit holds. I8: nobody slows another beyond its fair share.
 */
#include "sched_load.h"
#include "traffic.h"

#define STEPS		600
#define FILL_STEPS	8
#define PACE		12000		/* bytes that the wire takes per step */

static void within(u64 a, u64 b, u32 percent)
{
	u64 low = FW_MIN(a, b);
	u64 high = FW_MAX(a, b);

	print_message("# %llu and %llu bytes: %.2f %% apart\n",
		      (unsigned long long)a, (unsigned long long)b,
		      high ? 100.0 * (double)(high - low) / (double)high : 0);
	assert_true(high > 0);
	assert_true(low * 100 >= high * (100 - percent));
}

/*
 * Keep @n senders busy, whose rings hold more than FILL_STEPS steps can send;
 * bytes on the wire by context.
 */
static void compete(struct h *h, struct traffic *t, u32 n, u64 pace,
		    u32 steps, u64 *bytes)
{
	u32 step, i;

	for (step = 0; step < steps; step++) {
		for (i = 0; i < n && step % FILL_STEPS == 0; i++)
			traffic_refill(h, &t[i]);
		if (pace)
			traffic_pace(h, pace);
		h->board->now += 10000;
		h_step(h);
		traffic_sent(h, bytes);
	}
}

static void small_against_large(u64 pace, u32 steps)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t[2];

	traffic_up(h, &t[0], 0, TRAFFIC_SMALL);
	traffic_up(h, &t[1], 1, TRAFFIC_SUPER);
	/* The wire does not limit before as many frames wait as can. */
	compete(h, t, 2, pace, 10, bytes);
	memset(bytes, 0, sizeof(bytes));
	compete(h, t, 2, pace, steps, bytes);
	within(bytes[0], bytes[1], 2);
	h_check(h);
	h_free(h);
}

/* The firmware is what limits. */
static void fair_when_the_wire_is_fast(void **state)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t[2];

	(void)state;
	traffic_up(h, &t[0], 0, TRAFFIC_SMALL);
	traffic_up(h, &t[1], 1, TRAFFIC_SUPER);
	compete(h, t, 2, 0, STEPS, bytes);
	within(charged(h, 0, bytes[0]), charged(h, 1, bytes[1]), 2);
	h_check(h);
	h_free(h);
}

/* The wire is what limits: frames wait for it, and in packet memory. */
static void fair_when_the_wire_is_slow(void **state)
{
	(void)state;
	small_against_large(PACE, STEPS);
}

static void fair_when_the_wire_crawls(void **state)
{
	(void)state;
	small_against_large(1600, 4 * STEPS);
}

/* All 32 contexts, each of another frame size. */
static void fair_among_many(void **state)
{
	static const u32 payloads[] = { 10, 100, 446, 1000, 1460, 9000,
					TRAFFIC_SUPER };
	struct h *h = h_new(NULL);
	struct traffic t[32];
	u64 bytes[256] = { 0 };
	u64 low = ~0ull;
	u64 high = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 32; i++)
		traffic_up(h, &t[i], i,
			   payloads[i % FW_ARRAY_SIZE(payloads)]);
	compete(h, t, 32, PACE, 20, bytes);
	memset(bytes, 0, sizeof(bytes));
	compete(h, t, 32, PACE, 3000, bytes);
	for (i = 0; i < 32; i++) {
		low = FW_MIN(low, bytes[i]);
		high = FW_MAX(high, bytes[i]);
	}
	within(low, high, 4);
	h_check(h);
	h_free(h);
}

/* What one does not use, the others have. */
static void idle_share_is_used(void **state)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t[2];

	(void)state;
	traffic_up(h, &t[0], 0, TRAFFIC_SUPER);
	traffic_up(h, &t[1], 1, TRAFFIC_SUPER);
	compete(h, t, 1, PACE, STEPS, bytes);
	assert_int_equal(bytes[1], 0);
	/* Less than a frame of each step's room is lost to rounding. */
	assert_true(bytes[0] >= (u64)STEPS * (PACE - 1514));
	h_free(h);
}

/* 100 Mb/s of a wire that could take more, beside one without limit */
static void rate_limit_holds(void **state)
{
	const u64 limit = 100000000 / 8 / 100;	/* bytes in 10 ms */
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t[2];
	u64 start;
	u32 burst;

	(void)state;
	traffic_up(h, &t[0], 0, 1000);
	traffic_up(h, &t[1], 1, 1000);
	assert_int_equal(h_limits(h, 0, 100, 0), CDNA_SC_OK);
	/* Let the burst pass that an idle context has saved. */
	compete(h, t, 2, PACE, 1000, bytes);
	start = bytes[0];
	compete(h, t, 2, PACE, 1000, bytes);
	burst = (u32)(bytes[0] - start);
	within(burst, limit, 5);
	assert_true(bytes[1] > 4 * bytes[0]);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(fair_when_the_wire_is_fast),
	TEST(fair_when_the_wire_is_slow),
	TEST(fair_when_the_wire_crawls),
	TEST(fair_among_many),
	TEST(idle_share_is_used),
	TEST(rate_limit_holds),
)
