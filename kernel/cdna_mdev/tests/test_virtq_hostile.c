// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtqueues of a hostile guest: random rings, each compared with what is right to make
 * of it, and rings that a second thread rewrites meanwhile. HOSTILE_TRIES says how
 * many rings; SEED repeats a run.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "virtq_attack.h"
#include "virtq_truth.h"

#define TRIES		200000		/* if not said otherwise */
#define RACES		5000		/* chains, taken or refused */
#define DESCS		16		/* of the ring that is raced for */

static u64 number(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static u64 any_state(void)
{
	u64 value = number("SEED", (u64)time(NULL));

	print_message("# seed: run again with SEED=%llu\n",
		      (unsigned long long)value);
	/* Any state but 0 */
	return value * 2 + 1;
}

static void random_rings(void **state)
{
	static const enum cdna_vfault reasons[] = {
		CDNA_VFAULT_TAIL, CDNA_VFAULT_LENGTH, CDNA_VFAULT_FLAGS,
		CDNA_VFAULT_CHAIN, CDNA_VFAULT_UNMAPPED,
	};
	struct attack_input in = { .state = any_state() };
	u64 tries = number("HOSTILE_TRIES", TRIES);
	struct attack_tally tally = { 0 };
	u32 i;

	(void)state;
	while (tally.rings < tries)
		attack_ring(&in, &tally);
	print_message("# tries %llu: %llu chains, %llu of them dropped\n",
		      (unsigned long long)tally.rings,
		      (unsigned long long)tally.chains,
		      (unsigned long long)tally.drops);
	/* The attack gets everywhere. */
	assert_true(tally.chains > tries / 2);
	assert_true(tally.drops > tries / 100);
	assert_true(tally.unreadable > tries / 100);
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		print_message("# fault %u: %llu rings\n", reasons[i],
			      (unsigned long long)tally.faults[reasons[i]]);
		assert_true(tally.faults[reasons[i]] > tries / 1000);
	}
}

/**
 * struct race - a guest that rewrites its ring while that is walked
 * @m: the machine
 * @next: where the walker is, more or less
 * @stop: the walker has finished
 * @stores: how much the guest has written
 */
struct race {
	struct virtq_machine *m;
	u16 next;
	bool stop;
	u64 stores;
};

static void race_store(struct race *race, struct attack_input *in)
{
	struct virtq_machine *m = race->m;
	u16 next = READ_ONCE(race->next);

	switch (attack_below(in, 8)) {
	case 0:
		machine_set_avail(m, attack_rare(in, 64) ?
				  attack_below(in, 65536) :
				  next + attack_below(in, DESCS + 2));
		break;
	case 1:
		WRITE_ONCE(m->avail->ring[attack_below(in, DESCS)],
			   attack_below(in, DESCS + 1));
		break;
	case 2:
		WRITE_ONCE(m->used->idx, attack_below(in, 65536));
		break;
	case 3 ... 5:
		attack_desc(m, in, -1, attack_below(in, DESCS), DESCS);
		break;
	default:
		attack_desc(m, in, 0, attack_below(in, DESCS), DESCS);
	}
}

static void *race_guest(void *argument)
{
	struct attack_input in = { .state = 0x5eed };
	struct race *race = argument;

	while (!READ_ONCE(race->stop)) {
		race_store(race, &in);
		WRITE_ONCE(race->stores, race->stores + 1);
		if (race->stores % 256 == 0)
			sched_yield();
	}
	return NULL;
}

/* A queue that was refused stays so: begin again behind what was wrong. */
static void race_skip(struct virtq_machine *m)
{
	if (m->vq.fault == CDNA_VFAULT_TAIL)
		m->vq.next = le16_to_cpu(READ_ONCE(m->avail->idx));
	else
		m->vq.next++;
}

/* The guest may have no processor of its own. */
static void race_walk(struct race *race, u32 *chains, u32 *refused)
{
	static struct cdna_virtq_chain chain;
	struct cdna_virtq *vq = &race->m->vq;
	u32 i;
	int ret;

	for (i = 0; *chains + *refused < RACES; i++) {
		ret = cdna_virtq_next(vq, &chain);
		if (ret > 0) {
			truth_bounds(vq, &chain);
			(*chains)++;
		} else if (ret < 0) {
			assert_true(vq->fault || vq->error);
			(*refused)++;
			race_skip(race->m);
		} else {
			sched_yield();
		}
		cdna_virtq_notify_at(vq, i & 3);
		cdna_virtq_wants(vq);
		WRITE_ONCE(race->next, vq->next);
	}
}

static void race(bool write, bool control, bool event_idx)
{
	struct race race = { .m = machine_new(DESCS) };
	u32 chains = 0, refused = 0;
	pthread_t guest;

	race.m->vq.write = write;
	race.m->vq.control = control;
	race.m->vq.event_idx = event_idx;
	race.m->vq.indirect = true;
	assert_int_equal(pthread_create(&guest, NULL, race_guest, &race), 0);
	race_walk(&race, &chains, &refused);
	WRITE_ONCE(race.stop, true);
	pthread_join(guest, NULL);
	print_message("# %u chains, %u refused, %llu stores meanwhile\n", chains,
		      refused, (unsigned long long)race.stores);
	/* What is right of a control queue needs more luck. */
	assert_true(chains > RACES / (control ? 100 : 20));
	assert_true(refused > RACES / 20);
	assert_true(race.stores > RACES);
	machine_free(race.m);
}

static void rewritten_transmit_rings(void **state)
{
	(void)state;
	race(false, false, true);
}

static void rewritten_receive_rings(void **state)
{
	(void)state;
	race(true, false, false);
}

static void rewritten_control_rings(void **state)
{
	(void)state;
	race(false, true, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_rings),
		cmocka_unit_test(rewritten_transmit_rings),
		cmocka_unit_test(rewritten_receive_rings),
		cmocka_unit_test(rewritten_control_rings),
	};

	return cmocka_run_group_tests_name("virtq_hostile", tests, NULL, NULL);
}
