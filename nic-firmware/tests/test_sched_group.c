// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate groups: what members have together is at most the group's maximum and at least
 * its minimum, beside neighbours that want all of the wire, and members share it.
 */
#include "sched_contest.h"

#define SENDERS		5

/**
 * struct group_case - groups of five contexts, and what each context should get
 * @of: the group of each context, CDNA_NO_GROUP: none
 * @group_max: Mb/s of group 1 and 2, 0: none
 * @group_min: the same
 * @max: Mb/s of the context itself, 0: none
 * @min: the same
 * @payload: of its frames
 * @gets: Mb/s
 * @off: permille by which those without a minimum may miss it, 0: 20. They share the
 *	wire one after another, and frames that were promised come in between
 * @seconds: that it takes, 0: 2
 */
struct group_case {
	u32 of[SENDERS];
	u32 group_max[2];
	u32 group_min[2];
	u32 max[SENDERS];
	u32 min[SENDERS];
	u32 payload[SENDERS];
	u32 gets[SENDERS];
	u32 off;
	u32 seconds;
};

#define BIG	{ 1460, 1460, 1460, 1460, 1460 }
#define MIXED	{ 200, TRAFFIC_SUPER, 1460, 1460, 1460 }

static const struct group_case cases[] = {
	/* A maximum is of all members together, and the others have the rest. */
	{ .of = { 1, 1 }, .group_max = { 10 }, .payload = BIG,
	  .gets = { 5, 5, 30, 30, 30 }, .seconds = 10 },
	{ .of = { 1, 1 }, .group_max = { 10 }, .payload = MIXED,
	  .gets = { 5, 5, 30, 30, 30 } },
	/* A member has a limit of its own; and the others of the group have more. */
	{ .of = { 1, 1, 1 }, .group_max = { 40 }, .max = { 6 }, .payload = BIG,
	  .gets = { 6, 17, 17, 30, 30 } },
	/* A minimum beside three that want all */
	{ .of = { 1, 1 }, .group_min = { 70 }, .payload = BIG,
	  .gets = { 35, 35, 10, 10, 10 }, .seconds = 10 },
	{ .of = { 1, 1 }, .group_min = { 70 }, .payload = MIXED,
	  .gets = { 35, 35, 10, 10, 10 }, .off = 80 },
	{ .of = { 1, 1 }, .group_min = { 70 }, .group_max = { 70 },
	  .payload = MIXED, .gets = { 35, 35, 10, 10, 10 }, .off = 80 },
	/* Less than their parts promises nothing more. */
	{ .of = { 1, 1 }, .group_min = { 10 }, .payload = BIG,
	  .gets = { 20, 20, 20, 20, 20 } },
	/* A member was promised a part of it. */
	{ .of = { 1, 1 }, .group_min = { 70 }, .min = { 50 }, .payload = BIG,
	  .gets = { 50, 20, 10, 10, 10 } },
	{ .of = { 1, 1 }, .group_max = { 40 }, .min = { 30 }, .payload = BIG,
	  .gets = { 30, 10, 20, 20, 20 } },
	/* One of both kinds */
	{ .of = { 1, 1, 2, 2 }, .group_max = { 10 }, .group_min = { 0, 80 },
	  .payload = BIG, .gets = { 5, 5, 40, 40, 10 } },
	/* Both with a minimum, and a context with its own */
	{ .of = { 1, 1, 2 }, .group_min = { 30, 40 }, .min = { 0, 0, 0, 20 },
	  .payload = BIG, .gets = { 15, 15, 40, 20, 10 } },
};

/* Each has what it should, and the limits of groups are what members have together. */
static void expect(const struct contest *c, const struct group_case *s)
{
	u64 ns = (s->seconds ? s->seconds : 2) * SECOND;
	u64 unit = ns / 8000;
	u64 sum[3] = { 0 }, right[3] = { 0 };
	u32 n;

	contest_show(c, SENDERS, ns, s->gets);
	for (n = 0; n < SENDERS; n++) {
		sum[s->of[n]] += c->bytes[n];
		right[s->of[n]] += s->gets[n] * unit;
		test_near(c->bytes[n], s->gets[n] * unit,
			  s->of[n] || s->min[n] || !s->off ? 20 : s->off);
	}
	for (n = 1; n < 3; n++)
		test_near(sum[n], right[n], 20);
}

static void limits_of_groups_hold(void **state)
{
	struct contest c;
	u32 i, n;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		const struct group_case *s = &cases[i];

		contest_up(&c, SENDERS, s->min, s->max, s->payload);
		for (n = 0; n < 2; n++)
			assert_int_equal(h_group_set(c.h, n + 1,
						     s->group_max[n],
						     s->group_min[n]), 0);
		for (n = 0; n < SENDERS; n++)
			assert_int_equal(h_ctx_group(c.h, n, s->of[n]), 0);
		contest_run(&c, SECOND / 2, SENDERS);
		contest_run(&c, (s->seconds ? s->seconds : 2) * SECOND,
			    SENDERS);
		print_message("# case %u\n", i);
		expect(&c, s);
		h_check(c.h);
		h_free(c.h);
	}
}

/* Send for @ns without a wire to wait for; @late: by which each timer is late, in ns */
static void send_for(struct h *h, struct traffic *t, u32 senders, u64 ns,
		     u64 late, u64 *bytes)
{
	u64 end = h->board->now + ns;
	u32 i;

	memset(bytes, 0, 256 * sizeof(*bytes));
	while (h->board->now < end) {
		for (i = 0; i < senders; i++)
			if (h_room(h, t[i].ctx, 0, CDNA_DIR_TX) >
			    TRAFFIC_SLOTS / 2)
				traffic_refill(h, &t[i]);
		while (h_step(h))
			;
		traffic_sent(h, bytes);
		h->board->now = FW_MIN(fw_nic_deadline(h->nic) + late, end);
	}
}

/* What the members of a group with a maximum send of all that they have to send */
static u64 at_rate(u32 mbps, u64 ns, u64 *bytes)
{
	static const u32 payload[] = { 1460, 200, TRAFFIC_SUPER };
	struct h *h = h_new(NULL);
	struct traffic t[3];
	u32 i;

	assert_int_equal(h_group_set(h, 7, mbps, 0), 0);
	for (i = 0; i < 3; i++) {
		traffic_up(h, &t[i], i, payload[i]);
		assert_int_equal(h_ctx_group(h, i, 7), 0);
	}
	/* Until the first burst is over */
	do
		send_for(h, t, 3, 1, 0, bytes);
	while (h->nic->sched.group[6].rate[FW_SCHED_MAX].tokens >= 1514);
	send_for(h, t, 3, ns, 0, bytes);
	h_check(h);
	h_free(h);
	return bytes[0] + bytes[1] + bytes[2];
}

static void a_maximum_holds_without_a_wire(void **state)
{
	static const struct {
		u32 mbps;
		u64 ns;
	} rates[] = {
		{ 1, 10 * SECOND }, { 10, 10 * SECOND }, { 100, SECOND },
		{ 1000, 100 * MS }, { 20000, 5 * MS },
	};
	u64 bytes[256];
	u32 r, i;

	(void)state;
	for (r = 0; r < FW_ARRAY_SIZE(rates); r++) {
		u64 sum, most = rates[r].mbps * rates[r].ns / 8000;

		memset(bytes, 0, sizeof(bytes));
		sum = at_rate(rates[r].mbps, rates[r].ns, bytes);
		print_message("# %u Mb/s: %llu of %llu bytes\n", rates[r].mbps,
			      (unsigned long long)sum, (unsigned long long)most);
		test_near(sum, most, 20);
		for (i = 0; i < 3; i++)
			test_near(bytes[i], sum / 3, 60);
	}
}

/*
 * One member wants all that the group may send, another posts a frame each time that
 * the limit allows one, just then.
 */
static void nobody_comes_in_between(void **state)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic greedy;
	u64 end;

	(void)state;
	assert_int_equal(h_group_set(h, 1, 10, 0), 0);
	traffic_up(h, &greedy, 0, 1460);
	h_up(h, 1);
	assert_int_equal(h_ctx_group(h, 0, 1), 0);
	assert_int_equal(h_ctx_group(h, 1, 1), 0);
	for (end = h->board->now + SECOND; h->board->now < end; ) {
		if (h_room(h, 0, 0, CDNA_DIR_TX) > TRAFFIC_SLOTS / 2)
			traffic_refill(h, &greedy);
		if (h->ctx[1].qp[0].queue[0].prod ==
		    h->nic->ctx[1].qp[0].queue[0].ring.cons)
			post_one(h, 1, 1514);
		while (h_step(h))
			;
		h->board->now = FW_MIN(fw_nic_deadline(h->nic), end);
		traffic_sent(h, bytes);
	}
	print_message("# %llu bytes, beside %llu of the other\n",
		      (unsigned long long)bytes[0],
		      (unsigned long long)bytes[1]);
	test_near(bytes[0] + bytes[1], 10 * SECOND / 8000, 50);
	assert_true(bytes[0] > 9 * bytes[1] / 10);
	h_check(h);
	h_free(h);
}

#define MANY	32

/**
 * struct late_case - members of a group, on a host whose timers are late
 * @members: how many
 * @group_max: Mb/s of the group
 * @min: Mb/s that the first was promised itself, 0: none
 * @max: Mb/s that the others may send themselves, 0: as much as they can
 * @late: by which each timer is late, in ns
 * @first: Mb/s that the first one gets; the rest of @group_max is for the others
 */
struct late_case {
	u32 members;
	u32 group_max;
	u32 min;
	u32 max;
	u64 late;
	u32 first;
};

static const struct late_case late_cases[] = {
	{ 3, 200, 150, 0, 0, 150 },
	{ 3, 200, 150, 0, MS, 150 },
	{ 3, 1000, 800, 0, 300000, 800 },
	{ 6, 100, 80, 0, MS, 80 },
	{ 1, 80, 0, 0, MS, 80 },
	/* Those that cannot use their parts do not keep them from the first. */
	{ MANY, 60, 0, 1, 0, 29 },
	{ MANY, 60, 0, 1, MS, 29 },
};

static void late_timers_lose_nothing(void **state)
{
	static struct traffic t[MANY];
	u64 bytes[256], sum;
	u32 c, i;

	(void)state;
	for (c = 0; c < FW_ARRAY_SIZE(late_cases); c++) {
		const struct late_case *s = &late_cases[c];
		struct h *h = h_new(NULL);

		assert_int_equal(h_group_set(h, 1, s->group_max, 0), 0);
		for (i = 0; i < s->members; i++) {
			traffic_up(h, &t[i], i, 1460);
			assert_int_equal(promise(h, i, i ? s->max : 0,
						 i ? 0 : s->min), 0);
			assert_int_equal(h_ctx_group(h, i, 1), 0);
		}
		send_for(h, t, s->members, SECOND, s->late, bytes);
		send_for(h, t, s->members, SECOND, s->late, bytes);
		for (sum = 0, i = 0; i < s->members; i++)
			sum += bytes[i];
		print_message("# case %u: %llu of %llu bytes\n", c,
			      (unsigned long long)bytes[0],
			      (unsigned long long)sum);
		test_near(sum, s->group_max * SECOND / 8000, 20);
		test_near(bytes[0], s->first * SECOND / 8000, 20);
		h_check(h);
		h_free(h);
	}
}

/* One that sends much to a neighbour, in its turns, leaves the other its minimum. */
static void frames_to_neighbours_cost_no_minimum(void **state)
{
	static const u32 none[6], payload[6] = {
		1460, 1460, 1460, 1460, 1460, 1460
	};
	u64 ns = SECOND / 2;
	struct contest c;

	(void)state;
	contest_up(&c, 6, none, none, payload);
	assert_int_equal(h_group_set(c.h, 1, 0, 70), 0);
	assert_int_equal(h_ctx_group(c.h, 0, 1), 0);
	assert_int_equal(h_ctx_group(c.h, 1, 1), 0);
	h_mac(c.t[0].dst, 5);
	contest_run(&c, ns / 2, 5);
	contest_run(&c, ns, 5);
	assert_int_equal(c.bytes[0], 0);
	print_message("# %llu bytes in %llu ns\n",
		      (unsigned long long)c.bytes[1], (unsigned long long)ns);
	test_near(c.bytes[1], 35 * ns / 8000, 20);
	h_check(c.h);
	h_free(c.h);
}

/* More than the wire has: a group's members count as one context. */
static void a_group_is_promised_as_much_as_a_context(void **state)
{
	static const u32 min[6] = { [4] = 80 }, none[6], payload[6] = {
		1460, 1460, 1460, 1460, 1460, 1460
	};
	struct contest c;
	u64 together = 0;
	u32 i;

	(void)state;
	contest_up(&c, 5, min, none, payload);
	assert_int_equal(h_group_set(c.h, 1, 0, 80), 0);
	for (i = 0; i < 4; i++)
		assert_int_equal(h_ctx_group(c.h, i, 1), 0);
	contest_run(&c, SECOND / 2, 5);
	contest_run(&c, SECOND, 5);
	for (i = 0; i < 4; i++)
		together += c.bytes[i];
	print_message("# %llu bytes, beside %llu of the other\n",
		      (unsigned long long)together,
		      (unsigned long long)c.bytes[4]);
	/* But for the last frame of a member's part of a turn */
	test_near(together, WIRE_MBPS / 2 * SECOND / 8000, 100);
	test_near(c.bytes[4], WIRE_MBPS / 2 * SECOND / 8000, 100);
	h_check(c.h);
	h_free(c.h);
}

TEST_MAIN(
	TEST(limits_of_groups_hold),
	TEST(a_maximum_holds_without_a_wire),
	TEST(late_timers_lose_nothing),
	TEST(frames_to_neighbours_cost_no_minimum),
	TEST(a_group_is_promised_as_much_as_a_context),
	TEST(nobody_comes_in_between),
)
