// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who transmits next: what the core does is divided evenly, and bounded in a step
 * (paper 3.1, I8).
 */
#include "sched_load.h"
#include "traffic.h"

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

static void work_is_divided_evenly(void **state)
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
		test_near(charged(h, i, bytes[i]), charged(h, 0, bytes[0]), 20);
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
	test_near(charged(h, 1, bytes[1]), charged(h, 0, bytes[0]), 20);
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
	test_near(charged(h, 1, bytes[1]), charged(h, 0, bytes[0]), 20);
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
	test_near(charged(h, 1, junk * FW_ETH_MIN), charged(h, 0, bytes[0]), 30);
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

/**
 * struct model - deficit round robin of two contexts with equal frames
 * @deficit: of each
 * @sent: frames of each
 * @turn: whose turn it is
 * @in_turn: it has begun
 */
struct model {
	s32 deficit[2];
	u64 sent[2];
	u32 turn;
	bool in_turn;
};

/* The frame bound ends a step in the middle of a turn, not the turn. */
static void model_step(struct model *m, s32 cost)
{
	u32 budget = FW_SCHED_FRAMES;

	while (budget) {
		if (!m->in_turn)
			m->deficit[m->turn] += FW_SCHED_QUANTUM;
		m->in_turn = true;
		while (budget && m->deficit[m->turn] > 0) {
			m->deficit[m->turn] -= cost;
			m->sent[m->turn]++;
			budget--;
		}
		if (m->deficit[m->turn] <= 0) {
			m->in_turn = false;
			m->turn ^= 1;
		}
	}
}

static void fill(struct h *h, u32 ctx, u32 len, u32 pieces)
{
	u8 frame[2000];
	struct h_tx tx = { .data = frame, .len = len, .pieces = pieces };

	frame_plain(frame, peer, h->ctx[ctx].mac, len, 0);
	while (h_tx_post(h, ctx, 0, &tx))
		;
	h_ring(h, ctx, 0, CDNA_DIR_TX);
}

static void follow_model(u32 len, u32 pieces)
{
	s32 cost = (s32)(len + FW_WORK_FRAME + pieces * FW_WORK_DESC);
	struct h_ring_spec spec = { .slots = 2048 };
	struct h *h = h_new(NULL);
	struct model m = { 0 };
	u32 i, ctx;

	for (ctx = 0; ctx < 2; ctx++) {
		h_ctx_up(h, ctx);
		assert_int_equal(h_queue_create(h, ctx, 0, CDNA_DIR_TX, &spec),
				 0);
	}
	for (i = 0; i < 8; i++) {
		for (ctx = 0; ctx < 2; ctx++)
			fill(h, ctx, len, pieces);
		/* What it cost to set them up is not part of the model. */
		for (ctx = 0; ctx < 2 && !i; ctx++)
			h->nic->ctx[ctx].work = 0;
		h->nic->sched.spare = false;
		h_step(h);
		fake_wire_clear(h->board);
		model_step(&m, cost);
		for (ctx = 0; ctx < 2; ctx++)
			assert_int_equal(h->nic->ctx[ctx].qp[0]
						 .stats[CDNA_QSTAT_TX_FRAMES],
					 m.sent[ctx]);
	}
	assert_int_equal(h->nic->sched.active.head->id, m.turn);
	assert_int_equal(h->nic->ctx[m.turn].sched.in_turn, m.in_turn);
	assert_int_equal(h->nic->ctx[m.turn].sched.deficit,
			 m.deficit[m.turn]);
	h_free(h);
}

static void turns_follow_a_model(void **state)
{
	(void)state;
	follow_model(60, 1);
	follow_model(1514, 1);
	follow_model(1000, 4);
}

TEST_MAIN(
	TEST(work_is_divided_evenly),
	TEST(what_was_too_much_is_missing_later),
	TEST(queues_share_their_contexts_part),
	TEST(junk_is_not_cheap),
	TEST(a_step_is_bounded),
	TEST(turns_follow_a_model),
)
