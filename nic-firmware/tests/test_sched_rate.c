// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate limits: they hold, and a queue that is held back by one goes on exactly
 * when it is due, or immediately where a limit does not count (paper 3.1, I8).
 */
#include "sched_load.h"
#include "traffic.h"

/* Refill when half of the ring is used: building frames takes its time. */
static void refill_lazily(struct h *h, struct traffic *t)
{
	if (h_room(h, t->ctx, 0, CDNA_DIR_TX) > TRAFFIC_SLOTS / 2)
		traffic_refill(h, t);
}

/* Send at a limit. Return: bytes in that time, after the first burst */
static u64 at_rate(u32 mbps, u32 payload, u64 ns)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t;
	u64 end;

	traffic_up(h, &t, 0, payload);
	assert_int_equal(h_limits(h, 0, mbps, 0), 0);
	/* Until the bucket is empty */
	while (!h->nic->sched.limited.head) {
		refill_lazily(h, &t);
		h_step(h);
		fake_wire_clear(h->board);
	}
	end = h->board->now + ns;
	while (h->board->now < end) {
		u64 next;

		refill_lazily(h, &t);
		while (h_step(h))
			refill_lazily(h, &t);
		next = fw_nic_deadline(h->nic);
		assert_true(next > h->board->now);
		h->board->now = FW_MIN(next, end);
		traffic_sent(h, bytes);
	}
	h_free(h);
	return bytes[0];
}

static void rates_hold(void **state)
{
	static const struct {
		u32 mbps, payload;
		u64 ns;
	} cases[] = {
		{ 1, 1460, 4 * SECOND }, { 10, 10, 400 * MS },
		{ 100, 1460, 100 * MS }, { 100, TRAFFIC_SUPER, 100 * MS },
		{ 1000, 10, 5 * MS }, { 10000, TRAFFIC_SUPER, 2 * MS },
		{ 100000, TRAFFIC_SUPER, MS },
	};
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++)
		test_near(at_rate(cases[i].mbps, cases[i].payload, cases[i].ns),
			  cases[i].mbps * cases[i].ns / 8000, 20);
}

static void deadlines_are_exact(void **state)
{
	struct h *h = h_new(NULL);
	u64 sent, when;
	u32 i;

	(void)state;
	h_up(h, 0);
	exhaust(h, 0, 3);
	assert_int_equal(fw_sched_deadline(h->nic), ~0ull);
	for (i = 0; i < 50; i++) {
		sent = h->board->sent;
		post_one(h, 0, 60 + i * 29);
		h_run(h);
		assert_int_equal(h->board->sent, sent);
		when = fw_sched_deadline(h->nic);
		assert_true(when > h->board->now);
		h->board->now = when - 1;
		h_run(h);
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(fw_sched_deadline(h->nic), when);
		h->board->now = when;
		h_run(h);
		assert_int_equal(h->board->sent, sent + 1);
		/* It has nothing more to send: nothing to wake for. */
		assert_int_equal(fw_sched_deadline(h->nic), ~0ull);
	}
	h_free(h);
}

/* The first one to be due decides, not the one that began to wait first. */
static void the_first_deadline_counts(void **state)
{
	struct h *h = h_new(NULL);
	u64 last = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 8; i++) {
		h_up(h, i);
		exhaust(h, i, 1 + (i * 5) % 8);
	}
	for (i = 0; i < 8; i++)
		post_one(h, i, 1000);
	h_run(h);
	for (i = 0; i < 8; i++) {
		const struct fw_ctx *at = h->nic->sched.limited.head;
		u64 first = ~0ull;

		for (; at; at = at->sched.next)
			first = FW_MIN(first, at->sched.when);
		assert_true(first != ~0ull);
		assert_int_equal(fw_sched_deadline(h->nic), first);
		assert_true(first >= last);
		last = first;
		h->board->now = first;
		h_run(h);
		if (!h->nic->sched.limited.head)
			break;
	}
	assert_null(h->nic->sched.limited.head);
	assert_int_equal(fake_wire_pending(h->board), 8);
	h_free(h);
}

/* Queue pair 0 has used up a limit of 1 Mb/s, and both have more to send. */
static void limited_pair(struct h *h)
{
	static const u8 frame[64];
	u32 i;

	h_ctx_up(h, 0);
	h_qp_up(h, 0, 0, 0, 0);
	h_qp_up(h, 0, 1, 0, 0);
	exhaust(h, 0, 1);
	for (i = 0; i < 20; i++)
		post_one(h, 0, 1514);
	h_tx_send(h, 0, 1, frame, sizeof(frame));
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
}

/* The clock does not move, and nothing more is sent: the indices say so. */
static void a_drain_ends_where_the_limit_does(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_queue_info info;
	u32 cons;

	(void)state;
	limited_pair(h);
	cons = h->nic->ctx[0].qp[0].queue[0].ring.cons;
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), 0);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), cons);
	assert_int_equal(fw_le32(info.prod), cons + 20);
	assert_int_equal(fake_wire_pending(h->board), 0);
	/* The other queue goes on, when it is due. */
	assert_int_equal(h->nic->ctx[0].qp[1].queue[0].ring.cons, 0);
	assert_int_equal(h->nic->ctx[0].sched.where, FW_SCHED_LIMITED);
	h_run_for(h, SECOND);
	assert_int_equal(h->nic->ctx[0].qp[1].queue[0].ring.cons, 1);
	h_check(h);
	h_free(h);
}

static void a_limit_stays_after_a_quiesce(void **state)
{
	struct h *h = h_new(NULL);
	s32 tokens;

	(void)state;
	limited_pair(h);
	tokens = h->nic->ctx[0].sched.rate.tokens;
	/* The clock does not move. */
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), 0);
	assert_int_equal(h->nic->ctx[0].tx_running, 0);
	assert_int_equal(fake_wire_pending(h->board), 0);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0), 0);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	assert_int_equal(h->nic->ctx[0].sched.rate.tokens, tokens);
	/* All of it goes, when it is due. */
	h_run_for(h, SECOND);
	assert_int_equal(fake_wire_pending(h->board), 20);
	assert_int_equal(h->nic->ctx[0].qp[1].queue[0].ring.cons, 1);
	h_check(h);
	h_free(h);
}

#define BIG		1514u

/* Fill the ring of a queue pair with large frames, and ring its mailbox. */
static void post_big(struct h *h, u32 qp)
{
	static u8 big[BIG];
	struct h_tx tx = { .data = big, .len = BIG };

	frame_plain(big, peer, h->ctx[0].mac, BIG, 0);
	while (h_tx_post(h, 0, qp, &tx))
		;
	h_ring(h, 0, qp, CDNA_DIR_TX);
}

/* Create, post, drain, destroy, again and again: as a guest may */
static void a_drain_is_no_way_around_a_limit(void **state)
{
	struct h_ring_spec tx = { .slots = 256 };
	struct h *h = h_new(NULL);
	u64 start, bytes = 0;
	u32 round;

	(void)state;
	h_ctx_up(h, 0);
	assert_int_equal(h_limits(h, 0, 10, 0), 0);
	start = h->board->now;
	for (round = 0; round < 40; round++) {
		assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &tx), 0);
		post_big(h, 0);
		h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_TX, NULL);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
		bytes += fake_wire_pending(h->board) * BIG;
		fake_wire_clear(h->board);
		h->board->now += 10 * MS;
	}
	/* The first burst comes on top. */
	assert_in_range(bytes, 10 * (h->board->now - start) / 8000 / 2,
			10 * (h->board->now - start) / 8000 +
			2 * FW_SCHED_QUANTUM + BIG);
	h_free(h);
}

/* Pause and resume, again and again: as a machine's process may */
static void a_quiesce_is_no_way_around_a_limit(void **state)
{
	struct h_ring_spec tx = { .slots = 256 };
	struct h *h = h_new(NULL);
	u64 start, bytes = 0;
	u32 round;

	(void)state;
	h_ctx_up(h, 0);
	assert_int_equal(h_limits(h, 0, 10, 0), 0);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &tx), 0);
	start = h->board->now;
	for (round = 0; round < 400; round++) {
		post_big(h, 0);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), 0);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0), 0);
		bytes += fake_wire_pending(h->board) * BIG;
		fake_wire_clear(h->board);
		h->board->now += MS;
	}
	/* The first burst comes on top, and all that is due is sent. */
	assert_in_range(bytes, 10 * (h->board->now - start) / 8000 - BIG,
			10 * (h->board->now - start) / 8000 +
			2 * FW_SCHED_QUANTUM + BIG);
	h_free(h);
}

/* Four queue pairs, all with more to send than the limit allows */
static void send_at_limit(struct h *h, u32 mbps, u64 *used)
{
	struct h_ring_spec tx = { .slots = 256 };
	u64 end = h->board->now + 40000 / mbps * MS;
	u32 qp;

	h_ctx_up(h, 0);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		assert_int_equal(h_queue_create(h, 0, qp, CDNA_DIR_TX, &tx),
				 0);
	assert_int_equal(h_limits(h, 0, mbps, 0), 0);
	while (h->board->now < end) {
		for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
			if (h_room(h, 0, qp, CDNA_DIR_TX) > 128)
				post_big(h, qp);
		}
		while (h_step(h))
			fake_wire_clear(h->board);
		fake_wire_clear(h->board);
		h->board->now = fw_nic_deadline(h->nic);
	}
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		used[qp] = h->nic->ctx[0].qp[qp].queue[0].ring.cons;
}

static void queue_pairs_take_turns_at_a_limit(void **state)
{
	static const u32 rates[] = { 10, 100, 1000, 10000 };
	u64 used[CDNA_MAX_QPS];
	u32 r, qp;

	(void)state;
	for (r = 0; r < FW_ARRAY_SIZE(rates); r++) {
		struct h *h = h_new(NULL);

		send_at_limit(h, rates[r], used);
		for (qp = 1; qp < CDNA_MAX_QPS; qp++)
			test_near(used[qp], used[0], 100);
		h_free(h);
	}
}

static void a_new_limit_counts_at_once(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	exhaust(h, 0, 1);
	post_one(h, 0, 1000);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	assert_int_equal(h_limits(h, 0, 0, 0), 0);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 1);
	h_free(h);
}

/* A device that is opened again and again sends what its limit allows, as any other. */
static void a_released_context_gets_no_burst(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	exhaust(h, 0, 1);
	for (i = 0; i < 20; i++) {
		h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0);
		h_up(h, 0);
		assert_int_equal(h_limits(h, 0, 1, 0), 0);
		post_one(h, 0, 1000);
		h_run(h);
		assert_int_equal(fake_wire_pending(h->board), 0);
	}
	h_free(h);
}

TEST_MAIN(
	TEST(rates_hold),
	TEST(deadlines_are_exact),
	TEST(the_first_deadline_counts),
	TEST(a_drain_ends_where_the_limit_does),
	TEST(a_limit_stays_after_a_quiesce),
	TEST(a_drain_is_no_way_around_a_limit),
	TEST(a_quiesce_is_no_way_around_a_limit),
	TEST(queue_pairs_take_turns_at_a_limit),
	TEST(a_new_limit_counts_at_once),
	TEST(a_released_context_gets_no_burst),
)
