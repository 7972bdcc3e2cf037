// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of bit vectors: full, out of reach or slowly read, it loses no bit,
 * and reports none that was withdrawn (I7).
 */
#include "control.h"

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
	h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 4);
	assert_int_equal(h_bits(h), 4);
	h_run(h);
	assert_int_equal(h_bits(h), 0);
	assert_int_equal(msis(h), 4);
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

#define DRIVERS	12u

/**
 * struct drivers - drivers of contexts that re-arm only after an interrupt
 * @told: vectors that had the bit of each
 * @owes: each had an interrupt and has not armed again
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

	h->nic->bitvec.ring.prod = index;
	h->nic->bitvec.ring.cons = index;
	h->bitvec.cons = index;
	header->prod = fw_to_le32(index);
}

/*
 * Random transmissions against a slow host, the ring's indices passing 2^32.
 * A driver arms again only after one, so that each interrupt is one
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

TEST_MAIN(
	TEST(unbind_drops_what_is_pending),
	TEST(no_empty_vectors),
	TEST(full_ring_gathers),
	TEST(unreachable_ring_keeps_bits),
	TEST(no_bit_is_lost),
)
