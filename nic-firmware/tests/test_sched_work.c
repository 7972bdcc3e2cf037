// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work of the core is charged to who causes it (I8): whatever a neighbour does,
 * a bystander gets its part done.
 */
#include "neighbour.h"
#include "sched_load.h"
#include "traffic.h"

#define STEPS		400
/*
 * The least that a frame, a segment, a copy or a command costs is more than a
 * third of what a frame of the bystander costs.
 */
#define THIRDS		3

/* What the core has done for a neighbour, by the piece; bytes not counted */
static u64 pieces(const struct h *h, u64 commands)
{
	const struct fw_ctx *ctx = &h->nic->ctx[NEIGHBOUR_HOSTILE];

	return neighbour_sent(h, NEIGHBOUR_HOSTILE) + commands +
	       h->nic->stats[CDNA_NSTAT_SWITCHED] +
	       ctx->stats[CDNA_CSTAT_RX_FRAMES] +
	       ctx->stats[CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_BUFFER];
}

static void measure(enum neighbour_kind kind)
{
	struct h *h = neighbour_new(kind);
	u64 before, kept, taken;
	u32 i;

	before = h->nic->stats[CDNA_NSTAT_ADMIN_COMMANDS];
	for (i = 0; i < STEPS; i++) {
		neighbour_load(h, kind);
		h->board->now += 20000;
		assert_true(h_step(h));
	}
	kept = neighbour_sent(h, NEIGHBOUR_BYSTANDER);
	taken = pieces(h, h->nic->stats[CDNA_NSTAT_ADMIN_COMMANDS] - before);
	print_message("# %s: %llu pieces of work, and %llu frames beside\n",
		      neighbour_name[kind], (unsigned long long)taken,
		      (unsigned long long)kept);
	assert_true(taken > STEPS);
	assert_true(kept * THIRDS >= taken);
	h_check(h);
	h_free(h);
}

static void a_bystander_keeps_its_part(void **state)
{
	u32 kind;

	(void)state;
	for (kind = 0; kind < NEIGHBOUR_KINDS; kind++)
		measure(kind);
}

/* Keep two senders busy. Return: frames of each */
static void compete(struct h *h, struct traffic *t, u32 steps, u32 wire_in,
		    u64 *sent)
{
	u32 i;

	sent[0] = h->nic->ctx[0].qp[0].stats[CDNA_QSTAT_TX_FRAMES];
	sent[1] = h->nic->ctx[1].qp[0].stats[CDNA_QSTAT_TX_FRAMES];
	while (steps--) {
		for (i = 0; i < 2; i++)
			traffic_refill(h, &t[i]);
		traffic_from_wire(h, 0, wire_in, 1460);
		h_step(h);
		fake_wire_clear(h->board);
	}
	for (i = 0; i < 2; i++)
		sent[i] = h->nic->ctx[i].qp[0].stats[CDNA_QSTAT_TX_FRAMES] -
			  sent[i];
}

/* Half of what the core does it does for a receiver that sends as well. */
static void a_receiver_pays(void **state)
{
	struct h *h = h_new(NULL);
	struct traffic t[2];
	u64 sent[2];
	u32 i;

	(void)state;
	for (i = 0; i < 2; i++)
		traffic_up(h, &t[i], i, 1460);
	compete(h, t, 50, 0, sent);
	test_near(sent[0], sent[1], 50);
	compete(h, t, 200, 60, sent);
	/* 256 frames in a step: 158 and 98, that is 158 with 60 received */
	assert_true(sent[1] > sent[0]);
	test_near(sent[1] - sent[0], 200 * 60, 200);
	h_free(h);
}

/* Frames of a neighbour that the core had no more time for */
static u64 refused(enum neighbour_kind kind)
{
	struct h *h = neighbour_new(kind);
	u64 count;
	u32 i;

	for (i = 0; i < STEPS; i++) {
		neighbour_load(h, kind);
		h_step(h);
	}
	count = h->nic->ctx[NEIGHBOUR_HOSTILE]
			.stats[CDNA_CSTAT_DROP + CDNA_DROP_RX_BUSY];
	assert_int_equal(h->nic->ctx[NEIGHBOUR_BYSTANDER]
				 .stats[CDNA_CSTAT_DROP + CDNA_DROP_RX_BUSY], 0);
	h_free(h);
	return count;
}

/* Small buffers make a frame so much work that a context gets fewer. */
static void a_receiver_gets_its_part(void **state)
{
	(void)state;
	assert_true(refused(NEIGHBOUR_BUFFERS) > 0);
	assert_int_equal(refused(NEIGHBOUR_HONEST), 0);
}

/* While the core has time for all of them nobody owes anything. */
static void an_idle_core_charges_nothing(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = 0; i < 3000; i++) {
		h_rx_fill(h, 0, 0, 1, 2048);
		traffic_from_wire(h, 0, 1, 1460);
		h_run(h);
		h_rx_drain(h, 0, 0);
	}
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_RX_FRAMES], 3000);
	assert_int_equal(h->nic->ctx[0].work, 0);
	assert_int_equal(h->nic->ctx[0].sched.owed, 0);
	post_one(h, 0, 100);
	h_step(h);
	assert_int_equal(fake_wire_pending(h->board), 1);
	h_free(h);
}

/* Who owes as much as can be owed has its turn again after a bounded time. */
static void what_is_owed_is_bounded(void **state)
{
	struct h *h = h_new(NULL);
	struct traffic t[2];
	u64 sent[2];
	u32 steps = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 2; i++)
		traffic_up(h, &t[i], i, 1460);
	compete(h, t, 4, 0, sent);
	h->nic->ctx[0].work = FW_WORK_MAX;
	/* What is left of its turn */
	compete(h, t, 1, 0, sent);
	do {
		compete(h, t, 1, 0, sent);
		steps++;
	} while (!sent[0]);
	assert_in_range(steps, 1, FW_WORK_MAX / (1460 + FW_WORK_FRAME) /
				  FW_SCHED_FRAMES + 2);
	h_free(h);
}

TEST_MAIN(
	TEST(a_bystander_keeps_its_part),
	TEST(a_receiver_pays),
	TEST(a_receiver_gets_its_part),
	TEST(an_idle_core_charges_nothing),
	TEST(what_is_owed_is_bounded),
)
