// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard/cdna_pin_evict.h"
#include "pin_machine.h"

static void hits_after_a_miss(void **state)
{
	struct cdna_pins *pins = setup(16);
	struct cdna_pin *a, *b;
	u64 hits = 0;

	(void)state;
	a = get(pins, 7, &hits);
	assert_false(IS_ERR(a));
	assert_true(a->dma == (7ull << 12 | 1ull << 40));
	assert_true(hits == 0);
	b = get(pins, 7, &hits);
	assert_ptr_equal(a, b);
	assert_true(hits == 1);
	assert_int_equal(atomic_long_read(&pins->misses), 1);
	cdna_pin_put(a);
	cdna_pin_put(b);
	assert_int_equal(machine.pinned[7], 1);
	assert_ptr_equal(get(pins, 7, &hits), a);
	cdna_pin_put(a);
	cdna_pin_destroy(pins);
	assert_int_equal(machine.pinned[7], 0);
}

/* What is pinned for reading is not good for writing, nor the other way round. */
static void directions_are_pinned_apart(void **state)
{
	struct cdna_pins *pins = setup(16);
	struct cdna_pin *in, *out;
	u64 hits = 0;

	(void)state;
	out = cdna_pin_get(pins, 7, false, &hits);
	assert_int_equal(machine.pinned[7], 1);
	assert_int_equal(machine.written[7], 0);
	in = cdna_pin_get(pins, 7, true, &hits);
	assert_ptr_not_equal(in, out);
	assert_int_equal(machine.written[7], 1);
	assert_true(hits == 0);
	assert_int_equal(cdna_pin_flush(pins, 7, 7), 2);
	cdna_pin_put(out);
	assert_int_equal(cdna_pin_flush(pins, 0, 7), 1);
	assert_int_equal(machine.pinned[7], 0);
	assert_ptr_equal(cdna_pin_get(pins, 7, true, &hits), in);
	cdna_pin_put(in);
	cdna_pin_put(in);
	assert_int_equal(cdna_pin_flush(pins, 8, ULONG_MAX), 0);
	assert_int_equal(machine.written[7], 1);
	assert_int_equal(cdna_pin_flush(pins, 7, ULONG_MAX), 0);
	assert_int_equal(machine.written[7], 0);
	cdna_pin_destroy(pins);
}

static void errors_leave_nothing(void **state)
{
	struct cdna_pins *pins = setup(16);
	const int errors[] = { -EINVAL, -EPERM, -EFAULT, -ENOMEM };
	u64 hits = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		machine.error[3] = errors[i];
		assert_int_equal(PTR_ERR(get(pins, 3, &hits)),
				 errors[i]);
		assert_int_equal(pins->count, 0);
	}
	machine.error[3] = 0;
	cdna_pin_put(get(pins, 3, &hits));
	cdna_pin_destroy(pins);
	assert_int_equal(machine.pins, machine.unpins);
}

static void cache_is_bounded(void **state)
{
	struct cdna_pins *pins = setup(16);
	u64 hits = 0;
	u32 i;

	(void)state;
	for (i = 0; i < PAGES; i++) {
		cdna_pin_put(get(pins, i, &hits));
		assert_true(pins->count <= 16);
		assert_true(machine.pins - machine.unpins <= 16);
	}
	assert_int_equal(atomic_long_read(&pins->evicted), PAGES - 16);
	assert_int_equal(machine.evictions, PAGES - 16);
	cdna_pin_destroy(pins);
	assert_int_equal(machine.evictions, PAGES - 16);
	assert_int_equal(machine.pins, machine.unpins);
}

static void oldest_goes_first(void **state)
{
	struct cdna_pins *pins = setup(4);
	u64 hits = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++)
		cdna_pin_put(get(pins, i, &hits));
	/* All were used once: the first pass forgets that, then 0 goes. */
	cdna_pin_put(get(pins, 10, &hits));
	assert_int_equal(machine.pinned[0], 0);
	/* 1 was used since: 2 goes. */
	cdna_pin_put(get(pins, 1, &hits));
	cdna_pin_put(get(pins, 11, &hits));
	assert_int_equal(machine.pinned[1], 1);
	assert_int_equal(machine.pinned[2], 0);
	cdna_pin_destroy(pins);
}

/* Wherever it is among those that are in use, and though it was used */
static void the_only_free_page_is_found(void **state)
{
	enum { HELD = PAGES * 3 / 4 };
	struct cdna_pins *pins = setup(HELD);
	struct cdna_pin *held[HELD];
	u32 other = HELD, free, i;
	u64 hits = 0;

	(void)state;
	for (i = 0; i < HELD; i++)
		held[i] = get(pins, i, &hits);
	for (free = 0; free < HELD; free += HELD / 8 - 1) {
		cdna_pin_put(held[free]);
		held[free] = get(pins, other++, &hits);
		assert_false(IS_ERR(held[free]));
		assert_int_equal(machine.pinned[free], 0);
		assert_int_equal(PTR_ERR(get(pins, free, &hits)),
				 -ENOSPC);
	}
	for (i = 0; i < HELD; i++)
		cdna_pin_put(held[i]);
	cdna_pin_destroy(pins);
}

static void references_are_not_evicted(void **state)
{
	struct cdna_pins *pins = setup(4);
	struct cdna_pin *held[4];
	u64 hits = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++)
		held[i] = get(pins, i, &hits);
	assert_int_equal(PTR_ERR(get(pins, 9, &hits)), -ENOSPC);
	assert_int_equal(machine.unpins, 0);
	cdna_pin_put(held[2]);
	held[2] = get(pins, 9, &hits);
	assert_false(IS_ERR(held[2]));
	assert_int_equal(machine.pinned[2], 0);
	for (i = 0; i < 4; i++)
		cdna_pin_put(held[i]);
	cdna_pin_destroy(pins);
}

static void fill(struct cdna_pins *pins, u32 first, u32 pages)
{
	u64 hits = 0;
	u32 i;

	for (i = first; i < first + pages; i++)
		cdna_pin_put(get(pins, i, &hits));
}

/* A miss makes room, and a little more: not for all that a destroyed queue left. */
static void lowered_limit_shrinks_in_batches(void **state)
{
	struct cdna_pins *pins = setup(192);
	int before;
	u32 i;

	(void)state;
	fill(pins, 0, 192);
	cdna_pin_limit(pins, 8 - 192);
	for (i = 0; i < 32; i++) {
		before = machine.evictions;
		fill(pins, 200 + i, 1);
		assert_in_range(machine.evictions - before, 1, 32);
	}
	assert_int_equal(pins->count, 8);
	cdna_pin_destroy(pins);
}

static void trim_evicts_what_is_above_the_limit(void **state)
{
	struct cdna_pins *pins = setup(64);
	struct cdna_pin *held;
	u64 hits = 0;

	(void)state;
	fill(pins, 0, 64);
	cdna_pin_trim(pins);
	assert_int_equal(machine.unpins, 0);
	held = get(pins, 3, &hits);
	cdna_pin_limit(pins, 8 - 64);
	cdna_pin_trim(pins);
	assert_int_equal(pins->count, 8);
	assert_int_equal(machine.pinned[3], 1);
	cdna_pin_put(held);
	cdna_pin_destroy(pins);
	assert_int_equal(machine.pins, machine.unpins);
}

/* A page goes when nobody has used it from one call to the next. */
static void age_evicts_what_is_not_used(void **state)
{
	struct cdna_pins *pins = setup(64);
	struct cdna_pin *held;
	u64 hits = 0;
	u32 i;

	(void)state;
	fill(pins, 0, 32);
	held = get(pins, 20, &hits);
	cdna_pin_evict(pins, UINT_MAX, false);
	assert_int_equal(machine.unpins, 0);
	fill(pins, 0, 10);
	cdna_pin_evict(pins, UINT_MAX, false);
	for (i = 0; i < 32; i++)
		assert_int_equal(machine.pinned[i], i < 10 || i == 20);
	cdna_pin_evict(pins, UINT_MAX, false);
	assert_int_equal(pins->count, 1);
	cdna_pin_put(held);
	cdna_pin_evict(pins, UINT_MAX, false);
	assert_int_equal(pins->count, 0);
	cdna_pin_destroy(pins);
}

static void reclaim_evicts_as_many_as_it_shall(void **state)
{
	struct cdna_pins *pins = setup(128);
	struct cdna_pin *held;
	u64 hits = 0;

	(void)state;
	fill(pins, 0, 128);
	held = get(pins, 100, &hits);
	cdna_pin_evict(pins, 100, true);
	assert_int_equal(pins->count, 28);
	cdna_pin_evict(pins, 100, true);
	assert_int_equal(pins->count, 1);
	assert_int_equal(machine.pinned[100], 1);
	cdna_pin_put(held);
	cdna_pin_destroy(pins);
}

static void flush_takes_its_range(void **state)
{
	struct cdna_pins *pins = setup(64);
	struct cdna_pin *held;
	u64 hits = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 32; i++)
		cdna_pin_put(get(pins, i, &hits));
	held = get(pins, 12, &hits);
	assert_int_equal(cdna_pin_flush(pins, 10, 20), 1);
	for (i = 0; i < 32; i++)
		assert_int_equal(machine.pinned[i],
				 i < 10 || i > 20 || i == 12);
	cdna_pin_put(held);
	assert_int_equal(cdna_pin_flush(pins, 12, 12), 0);
	assert_int_equal(machine.pinned[12], 0);
	assert_int_equal(cdna_pin_flush(pins, 0, 0), 0);
	assert_int_equal(machine.pinned[0], 0);
	assert_int_equal(cdna_pin_flush(pins, 0, ULONG_MAX), 0);
	assert_int_equal(machine.pins, machine.unpins);
	cdna_pin_destroy(pins);
}

static struct cdna_pins *shared;
static int stop;

/* A queue: holds up to 8 references at a time to random pages. */
static void *queue_thread(void *arg)
{
	unsigned int seed = (unsigned long)arg;
	struct cdna_pin *held[8] = { NULL };
	u64 hits = 0;
	u32 i, n;

	for (n = 0; n < 20000; n++) {
		i = rand_r(&seed) % 8;
		if (held[i])
			cdna_pin_put(held[i]);
		held[i] = get(shared, rand_r(&seed) % 64, &hits);
		if (IS_ERR(held[i])) {
			held[i] = NULL;
			continue;
		}
		/* I3: a page with a reference is pinned. */
		if (READ_ONCE(machine.pinned[held[i]->gfn]) != 1)
			abort();
	}
	for (i = 0; i < 8; i++)
		if (held[i])
			cdna_pin_put(held[i]);
	return NULL;
}

static void *unmap_thread(void *arg)
{
	unsigned int seed = 99, first;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		first = rand_r(&seed) % 64;
		cdna_pin_flush(shared, first, first + rand_r(&seed) % 16);
		cdna_pin_evict(shared, UINT_MAX, false);
		cdna_pin_evict(shared, 1, true);
	}
	return NULL;
}

static void queues_and_unmap_at_once(void **state)
{
	pthread_t queue[4], unmap;
	unsigned long i;

	(void)state;
	shared = setup(40);
	stop = 0;
	pthread_create(&unmap, NULL, unmap_thread, NULL);
	for (i = 0; i < 4; i++)
		pthread_create(&queue[i], NULL, queue_thread, (void *)i);
	for (i = 0; i < 4; i++)
		pthread_join(queue[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(unmap, NULL);

	assert_int_equal(cdna_pin_flush(shared, 0, ULONG_MAX), 0);
	assert_int_equal(shared->count, 0);
	assert_true(machine.pins > 100);
	assert_int_equal(machine.pins, machine.unpins);
	cdna_pin_destroy(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_after_a_miss),
		cmocka_unit_test(directions_are_pinned_apart),
		cmocka_unit_test(errors_leave_nothing),
		cmocka_unit_test(cache_is_bounded),
		cmocka_unit_test(oldest_goes_first),
		cmocka_unit_test(the_only_free_page_is_found),
		cmocka_unit_test(references_are_not_evicted),
		cmocka_unit_test(lowered_limit_shrinks_in_batches),
		cmocka_unit_test(trim_evicts_what_is_above_the_limit),
		cmocka_unit_test(age_evicts_what_is_not_used),
		cmocka_unit_test(reclaim_evicts_as_many_as_it_shall),
		cmocka_unit_test(flush_takes_its_range),
		cmocka_unit_test(queues_and_unmap_at_once),
	};

	return cmocka_run_group_tests_name("pin", tests, NULL, NULL);
}
