// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who transmits next: bytes are divided evenly, rates hold, work per step is
 * bounded, and nobody who waits is forgotten (paper 3.1, I8).
 */
#include "test.h"
#include "traffic.h"

#define MS		1000000ull
#define SECOND		1000000000ull

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };

/* @a is within @permille of @b. */
static void near(u64 a, u64 b, u32 permille)
{
	u64 off = a > b ? a - b : b - a;

	if (off * 1000 > b * permille)
		fail_msg("%llu is too far from %llu", (unsigned long long)a,
			 (unsigned long long)b);
}

/* Keep senders busy for some steps. */
static void compete(struct h *h, struct traffic *t, u32 n, u32 steps,
		    u64 *bytes)
{
	u32 i;

	while (steps--) {
		for (i = 0; i < n; i++)
			traffic_refill(h, &t[i]);
		h->board->now += 10000;
		h_step(h);
		traffic_sent(h, bytes);
	}
}

static void bytes_are_divided_evenly(void **state)
{
	static const u32 payload[] = { TRAFFIC_SMALL, TRAFFIC_SUPER, 1460, 500,
				       TRAFFIC_SMALL, TRAFFIC_SUPER };
	const u32 n = FW_ARRAY_SIZE(payload);
	struct h *h = h_new(NULL);
	struct traffic t[FW_ARRAY_SIZE(payload)];
	u64 bytes[256] = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < n; i++)
		traffic_up(h, &t[i], i, payload[i]);
	compete(h, t, n, 500, bytes);
	for (i = 1; i < n; i++)
		near(bytes[i], bytes[0], 20);
	h_check(h);
	h_free(h);
}

/* Two frames of 9014 bytes are a tenth too much: the next turn has less. */
static void what_was_too_much_is_missing_later(void **state)
{
	struct h_config config = { .mtu = CDNA_MAX_MTU };
	struct h_ring_spec spec = { .slots = 512 };
	struct h *h = h_new(&config);
	u64 bytes[256] = { 0 };
	static u8 frame[9014];
	u32 ctx, i;

	(void)state;
	for (ctx = 0; ctx < 2; ctx++) {
		h_ctx_up(h, ctx);
		assert_int_equal(h_queue_create(h, ctx, 0, CDNA_DIR_TX, &spec),
				 0);
	}
	for (i = 0; i < 300; i++) {
		for (ctx = 0; ctx < 2; ctx++) {
			struct h_tx tx = { .data = frame,
					   .len = ctx ? sizeof(frame) : 64 };

			frame_plain(frame, peer, h->ctx[ctx].mac, tx.len, 0);
			while (h_tx_post(h, ctx, 0, &tx))
				;
			h_ring(h, ctx, 0, CDNA_DIR_TX);
		}
		h_step(h);
		traffic_sent(h, bytes);
	}
	near(bytes[1], bytes[0], 20);
	h_free(h);
}

/* Eight queues are not eight contexts. */
static void queues_share_their_contexts_part(void **state)
{
	struct h_ring_spec spec = { .slots = 64 };
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	u64 qp_bytes;
	struct traffic t;
	u8 frame[200];
	u32 i, qp;

	(void)state;
	traffic_up(h, &t, 0, TRAFFIC_SUPER);
	h_ctx_up(h, 1);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		assert_int_equal(h_queue_create(h, 1, qp, CDNA_DIR_TX, &spec),
				 0);
	for (i = 0; i < 250; i++) {
		traffic_refill(h, &t);
		for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
			u32 len = qp % 2 ? 200 : 64;
			struct h_tx tx = { .data = frame, .len = len };

			frame_plain(frame, peer, h->ctx[1].mac, len, qp);
			while (h_tx_post(h, 1, qp, &tx))
				;
			h_ring(h, 1, qp, CDNA_DIR_TX);
		}
		h_step(h);
		traffic_sent(h, bytes);
	}
	near(bytes[1], bytes[0], 20);
	qp_bytes = h->nic->ctx[1].qp[0].stats[CDNA_QSTAT_TX_BYTES];
	assert_true(qp_bytes > 0);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		assert_true(h->nic->ctx[1].qp[qp].stats[CDNA_QSTAT_TX_BYTES] >
			    bytes[1] / 50);
	h_free(h);
}

/* Tiny frames that are dropped cost as much of a turn as those that go. */
static void junk_is_not_cheap(void **state)
{
	struct h_ring_spec spec = { .slots = 4096 };
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic t;
	u64 junk;
	u32 i;

	(void)state;
	traffic_up(h, &t, 0, 1460);
	h_ctx_up(h, 1);
	assert_int_equal(h_queue_create(h, 1, 0, CDNA_DIR_TX, &spec), 0);
	for (i = 0; i < 250; i++) {
		struct fw_desc desc = {
			.addr = h->ctx[1].qp[0].queue[0].buffer, .len = 1,
			.flags = CDNA_DESC_EOP,
		};

		while (h_room(h, 1, 0, CDNA_DIR_TX))
			h_post(h, 1, 0, CDNA_DIR_TX, &desc);
		h_ring(h, 1, 0, CDNA_DIR_TX);
		traffic_refill(h, &t);
		h_step(h);
		traffic_sent(h, bytes);
	}
	junk = h->nic->ctx[1].qp[0].stats[CDNA_QSTAT_TX_FRAMES];
	near(junk * FW_ETH_MIN, bytes[0], 30);
	h_free(h);
}

static void a_step_is_bounded(void **state)
{
	struct h *h = h_new(NULL);
	struct traffic t[3];
	u64 sent = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++)
		traffic_up(h, &t[i], i, i == 1 ? TRAFFIC_SUPER : TRAFFIC_SMALL);
	for (i = 0; i < 40; i++) {
		u32 k;

		for (k = 0; k < 3; k++)
			traffic_refill(h, &t[k]);
		assert_true(h_step(h));
		assert_true(h->board->sent - sent <= FW_SCHED_FRAMES);
		assert_true(h->board->sent - sent > 0);
		sent = h->board->sent;
		fake_wire_clear(h->board);
	}
	h_free(h);
}

/* The frame bound ends a step in the middle of a turn, not the turn. */
static void an_interrupted_turn_goes_on(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_sched_entry *entry = &h->nic->ctx[0].sched;
	struct traffic t[2];
	s32 deficit;

	(void)state;
	traffic_up(h, &t[0], 0, 1);
	traffic_up(h, &t[1], 1, 1);
	traffic_refill(h, &t[0]);
	traffic_refill(h, &t[1]);
	/* Frames of 60 bytes: 274 make a turn, 256 a step. */
	h_step(h);
	assert_ptr_equal(h->nic->sched.active.head, &h->nic->ctx[0]);
	assert_true(entry->in_turn);
	deficit = entry->deficit;
	assert_int_equal(deficit, FW_SCHED_QUANTUM - 256 * 60);
	h_step(h);
	assert_false(entry->in_turn);
	assert_int_equal(entry->deficit, deficit - 18 * 60);
	assert_int_equal(h->nic->ctx[0].qp[0].stats[CDNA_QSTAT_TX_FRAMES],
			 274);
	assert_int_equal(h->nic->ctx[1].qp[0].stats[CDNA_QSTAT_TX_FRAMES],
			 512 - 274);
	h_free(h);
}

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
		near(at_rate(cases[i].mbps, cases[i].payload, cases[i].ns),
		     cases[i].mbps * cases[i].ns / 8000, 20);
}

static void post_one(struct h *h, u32 ctx, u32 len)
{
	u8 frame[2000];

	frame_plain(frame, peer, h->ctx[ctx].mac, len, 0);
	h_tx_send(h, ctx, 0, frame, len);
}

/* Use up the burst of a limit. */
static void exhaust(struct h *h, u32 ctx, u32 mbps)
{
	assert_int_equal(h_limits(h, ctx, mbps, 0), 0);
	while (h->nic->ctx[ctx].sched.rate.tokens > 0) {
		post_one(h, ctx, 1514);
		h_run(h);
	}
	fake_wire_clear(h->board);
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

/* The first one to be due decides, whoever began to wait first. */
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

static void a_drain_does_not_wait(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_queue_info info;
	static const u8 frame[64];
	u32 i;

	(void)state;
	h_ctx_up(h, 0);
	h_qp_up(h, 0, 0, 0, 0);
	h_qp_up(h, 0, 1, 0, 0);
	exhaust(h, 0, 1);
	for (i = 0; i < 20; i++)
		post_one(h, 0, 1514);
	h_tx_send(h, 0, 1, frame, sizeof(frame));
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	/* The clock stands. The other queue still waits. */
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), 0);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(info.prod, info.cons);
	assert_int_equal(fake_wire_pending(h->board), 20);
	assert_int_equal(h->nic->ctx[0].qp[1].queue[0].ring.cons, 0);
	assert_int_equal(h->nic->ctx[0].sched.where, FW_SCHED_LIMITED);
	h_free(h);
}

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
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), 0);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), 1);
	assert_int_equal(fw_le32(info.prod), 2);
	h_free(h);
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

/* Packet memory taken away and given back: all who starved go on. */
static void the_starved_are_woken(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_frame hog[64];
	u32 i, n = 0;

	(void)state;
	for (i = 0; i < 10; i++)
		h_up(h, i);
	while (fw_pool_alloc(h->nic, FW_BUDGET_TX, 20, 65000, &hog[n]))
		n++;
	while (fw_pool_alloc(h->nic, FW_BUDGET_TX, 20, 64, &hog[n]))
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
	assert_int_equal(h_ctx_op(h, CDNA_ADMIN_CTX_REVOKE, 4), 0);
	assert_int_equal(h->nic->pool.nr_waiting[FW_BUDGET_TX], 9);
	fw_pool_free(h->nic, &hog[--n]);
	assert_int_equal(fw_sched_deadline(h->nic), h->nic->now);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 9);
	assert_int_equal(h->nic->pool.nr_waiting[FW_BUDGET_TX], 0);
	while (n)
		fw_pool_free(h->nic, &hog[--n]);
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
	while (fw_pool_alloc(h->nic, FW_BUDGET_TX, 20, 64, &hog[n]))
		n++;
	frame_plain(large, peer, h->ctx[0].mac, sizeof(large), 0);
	h_tx_send(h, 0, 0, large, sizeof(large));
	h_run(h);
	post_one(h, 1, 100);
	post_one(h, 2, 100);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 0);
	fw_pool_free(h->nic, &hog[--n]);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 2);
	for (i = 0; i < 4; i++)
		fw_pool_free(h->nic, &hog[--n]);
	h_run(h);
	assert_int_equal(fake_wire_pending(h->board), 3);
	while (n)
		fw_pool_free(h->nic, &hog[--n]);
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
			assert_int_equal(h_ctx_op(h, CDNA_ADMIN_CTX_REVOKE, i),
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
	TEST(bytes_are_divided_evenly),
	TEST(what_was_too_much_is_missing_later),
	TEST(queues_share_their_contexts_part),
	TEST(junk_is_not_cheap),
	TEST(a_step_is_bounded),
	TEST(an_interrupted_turn_goes_on),
	TEST(rates_hold),
	TEST(deadlines_are_exact),
	TEST(the_first_deadline_counts),
	TEST(a_drain_does_not_wait),
	TEST(a_drain_leaves_half_a_frame),
	TEST(a_new_limit_counts_at_once),
	TEST(the_starved_are_woken),
	TEST(a_large_frame_starves_alone),
	TEST(anyone_may_leave),
)
