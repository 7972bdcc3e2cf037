// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who transmits next: bytes are divided evenly and work per step is bounded
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
		test_near(bytes[i], bytes[0], 20);
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
	test_near(bytes[1], bytes[0], 20);
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
	test_near(bytes[1], bytes[0], 20);
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
	test_near(junk * FW_ETH_MIN, bytes[0], 30);
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

TEST_MAIN(
	TEST(bytes_are_divided_evenly),
	TEST(what_was_too_much_is_missing_later),
	TEST(queues_share_their_contexts_part),
	TEST(junk_is_not_cheap),
	TEST(a_step_is_bounded),
	TEST(an_interrupted_turn_goes_on),
)
