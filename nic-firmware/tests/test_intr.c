// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: sources, moderation by time and by count, and re-arming.
 */
#include "control.h"

#define US	1000ull

static void rearm_with(struct h *h, u32 ctx, u32 qp, u32 event)
{
	fake_mbox_store(h->board, ctx, CDNA_MBOX(qp, CDNA_MBOX_REARM), event);
	h_run(h);
}

static u32 event_now(struct h *h, u32 ctx, u32 qp)
{
	struct cdna_qp_status status;

	h_status(h, ctx, qp, &status);
	return fw_le32(status.event);
}

static void transmit_and_receive_raise(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 3);
	send_run(h, 3);
	assert_int_equal(msis(h), 1);
	assert_true(h_bit_take(h, 3 * CDNA_MAX_QPS));
	h_rearm(h, 3, 0);
	h_rx_fill(h, 3, 0, 4, 2048);
	h_run(h);
	assert_int_equal(msis(h), 1);
	receive_one(h, 3);
	h_run(h);
	assert_int_equal(msis(h), 2);
	assert_true(h_bit_take(h, 3 * CDNA_MAX_QPS));
	assert_int_equal(ctx_stat(h, 3, CDNA_CSTAT_INTERRUPTS), 2);
	h_check(h);
	h_free(h);
}

static void source_is_any_bit(void **state)
{
	u32 last = FW_NR_SOURCES - 1;
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	assert_int_equal(h_bind(h, 0, 0, last), CDNA_SC_EXISTS);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_NOT_FOUND);
	assert_int_equal(h_bind(h, 0, 0, CDNA_MAX_QPS), CDNA_SC_EXISTS);
	assert_int_equal(h_bind(h, 0, 0, last + 1), CDNA_SC_BAD_PARAM);
	assert_int_equal(h_bind(h, 0, 0, 0xffffffff), CDNA_SC_BAD_PARAM);
	assert_int_equal(h_bind(h, 0, 0, last), CDNA_SC_OK);
	send_run(h, 0);
	assert_true(h_bit_take(h, last));
	assert_false(h_bit_take(h, 0));
	h_free(h);
}

/* News held back, and news that the old source may not have delivered */
static void another_source_tells_all(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	assert_int_equal(h_coalesce(h, 0, 0, 1000, 0), CDNA_SC_OK);
	send_run(h, 0);
	assert_int_equal(msis(h), 0);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(h_bind(h, 0, 0, 3), CDNA_SC_OK);
	h_run_for(h, 2000000);
	assert_int_equal(h_bits(h), 1);
	assert_true(h_bit_take(h, 3));
	/* It was raised, and is unbound before the driver has looked. */
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(h_bind(h, 0, 0, 4), CDNA_SC_OK);
	h_run_for(h, 2000000);
	assert_int_equal(h_bits(h), 1);
	assert_true(h_bit_take(h, 4));
	/* Nothing is news twice to a driver that has looked. */
	h_rearm(h, 0, 0);
	h_run(h);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(h_bind(h, 0, 0, 5), CDNA_SC_OK);
	h_run_for(h, 2000000);
	assert_int_equal(h_bits(h), 0);
	h_free(h);
}

static void without_source_nothing_is_raised(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_unbind(h, 0, 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 0);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	/* News that came before the source was bound is reported then. */
	assert_int_equal(h_bind(h, 0, 0, 5), CDNA_SC_OK);
	h_run(h);
	assert_true(h_bit_take(h, 5));
	h_free(h);
}

static void silent_until_armed_again(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = 0; i < 5; i++)
		send_run(h, 0);
	assert_int_equal(msis(h), 1);
	/* Nothing was missed: armed, and silent until there is news. */
	rearm_with(h, 0, 0, event_now(h, 0, 0));
	assert_int_equal(msis(h), 1);
	h_run_for(h, 1000 * US);
	assert_int_equal(msis(h), 1);
	send_run(h, 0);
	assert_int_equal(msis(h), 2);
	h_free(h);
}

static void news_between_look_and_arm(void **state)
{
	struct h *h = h_new(NULL);
	u32 seen;

	(void)state;
	h_up(h, 0);
	send_run(h, 0);
	seen = event_now(h, 0, 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 1);
	rearm_with(h, 0, 0, seen);
	assert_int_equal(msis(h), 2);
	h_free(h);
}

static void news_in_the_step_of_arming(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	send_run(h, 0);
	h_rearm(h, 0, 0);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(msis(h), 2);
	h_free(h);
}

static void loop_of_stale_rearms_is_no_storm(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	send_run(h, 0);
	h_bits(h);
	for (i = 0; i < 1000; i++)
		rearm_with(h, 0, 0, i * 0x9e3779b9u);
	assert_in_range(msis(h), 1, 2);
	/* And it is still armed. */
	send_run(h, 0);
	assert_in_range(msis(h), 2, 3);
	h_free(h);
}

static void moderated_by_time(void **state)
{
	struct h *h = h_new(NULL);
	u64 start;

	(void)state;
	h_up(h, 0);
	assert_int_equal(h_coalesce(h, 0, 0, 50, 0), CDNA_SC_OK);
	h->board->now += 1000 * US;
	start = h->board->now;
	send_run(h, 0);
	h->board->now += 20 * US;
	send_run(h, 0);
	assert_int_equal(msis(h), 0);
	assert_int_equal(fw_nic_deadline(h->nic), start + 50 * US);
	h->board->now = start + 50 * US - 1;
	h_run(h);
	assert_int_equal(msis(h), 0);
	h->board->now = start + 50 * US;
	h_run(h);
	assert_int_equal(msis(h), 1);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_INTERRUPTS_MODERATED), 1);
	h_free(h);
}

static void moderated_by_count(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	assert_int_equal(h_coalesce(h, 0, 0, 10000, 4), CDNA_SC_OK);
	for (i = 0; i < 3; i++)
		send_run(h, 0);
	assert_int_equal(msis(h), 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 1);
	/* The count starts again, and a re-arm does not lose it. */
	for (i = 0; i < 3; i++)
		send_run(h, 0);
	rearm_with(h, 0, 0, event_now(h, 0, 0) - 3);
	assert_int_equal(msis(h), 1);
	send_run(h, 0);
	assert_int_equal(msis(h), 2);
	h_free(h);
}

static void fault_is_not_moderated(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_coalesce(h, 0, 0, 10000, 4096);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 4097);
	h_run(h);
	assert_true(h_bit_take(h, 0));
	h_free(h);
}

/* What a quiesce leaves behind is reported with it, not when time is up. */
static void quiesce_ends_moderation(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_coalesce(h, 0, 0, 10000, 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 0);
	h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0);
	assert_int_equal(msis(h), 1);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	h_run_for(h, 20000 * US);
	assert_int_equal(msis(h), 1);
	h_free(h);
}

/* A fault's interrupt may come while the driver looks; its status after. */
static void fault_between_look_and_arm(void **state)
{
	struct h *h = h_new(NULL);
	u32 seen;

	(void)state;
	h_up(h, 0);
	send_run(h, 0);
	seen = event_now(h, 0, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 4097);
	h_run(h);
	assert_int_equal(msis(h), 2);
	rearm_with(h, 0, 0, seen);
	assert_int_equal(msis(h), 3);
	rearm_with(h, 0, 0, seen);
	assert_int_equal(msis(h), 3);
	h_free(h);
}

TEST_MAIN(
	TEST(transmit_and_receive_raise),
	TEST(source_is_any_bit),
	TEST(another_source_tells_all),
	TEST(without_source_nothing_is_raised),
	TEST(silent_until_armed_again),
	TEST(news_between_look_and_arm),
	TEST(news_in_the_step_of_arming),
	TEST(loop_of_stale_rearms_is_no_storm),
	TEST(moderated_by_time),
	TEST(moderated_by_count),
	TEST(fault_is_not_moderated),
	TEST(quiesce_ends_moderation),
	TEST(fault_between_look_and_arm),
)
