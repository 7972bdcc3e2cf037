// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bit-vector ring: no bit lost, no bit invented (I7), by a model of the
 * NIC that fills the ring and gathers bits while it is full.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>
#include <linux/unaligned.h>

#include "nic/cdna_bitvec.h"

#define SLOTS	8
#define WORDS	3
#define BITS	(WORDS * 64 - 7)

/* The NIC's side of a ring */
struct nic {
	struct {
		struct cdna_ring_header header;
		__le64 slot[SLOTS][WORDS];
	} ring;
	u64 pending[WORDS];
	u32 prod;
	u32 cons;
};

static void nic_init(struct nic *nic, struct cdna_bitvec *bitvec, u32 start)
{
	memset(nic, 0, sizeof(*nic));
	nic->prod = start;
	nic->cons = start;
	nic->ring.header.prod = cpu_to_le32(start);
	*bitvec = (struct cdna_bitvec) {
		.header = &nic->ring.header,
		.slots = SLOTS,
		.words = WORDS,
		.cons = start,
	};
}

static void nic_raise(struct nic *nic, u32 bit)
{
	nic->pending[bit / 64] |= 1ull << (bit % 64);
}

/* Write the pending vector if there is a slot. */
static bool nic_flush(struct nic *nic)
{
	u32 i;

	if (nic->prod - nic->cons == SLOTS)
		return false;
	for (i = 0; i < WORDS; i++) {
		nic->ring.slot[nic->prod % SLOTS][i] =
			cpu_to_le64(nic->pending[i]);
		nic->pending[i] = 0;
	}
	nic->prod++;
	__atomic_store_n(&nic->ring.header.prod, cpu_to_le32(nic->prod),
			 __ATOMIC_RELEASE);
	return true;
}

/* Who was called */
struct calls {
	u32 bit[WORDS * 64];
	u32 count;
};

static void called(void *arg, u32 bit)
{
	struct calls *calls = arg;

	calls->bit[calls->count++] = bit;
}

static void empty_ring_gives_nothing(void **state)
{
	struct cdna_bitvec bitvec;
	struct calls calls = {};
	u64 vector[WORDS] = {};
	struct nic nic;

	(void)state;
	nic_init(&nic, &bitvec, 0);
	assert_int_equal(cdna_bitvec_take(&bitvec, vector), 0);
	assert_int_equal(cdna_bitvec_each(vector, BITS, called, &calls), 0);
	assert_int_equal(calls.count, 0);
}

static void slots_are_merged_and_bits_come_in_order(void **state)
{
	static const u32 raised[] = { 191 - 7, 64, 5, 5, 63, 0 };
	static const u32 due[] = { 0, 5, 63, 64, 184 };
	struct cdna_bitvec bitvec;
	struct calls calls = {};
	u64 vector[WORDS] = {};
	struct nic nic;
	u32 i;

	(void)state;
	nic_init(&nic, &bitvec, 0);
	for (i = 0; i < 6; i++) {
		nic_raise(&nic, raised[i]);
		assert_true(nic_flush(&nic));
	}
	assert_int_equal(cdna_bitvec_take(&bitvec, vector), 6);
	assert_int_equal(bitvec.cons, 6);
	assert_int_equal(cdna_bitvec_each(vector, BITS, called, &calls), 5);
	assert_int_equal(calls.count, 5);
	assert_memory_equal(calls.bit, due, sizeof(due));
	/* They are taken only once. */
	assert_int_equal(cdna_bitvec_take(&bitvec, vector), 0);
}

static void bits_beyond_the_last_source_are_ignored(void **state)
{
	u64 vector[WORDS] = { 0, 0, ~0ull };
	struct calls calls = {};

	(void)state;
	assert_int_equal(cdna_bitvec_each(vector, BITS, called, &calls),
			 64 - 7);
	assert_int_equal(calls.bit[0], 128);
	assert_int_equal(calls.bit[calls.count - 1], BITS - 1);
}

static void indices_wrap(void **state)
{
	struct cdna_bitvec bitvec;
	u64 vector[WORDS] = {};
	struct nic nic;
	u32 i;

	(void)state;
	nic_init(&nic, &bitvec, UINT32_MAX - 2);
	for (i = 0; i < SLOTS; i++) {
		nic_raise(&nic, i);
		assert_true(nic_flush(&nic));
	}
	assert_false(nic_flush(&nic));
	assert_int_equal(cdna_bitvec_take(&bitvec, vector), SLOTS);
	assert_int_equal(bitvec.cons, SLOTS - 3);
	assert_int_equal(vector[0], 0xff);
}

static void mad_producer_is_refused(void **state)
{
	static const u32 mad[] = { SLOTS + 1, 0x80000000u, UINT32_MAX };
	u64 vector[WORDS] = {};
	struct cdna_bitvec bitvec;
	struct nic nic;
	u32 i;

	(void)state;
	nic_init(&nic, &bitvec, 0);
	for (i = 0; i < 3; i++) {
		nic.ring.header.prod = cpu_to_le32(mad[i]);
		assert_true(cdna_bitvec_take(&bitvec, vector) < 0);
		assert_int_equal(bitvec.cons, 0);
		assert_int_equal(vector[0] | vector[1] | vector[2], 0);
	}
}

/*
 * A NIC that raises at random and gathers while the ring is full, against a
 * host that takes at random: what was raised is what arrives.
 */
static void overflow_loses_no_bit(void **state)
{
	u64 raised[WORDS] = {}, seen[WORDS] = {};
	struct cdna_bitvec bitvec;
	struct nic nic;
	u32 i, bit, full = 0;

	(void)state;
	srand(1);
	nic_init(&nic, &bitvec, 77);
	for (i = 0; i < 100000; i++) {
		bit = rand() % BITS;
		nic_raise(&nic, bit);
		raised[bit / 64] |= 1ull << (bit % 64);
		full += !nic_flush(&nic);
		if (rand() % 16)
			continue;
		assert_true(cdna_bitvec_take(&bitvec, seen) >= 0);
		nic.cons = bitvec.cons;
		nic_flush(&nic);
		cdna_bitvec_take(&bitvec, seen);
		nic.cons = bitvec.cons;
		assert_memory_equal(raised, seen, sizeof(raised));
		memset(raised, 0, sizeof(raised));
		memset(seen, 0, sizeof(seen));
	}
	assert_true(full > 1000);
}

#define RACES	20000

/*
 * The device, in a thread of its own. It raises a bit again only when the host
 * has seen it, so that each raise must be seen, and once.
 */
struct race {
	struct nic nic;
	u32 cons;		/* mailbox of the host */
	u32 raised[BITS];
	u32 seen[BITS];
	bool ended;
};

static void race_flush(struct race *race)
{
	race->nic.cons = __atomic_load_n(&race->cons, __ATOMIC_ACQUIRE);
	nic_flush(&race->nic);
}

static void *race_device(void *arg)
{
	struct race *race = arg;
	u32 i, bit, raised = 0;

	for (i = 0; raised < RACES; i++) {
		bit = (i * 31) % BITS;
		if (__atomic_load_n(&race->seen[bit], __ATOMIC_ACQUIRE) ==
		    race->raised[bit]) {
			race->raised[bit]++;
			raised++;
			nic_raise(&race->nic, bit);
		}
		race_flush(race);
	}
	while (race->nic.pending[0] | race->nic.pending[1] |
	       race->nic.pending[2])
		race_flush(race);
	__atomic_store_n(&race->ended, true, __ATOMIC_RELEASE);
	return NULL;
}

static void race_seen(void *arg, u32 bit)
{
	struct race *race = arg;

	__atomic_store_n(&race->seen[bit], race->seen[bit] + 1,
			 __ATOMIC_RELEASE);
}

static void device_and_host_race(void **state)
{
	static struct race race;
	struct cdna_bitvec bitvec;
	pthread_t device;
	bool ended;

	(void)state;
	/* Without the host seeing bits, the device never ends. */
	alarm(60);
	nic_init(&race.nic, &bitvec, 0);
	assert_int_equal(pthread_create(&device, NULL, race_device, &race), 0);
	do {
		u64 vector[WORDS] = {};

		ended = __atomic_load_n(&race.ended, __ATOMIC_ACQUIRE);
		assert_true(cdna_bitvec_take(&bitvec, vector) >= 0);
		__atomic_store_n(&race.cons, bitvec.cons, __ATOMIC_RELEASE);
		cdna_bitvec_each(vector, BITS, race_seen, &race);
	} while (!ended);
	assert_int_equal(pthread_join(device, NULL), 0);
	alarm(0);
	assert_memory_equal(race.raised, race.seen, sizeof(race.seen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_ring_gives_nothing),
		cmocka_unit_test(slots_are_merged_and_bits_come_in_order),
		cmocka_unit_test(bits_beyond_the_last_source_are_ignored),
		cmocka_unit_test(indices_wrap),
		cmocka_unit_test(mad_producer_is_refused),
		cmocka_unit_test(overflow_loses_no_bit),
		cmocka_unit_test(device_and_host_race),
	};

	return cmocka_run_group_tests_name("cdna_bitvec", tests, NULL, NULL);
}
