// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: sources, moderation by time and by count, re-arming, and bit
 * vectors that lose no bit when their ring is full (I7).
 */
#include "control.h"

#define US	1000ull

static u32 msis(const struct h *h)
{
	return h->board->raised[CDNA_VECTOR_BITVEC];
}

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

static void send_run(struct h *h, u32 ctx)
{
	send_one(h, ctx, 0);
	h_run(h);
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
	assert_int_equal(h_bind(h, 0, 0, last), CDNA_ADMIN_EXISTS);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_ADMIN_OK);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_ADMIN_NOT_FOUND);
	assert_int_equal(h_bind(h, 0, 0, CDNA_MAX_QPS), CDNA_ADMIN_EXISTS);
	assert_int_equal(h_bind(h, 0, 0, last + 1), CDNA_ADMIN_BAD_PARAM);
	assert_int_equal(h_bind(h, 0, 0, 0xffffffff), CDNA_ADMIN_BAD_PARAM);
	assert_int_equal(h_bind(h, 0, 0, last), CDNA_ADMIN_OK);
	send_run(h, 0);
	assert_true(h_bit_take(h, last));
	assert_false(h_bit_take(h, 0));
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
	/* News that came before the source was bound is told then. */
	assert_int_equal(h_bind(h, 0, 0, 5), CDNA_ADMIN_OK);
	h_run(h);
	assert_true(h_bit_take(h, 5));
	h_free(h);
}

static void unbind_drops_what_is_pending(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < 6; i++) {
		h_up(h, i);
		send_run(h, i);
	}
	assert_int_equal(msis(h), 4);
	h_unbind(h, 4, 0);
	h_bits(h);
	h_run(h);
	h_bits(h);
	assert_false(h_bit_take(h, 4 * CDNA_MAX_QPS));
	assert_true(h_bit_take(h, 5 * CDNA_MAX_QPS));
	h_free(h);
}

/* The only bit that waits goes: no vector is written for nothing. */
static void no_empty_vectors(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < 5; i++) {
		h_up(h, i);
		send_run(h, i);
	}
	h_ctx_op(h, CDNA_ADMIN_CTX_REVOKE, 4);
	assert_int_equal(h_bits(h), 4);
	h_run(h);
	assert_int_equal(h_bits(h), 0);
	assert_int_equal(msis(h), 4);
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
	assert_int_equal(h_coalesce(h, 0, 0, 50, 0), CDNA_ADMIN_OK);
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
	assert_int_equal(h_coalesce(h, 0, 0, 10000, 4), CDNA_ADMIN_OK);
	for (i = 0; i < 3; i++)
		send_run(h, 0);
	assert_int_equal(msis(h), 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 1);
	/* The count starts anew, and a re-arm does not lose it. */
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

/* What a quiesce leaves behind is told with it, not when time is up. */
static void quiesce_ends_moderation(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_coalesce(h, 0, 0, 10000, 0);
	send_run(h, 0);
	assert_int_equal(msis(h), 0);
	h_ctx_op(h, CDNA_ADMIN_CTX_QUIESCE, 0);
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

static void full_ring_gathers(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < 16; i++) {
		h_up(h, i);
		send_run(h, i);
	}
	assert_int_equal(msis(h), 4);
	assert_int_equal(nic_stat(h, CDNA_NSTAT_BITVECS), 4);
	assert_int_equal(nic_stat(h, CDNA_NSTAT_BITVECS_COALESCED), 1);
	assert_int_equal(h_bits(h), 4);
	h_run(h);
	assert_int_equal(msis(h), 5);
	assert_int_equal(h_bits(h), 1);
	for (i = 0; i < 16; i++)
		assert_true(h_bit_take(h, i * CDNA_MAX_QPS));
	h_free(h);
}

#define DRIVERS	12u

/**
 * struct drivers - drivers of contexts that re-arm only when they were told
 * @told: vectors that had the bit of each
 * @owes: each was told and has not armed again
 */
struct drivers {
	u64 told[DRIVERS];
	bool owes[DRIVERS];
};

/* A slow host: take some slots but not all. */
static void consume(struct h *h, struct drivers *drivers, u32 slots)
{
	const struct cdna_ring_header *header =
		fake_ptr(h->board, h->bitvec.addr);
	const __le64 *words;
	u32 bit;
	u32 i;

	while (slots-- && h->bitvec.cons != fw_le32(header->prod)) {
		words = fake_ptr(h->board, h->bitvec.addr + sizeof(*header) +
				 h->bitvec.cons++ % h->bitvec.slots *
				 h->bitvec.bytes);
		for (i = 0; i < DRIVERS; i++) {
			bit = i * CDNA_MAX_QPS;
			if (fw_le64(words[bit / 64]) >> bit % 64 & 1) {
				assert_false(drivers->owes[i]);
				drivers->owes[i] = true;
				drivers->told[i]++;
			}
		}
	}
	mgmt_store(h, CDNA_MGMT_MBOX_BITVEC_CONS, h->bitvec.cons);
}

static void rearm_some(struct h *h, struct drivers *drivers,
		       struct prng *prng)
{
	u32 n = prng_below(prng, DRIVERS);

	if (drivers->owes[n]) {
		drivers->owes[n] = false;
		h_rearm(h, n, 0);
	}
}

static void wrap_soon(struct h *h, u32 index)
{
	struct cdna_ring_header *header = fake_ptr(h->board, h->bitvec.addr);

	h->nic->intr.ring.prod = index;
	h->nic->intr.ring.cons = index;
	h->bitvec.cons = index;
	header->prod = fw_to_le32(index);
}

/*
 * Random transmissions against a slow host, the ring's indices passing 2^32.
 * A driver arms again only when it was told, so that each interrupt is one
 * bit in one vector: not one less (I7), and none that was not raised.
 */
static void no_bit_is_lost(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	struct drivers drivers = { 0 };
	struct prng prng;
	u32 i;
	u32 n;

	(void)state;
	prng_seed(&prng, __func__);
	wrap_soon(h, 0xffffff80);
	for (n = 0; n < DRIVERS; n++)
		h_up(h, n);
	for (i = 0; i < 5000; i++) {
		n = prng_below(&prng, DRIVERS);
		if (h_room(h, n, 0, CDNA_DIR_TX))
			send_one(h, n, 0);
		h_step(h);
		if (!prng_below(&prng, 4))
			consume(h, &drivers, prng_below(&prng, 4));
		rearm_some(h, &drivers, &prng);
	}
	for (i = 0; i < 4; i++) {
		h_run(h);
		consume(h, &drivers, 4);
	}
	assert_true(nic_stat(h, CDNA_NSTAT_BITVECS_COALESCED) > 10);
	assert_true(h->bitvec.cons < 0x80000000);
	for (n = 0; n < DRIVERS; n++) {
		assert_true(drivers.told[n] > 10);
		assert_int_equal(drivers.told[n],
				 ctx_stat(h, n, CDNA_CSTAT_INTERRUPTS));
	}
	h_check(h);
	h_free(h);
}

static void unreachable_ring_keeps_bits(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++)
		h_up(h, i);
	fake_hole_add(h->board, h->bitvec.addr, 4096, false, true);
	for (i = 0; i < 3; i++)
		send_run(h, i);
	assert_int_equal(msis(h), 0);
	assert_true(nic_stat(h, CDNA_NSTAT_HOST_DMA_ERRORS) >= 3);
	/* It is tried again by and by, with nothing else to do. */
	assert_int_equal(fw_nic_deadline(h->nic),
			 h->board->now + FW_HOST_RETRY_NS);
	fake_holes_clear(h->board);
	h_run_for(h, FW_HOST_RETRY_NS);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	assert_int_equal(msis(h), 1);
	for (i = 0; i < 3; i++)
		assert_true(h_bit_take(h, i * CDNA_MAX_QPS));
	h_free(h);
}

TEST_MAIN(
	TEST(transmit_and_receive_raise),
	TEST(source_is_any_bit),
	TEST(without_source_nothing_is_raised),
	TEST(unbind_drops_what_is_pending),
	TEST(no_empty_vectors),
	TEST(silent_until_armed_again),
	TEST(news_between_look_and_arm),
	TEST(news_in_the_step_of_arming),
	TEST(loop_of_stale_rearms_is_no_storm),
	TEST(moderated_by_time),
	TEST(moderated_by_count),
	TEST(fault_is_not_moderated),
	TEST(quiesce_ends_moderation),
	TEST(fault_between_look_and_arm),
	TEST(full_ring_gathers),
	TEST(no_bit_is_lost),
	TEST(unreachable_ring_keeps_bits),
)
