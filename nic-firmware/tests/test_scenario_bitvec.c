// SPDX-License-Identifier: GPL-2.0-only
/*
 * I7: no interrupt is lost, no slot is overwritten before it is consumed, a
 * full ring coalesces; and one interrupt carries the news of many contexts
 * (paper 3.2).
 */
#include "test.h"

static const u8 peer[6] = { 0x02, 0, 0, 0, 0, 0x99 };

static void contexts_up(struct h *h, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		h_ctx_up(h, i);
		h_qp_up(h, i, 0, 0, 0);
		h_rx_fill(h, i, 0, 200, 256);
	}
	h_run(h);
	h_bits(h);
	memset(h->bits, 0, sizeof(h->bits));
}

static void frame_for(struct h *h, u32 ctx)
{
	u8 frame[100];
	u8 mac[6];

	h_mac(mac, ctx);
	frame_plain(frame, mac, peer, sizeof(frame), ctx);
	assert_true(fake_wire_push(h->board, frame, sizeof(frame)));
}

static u32 bits_set(const struct h *h)
{
	u32 count = 0;
	u32 i;

	for (i = 0; i < FW_BITVEC_WORDS; i++)
		count += (u32)__builtin_popcountll(h->bits[i]);
	return count;
}

/* News of all contexts in one step: one slot, one interrupt */
static void one_interrupt_for_all(void **state)
{
	struct h *h = h_new(NULL);
	u32 raised;
	u32 i;

	(void)state;
	contexts_up(h, 32);
	raised = h->board->raised[CDNA_VECTOR_BITVEC];
	for (i = 0; i < 32; i++)
		frame_for(h, i);
	h_run(h);
	assert_int_equal(h_bits(h), 1);
	assert_int_equal(bits_set(h), 32);
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], raised + 1);
	h_free(h);
}

/* A host that does not consume: the ring stays as it is, bits gather. */
static void full_ring_coalesces(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	u32 slot_bytes = FW_BITVEC_WORDS * 8;
	u8 before[4 * FW_BITVEC_WORDS * 8];
	u32 i;

	(void)state;
	contexts_up(h, 32);
	for (i = 0; i < 4; i++) {
		frame_for(h, i);
		h_run(h);
	}
	memcpy(before, fake_ptr(h->board, h->bitvec.addr + 64), 4 * slot_bytes);
	for (i = 4; i < 32; i++) {
		frame_for(h, i);
		h_run(h);
	}
	assert_memory_equal(before, fake_ptr(h->board, h->bitvec.addr + 64),
			    4 * slot_bytes);
	assert_true(h->nic->stats[CDNA_NSTAT_BITVECS_COALESCED] > 0);
	assert_int_equal(h_bits(h), 4);
	assert_int_equal(bits_set(h), 4);
	h_run(h);
	/* All that was held back, in one slot */
	assert_int_equal(h_bits(h), 1);
	assert_int_equal(bits_set(h), 32);
	h_free(h);
}

/*
 * Random news, re-arms and consumption: a pair that is armed and has news that
 * were not reported gets its bit, always.
 */
static void no_bit_is_lost(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	struct h *h = h_new(&config);
	struct prng prng;
	u32 got[32] = { 0 };
	u32 sent[32] = { 0 };
	u32 step;
	u32 i;

	(void)state;
	prng_seed(&prng, "no_bit_is_lost");
	contexts_up(h, 32);
	for (i = 0; i < 32; i++)
		h_coalesce(h, i, 0, prng_below(&prng, 3) * 20,
			   prng_below(&prng, 4));
	for (step = 0; step < 20000; step++) {
		i = prng_below(&prng, 32);
		if (sent[i] - got[i] < 100) {
			frame_for(h, i);
			sent[i]++;
		}
		h_step(h);
		h->board->now += prng_below(&prng, 10000);
		if (prng_below(&prng, 8))
			continue;
		/* The driver: bit, re-arm after looking, look again. */
		h_bits(h);
		for (i = 0; i < 32; i++) {
			if (!h_bit_take(h, i * CDNA_MAX_QPS))
				continue;
			got[i] += h_rx_drain(h, i, 0);
			h_rx_fill(h, i, 0, h_room(h, i, 0, CDNA_DIR_RX), 256);
			h_rearm(h, i, 0);
		}
	}
	for (step = 0; step < 3; step++) {
		h_run_for(h, 1000000);
		h_bits(h);
		for (i = 0; i < 32; i++)
			if (h_bit_take(h, i * CDNA_MAX_QPS)) {
				got[i] += h_rx_drain(h, i, 0);
				h_rearm(h, i, 0);
			}
	}
	for (i = 0; i < 32; i++)
		assert_int_equal(got[i], sent[i]);
	h_check(h);
	h_free(h);
}

/* News between the driver's last look and its re-arm raises immediately. */
static void rearm_closes_the_race(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_qp_status status;

	(void)state;
	contexts_up(h, 1);
	frame_for(h, 0);
	h_run(h);
	assert_true(h_bit_take(h, 0));
	h_status(h, 0, 0, &status);
	frame_for(h, 0);
	h_run(h);
	/* Not armed: silence, however much there is. */
	assert_false(h_bit_take(h, 0));
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_REARM),
			fw_le32(status.event));
	h_run(h);
	assert_true(h_bit_take(h, 0));
	/* Seen all: nothing to tell. */
	h_rearm(h, 0, 0);
	h_run(h);
	assert_false(h_bit_take(h, 0));
	h_free(h);
}

/* Time and count of moderation, by the clock */
static void moderation_bounds_the_wait(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	contexts_up(h, 1);
	assert_int_equal(h_coalesce(h, 0, 0, 100, 5), CDNA_SC_OK);
	frame_for(h, 0);
	h_run(h);
	h_run_for(h, 99000);
	assert_false(h_bit_take(h, 0));
	h_run_for(h, 2000);
	assert_true(h_bit_take(h, 0));
	h_rearm(h, 0, 0);
	h_run(h);
	for (i = 0; i < 5; i++) {
		assert_false(h_bit_take(h, 0));
		frame_for(h, 0);
		h_run(h);
	}
	assert_true(h_bit_take(h, 0));
	h_free(h);
}

TEST_MAIN(
	TEST(one_interrupt_for_all),
	TEST(full_ring_coalesces),
	TEST(no_bit_is_lost),
	TEST(rearm_closes_the_race),
	TEST(moderation_bounds_the_wait),
)
