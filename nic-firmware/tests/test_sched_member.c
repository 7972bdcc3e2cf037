// SPDX-License-Identifier: GPL-2.0-only
/*
 * Members of rate groups: they come and go while frames wait, and whatever happens to
 * them, nobody gets more than his group may send, and nothing is stuck.
 */
#include "control.h"
#include "sched_contest.h"

#define FRAME	1514

static u32 waiting(const struct h *h, u32 ctx)
{
	return h->ctx[ctx].qp[0].queue[0].prod -
	       h->nic->ctx[ctx].qp[0].queue[0].ring.cons;
}

/* A group of 1 Mb/s with contexts that have sent until it let them no longer */
static void use_up(struct h *h, u32 group, u32 first, u32 count)
{
	u32 i;

	assert_int_equal(h_group_set(h, group, 1, 0), CDNA_SC_OK);
	for (i = first; i < first + count; i++) {
		h_up(h, i);
		assert_int_equal(h_ctx_group(h, i, group), CDNA_SC_OK);
	}
	for (i = first; i < first + count; i++) {
		while (!waiting(h, i)) {
			post_one(h, i, FRAME);
			h_run(h);
		}
		assert_int_equal(h->nic->ctx[i].sched.where, FW_SCHED_LIMITED);
	}
	fake_wire_clear(h->board);
}

static void post_many(struct h *h, u32 ctx, u32 count)
{
	while (count--)
		post_one(h, ctx, FRAME);
	h_run(h);
}

static void members_move_while_frames_wait(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	use_up(h, 1, 0, 2);
	use_up(h, 2, 2, 1);
	post_many(h, 0, 19);
	post_many(h, 1, 19);
	/* From one that is used up to another that is: the clock does not move. */
	for (i = 0; i < 100; i++) {
		assert_int_equal(h_ctx_group(h, 0, 1 + i % 2), CDNA_SC_OK);
		h_run(h);
		h_check(h);
	}
	assert_int_equal(fake_wire_pending(h->board), 0);
	/* To one that is not: as much as that allows now */
	assert_int_equal(h_group_set(h, 3, 1, 0), CDNA_SC_OK);
	assert_int_equal(h_ctx_group(h, 1, 3), CDNA_SC_OK);
	h_run(h);
	assert_int_equal(waiting(h, 1), 0);
	assert_int_equal(fake_wire_pending(h->board), 20);
	/* To none */
	assert_int_equal(h_ctx_group(h, 0, CDNA_NO_GROUP), CDNA_SC_OK);
	h_run(h);
	assert_int_equal(waiting(h, 0), 0);
	assert_int_equal(fake_wire_pending(h->board), 40);
	/* Who stayed goes on when it is due. */
	assert_int_equal(waiting(h, 2), 1);
	h_run_for(h, 20 * MS);
	assert_int_equal(waiting(h, 2), 0);
	h_check(h);
	h_free(h);
}

/* Who waits alone goes on when the group's limit allows it: neither before nor after */
static void deadlines_are_exact(void **state)
{
	struct h *h = h_new(NULL);
	u64 sent, when;
	u32 i;

	(void)state;
	use_up(h, 1, 0, 1);
	for (i = 0; i < 50; i++) {
		sent = h->board->sent;
		when = fw_sched_deadline(h->nic);
		assert_true(when > h->board->now);
		h->board->now = when - 1;
		h_run(h);
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(fw_sched_deadline(h->nic), when);
		h->board->now = when;
		h_run(h);
		assert_int_equal(h->board->sent, sent + 1);
		assert_int_equal(fw_sched_deadline(h->nic), ~0ull);
		post_one(h, 0, 60 + i * 29);
		h_run(h);
		assert_int_equal(h->board->sent, sent + 1);
	}
	h_free(h);
}

/* Between two groups, all the time: it gets what both allow, at most. */
static void moving_is_no_way_around_a_limit(void **state)
{
	struct h *h = h_new(NULL);
	u32 i, frames = 0;

	(void)state;
	use_up(h, 1, 0, 1);
	use_up(h, 2, 1, 1);
	for (i = 0; i < 1000; i++) {
		post_many(h, 0, h_room(h, 0, 0, CDNA_DIR_TX));
		assert_int_equal(h_ctx_group(h, 0, 1 + i % 2), CDNA_SC_OK);
		h_run_for(h, MS);
		frames += fake_wire_pending(h->board);
		fake_wire_clear(h->board);
	}
	assert_in_range(frames, 2 * 125000 / FRAME - 10, 2 * 125000 / FRAME + 2);
	h_free(h);
}

/* A member that has sent all that it wanted leaves its part to the others. */
static void what_is_not_used_is_for_the_others(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	assert_int_equal(h_group_set(h, 1, 1, 0), CDNA_SC_OK);
	for (i = 0; i < 4; i++) {
		h_up(h, i);
		assert_int_equal(h_ctx_group(h, i, 1), CDNA_SC_OK);
	}
	for (i = 1; i < 4; i++)
		post_one(h, i, 60);
	post_many(h, 0, 30);
	/* It may have to wait for as long as its next frame takes. */
	h_run_for(h, 13 * MS);
	assert_in_range(30 - waiting(h, 0), 2 * FW_SCHED_QUANTUM / FRAME - 1,
			2 * FW_SCHED_QUANTUM / FRAME + 2);
	h_free(h);
}

static void a_group_with_members_stays(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 5);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_NOT_FOUND);
	assert_int_equal(h_ctx_group(h, 5, 1), CDNA_SC_NOT_FOUND);
	use_up(h, 1, 0, 1);
	post_many(h, 0, 4);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_BAD_STATE);
	h_run(h);
	assert_int_equal(waiting(h, 0), 5);
	/* One that is revoked is a member still, and may be taken out. */
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 0), CDNA_SC_OK);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_BAD_STATE);
	assert_int_equal(h_ctx_group(h, 0, CDNA_NO_GROUP), CDNA_SC_OK);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_OK);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_NOT_FOUND);
	/* One that is released is a member no longer. */
	assert_int_equal(h_group_set(h, 1, 1, 1), CDNA_SC_OK);
	assert_int_equal(h_ctx_group(h, 5, 1), CDNA_SC_OK);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 5), CDNA_SC_OK);
	h_check(h);
	assert_int_equal(h_group_del(h, 1), CDNA_SC_OK);
	h_up(h, 5);
	assert_null(h->nic->ctx[5].sched.group);
	h_free(h);
}

/* The next guest of a context does not have what the last one was promised. */
static void a_release_ends_what_was_promised(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	assert_int_equal(promise(h, 0, 0, 10), CDNA_SC_OK);
	h_check(h);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0), CDNA_SC_OK);
	h_check(h);
	h_up(h, 0);
	assert_int_equal(h->nic->ctx[0].sched.share.rate, 0);
	h_check(h);
	h_free(h);
}

static void a_limit_changes_while_frames_wait(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	use_up(h, 1, 0, 2);
	post_many(h, 0, 9);
	post_many(h, 1, 9);
	/* The same again, or a higher one, allows no new burst. */
	assert_int_equal(h_group_set(h, 1, 1, 0), CDNA_SC_OK);
	assert_int_equal(h_group_set(h, 1, 2, 1), CDNA_SC_OK);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	assert_int_equal(h_group_set(h, 1, 0, 0), CDNA_SC_OK);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 20);
	h_check(h);
	h_free(h);
}

/* Pause and resume, drain, set the limit again, again and again */
static void there_is_no_way_around_a_limit(void **state)
{
	struct h_ring_spec tx = { .slots = 256 };
	struct h *h = h_new(NULL);
	u64 start, bytes = 0;
	u32 round;

	(void)state;
	use_up(h, 1, 0, 1);
	assert_int_equal(h_group_set(h, 1, 10, 0), CDNA_SC_OK);
	start = h->board->now;
	for (round = 0; round < 400; round++) {
		post_many(h, 0, h_room(h, 0, 0, CDNA_DIR_TX));
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), 0);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0), 0);
		assert_int_equal(h_group_set(h, 1, 10, 0), CDNA_SC_OK);
		if (round % 32 == 3) {
			h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_TX,
				   NULL);
			h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0,
				   CDNA_DIR_TX, NULL);
			assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX,
							&tx), 0);
		}
		h_check(h);
		bytes += fake_wire_pending(h->board) * FRAME;
		fake_wire_clear(h->board);
		h->board->now += MS;
	}
	assert_in_range(bytes, 10 * (h->board->now - start) / 8000 - 3 * FRAME,
			10 * (h->board->now - start) / 8000 + 2 * FRAME);
	h_free(h);
}

#define HOSTS	6

static void random_change(struct h *h, struct prng *prng)
{
	u32 ctx = prng_below(prng, HOSTS);
	u32 group = prng_below(prng, 4);
	u32 max = prng_below(prng, 3) ? prng_below(prng, 2000) : 0;

	switch (prng_below(prng, 8)) {
	case 0:
		h_group_set(h, group, max, prng_below(prng, max + 1));
		break;
	case 1:
		h_group_del(h, group);
		break;
	case 2:
		h_limits(h, ctx, max, 0);
		break;
	case 3:
		h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, ctx);
		h_run(h);
		h_ctx_op(h, CDNA_CMD_CTX_RESUME, ctx);
		break;
	case 4:
		/* Memory for new rings is not endless. */
		if (h->board->region[ctx].used > FAKE_REGION_BYTES / 2)
			break;
		h_ctx_op(h, CDNA_CMD_CTX_RELEASE, ctx);
		h_up(h, ctx);
		break;
	default:
		h_ctx_group(h, ctx, group);
		break;
	}
}

static void nothing_is_stuck(void **state)
{
	struct h *h = h_new(NULL);
	struct prng prng;
	u32 round, i;

	(void)state;
	prng_seed(&prng, __func__);
	for (i = 0; i < HOSTS; i++)
		h_up(h, i);
	for (round = 0; round < 20000; round++) {
		i = prng_below(&prng, HOSTS);
		if (!prng_below(&prng, 3))
			random_change(h, &prng);
		else if (h_room(h, i, 0, CDNA_DIR_TX))
			post_one(h, i, 60 + prng_below(&prng, 1400));
		h->board->busy = prng_below(&prng, 4) == 0;
		h->board->now += prng_below(&prng, 40000);
		h_step(h);
		h_check(h);
		fake_wire_clear(h->board);
	}
	/* With limits still on, all that waits goes in its time. */
	h->board->busy = 0;
	for (i = 0; i < HOSTS; i++)
		h_limits(h, i, 0, 0);
	for (i = 1; i < 4; i++)
		h_group_set(h, i, i, 0);
	for (i = 0; i < 10; i++) {
		h_run_for(h, SECOND);
		fake_wire_clear(h->board);
	}
	for (i = 0; i < HOSTS; i++)
		assert_int_equal(waiting(h, i), 0);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(members_move_while_frames_wait),
	TEST(deadlines_are_exact),
	TEST(moving_is_no_way_around_a_limit),
	TEST(what_is_not_used_is_for_the_others),
	TEST(a_group_with_members_stays),
	TEST(a_release_ends_what_was_promised),
	TEST(a_limit_changes_while_frames_wait),
	TEST(there_is_no_way_around_a_limit),
	TEST(nothing_is_stuck),
)
