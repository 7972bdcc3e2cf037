// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that wants an interrupt for each frame does not decide how often the
 * host is interrupted (I8), and no bit is lost (I7).
 */
#include "control.h"

#define US		1000ull
#define MS		1000000ull
#define NO_CONTEXT	0

static u32 throttle(struct h *h, u32 usecs, u32 burst)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SET_THROTTLE, NO_CONTEXT);
	cmd.throttle.usecs = fw_to_le32(usecs);
	cmd.throttle.burst = fw_to_le32(burst);
	return h_admin(h, &cmd, NULL);
}

/* Eight queue pairs without moderation, each with a source of its own */
static struct h *eager(void)
{
	struct h *h = h_new(NULL);
	u32 qp;

	h_ctx_up(h, 0);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		h_qp_up(h, 0, qp, 0, 0);
	return h;
}

/* A frame of each queue pair, one every @ns, for @count of them */
static u32 interrupts(struct h *h, u32 count, u64 ns)
{
	static const u8 frame[64];
	u32 before = msis(h);
	u32 i, qp;

	for (i = 0; i < count; i++) {
		qp = i % CDNA_MAX_QPS;
		h_tx_send(h, 0, qp, frame, sizeof(frame));
		h_run_for(h, ns);
		/* A driver that asks for the next one immediately */
		h_rearm(h, 0, qp);
		h_run(h);
		h_bits(h);
		fake_wire_clear(h->board);
	}
	return msis(h) - before;
}

static void every_frame_without_it(void **state)
{
	struct h *h = eager();

	(void)state;
	assert_int_equal(interrupts(h, 800, US), 800);
	h_free(h);
}

static void at_most_one_in_that_time(void **state)
{
	static const u32 usecs[] = { 10, 20, 50 };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(usecs); i++) {
		struct h *h = eager();
		u32 count;

		assert_int_equal(throttle(h, usecs[i], 4), CDNA_SC_OK);
		count = interrupts(h, 2000, US);
		assert_in_range(count, 2000 / usecs[i] - 1,
				2000 / usecs[i] + 5);
		h_check(h);
		h_free(h);
	}
}

/* Who waits for an answer before the next question is not held back. */
static void seldom_ones_do_not_wait(void **state)
{
	struct h *h = eager();

	(void)state;
	assert_int_equal(throttle(h, 20, 32), CDNA_SC_OK);
	assert_int_equal(interrupts(h, 200, 21 * US), 200);
	/* A burst, too, as long as the average is kept */
	h_run_for(h, MS);
	assert_int_equal(interrupts(h, 32, 0), 32);
	assert_int_equal(interrupts(h, 1, 0), 0);
	h_free(h);
}

/* What was held back comes when it is due, and the NIC knows when that is. */
static void none_is_lost(void **state)
{
	static const u8 frame[64];
	struct h *h = eager();
	u32 qp, before;
	u64 when;

	(void)state;
	assert_int_equal(throttle(h, 100, 1), CDNA_SC_OK);
	assert_int_equal(interrupts(h, 1, 0), 1);
	h_bits(h);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		h_bit_take(h, qp);
	before = msis(h);
	for (qp = 1; qp < CDNA_MAX_QPS; qp++)
		h_tx_send(h, 0, qp, frame, sizeof(frame));
	h_run(h);
	when = fw_nic_deadline(h->nic);
	assert_in_range(when, h->board->now + 99 * US,
			h->board->now + 101 * US);
	h->board->now = when - 1;
	h_run(h);
	assert_int_equal(msis(h), before);
	h->board->now = when;
	h_run(h);
	assert_int_equal(msis(h), before + 1);
	h_bits(h);
	for (qp = 1; qp < CDNA_MAX_QPS; qp++)
		assert_true(h_bit_take(h, qp));
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	h_check(h);
	h_free(h);
}

/* With 0 nothing is held back any longer, and a reset forgets the bound. */
static void it_can_be_taken_away(void **state)
{
	struct h *h = eager();

	(void)state;
	assert_int_equal(throttle(h, CDNA_MAX_COALESCE_USECS, 1), CDNA_SC_OK);
	assert_in_range(interrupts(h, 100, US), 1, 1);
	assert_int_equal(throttle(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(interrupts(h, 100, US), 100);
	assert_int_equal(throttle(h, 10, 1), CDNA_SC_OK);
	fw_nic_reset(h->nic);
	assert_int_equal(h->nic->bitvec.throttle.rate, 0);
	h_free(h);
}

TEST_MAIN(
	TEST(every_frame_without_it),
	TEST(at_most_one_in_that_time),
	TEST(seldom_ones_do_not_wait),
	TEST(none_is_lost),
	TEST(it_can_be_taken_away),
)
