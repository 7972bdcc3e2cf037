// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine whose process gives memory away without a word. As the IOMMU layer does, it
 * has one page for an address, for all who have it pinned: two contexts, each in two
 * directions. A third context is another machine's, of the same process.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/err.h>

#include "guard/cdna_pin.h"
#include "guard/cdna_pin_evict.h"
#include "guard/cdna_pin_renew.h"
#include "renew_machine.h"

static int do_renew(void *owner, unsigned long gfn, const struct page *page,
		    bool wait)
{
	int ret = 0, i;

	(void)owner;
	for (i = 0; i < CONTEXTS && !ret; i++)
		ret = cdna_pin_renew(&context[i].pins, gfn, page, wait);
	return ret;
}

static void do_release(void *owner)
{
	struct context *ctx = owner;

	if (ctx->consumed)
		cdna_pin_put(ctx->consumed);
	ctx->consumed = NULL;
}

static const struct cdna_pin_ops ops = {
	.pin = do_pin,
	.unpin = do_unpin,
	.renew = do_renew,
	.release = do_release,
};

static int setup(void **state)
{
	int i;

	(void)state;
	memset(given, 0, sizeof(given));
	memset(&ours, 0, sizeof(ours));
	memset(&another, 0, sizeof(another));
	pthread_mutex_init(&ours.lock, NULL);
	pthread_mutex_init(&another.lock, NULL);
	for (i = 0; i < CONTEXTS; i++) {
		context[i].consumed = NULL;
		context[i].machine = i < CONTEXTS - 1 ? &ours : &another;
		cdna_pin_init(&context[i].pins, &ops, &context[i], PAGES);
	}
	return 0;
}

static int teardown(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CONTEXTS; i++)
		cdna_pin_destroy(&context[i].pins);
	for (i = 0; i < PAGES; i++)
		assert_int_equal(ours.pins[i] + another.pins[i], 0);
	return 0;
}

static struct cdna_pin *get(int i, unsigned long gfn, bool write)
{
	u64 hits = 0;

	return cdna_pin_get(&context[i].pins, gfn, write, &hits);
}

/* As a descriptor that the NIC consumes immediately. Return: its page */
static const struct page *use(int i, unsigned long gfn, bool write)
{
	struct cdna_pin *pin = get(i, gfn, write);
	const struct page *page;

	assert_false(IS_ERR(pin));
	page = pin->page;
	cdna_pin_put(pin);
	return page;
}

static void other_memory_does_not_matter(void **state)
{
	const struct page *page = use(0, 3, true);

	(void)state;
	touch(4);
	give(4);
	assert_ptr_equal(use(0, 3, true), page);
	assert_int_equal(atomic_long_read(&context[0].pins.misses), 1);
	assert_int_equal(atomic_long_read(&context[0].pins.dropped), 0);
}

static void the_new_page_is_used(void **state)
{
	const struct page *old = use(0, 3, true);

	(void)state;
	give(3);
	assert_ptr_not_equal(use(0, 3, true), old);
	old = touch(3);
	give(3);
	assert_ptr_equal(use(0, 3, true), touch(3));
	assert_ptr_not_equal(touch(3), old);
	assert_int_equal(atomic_long_read(&context[0].pins.dropped), 2);
	assert_int_equal(ours.pins[3], 1);
}

/* One that has it in a cache would hand the old page to all. */
static void others_do_not_keep_the_old_page(void **state)
{
	const struct page *old = use(0, 3, false);

	(void)state;
	assert_ptr_equal(use(1, 3, false), old);
	give(3);
	assert_ptr_not_equal(touch(3), old);
	assert_ptr_equal(use(0, 3, true), touch(3));
	assert_ptr_equal(use(0, 3, false), touch(3));
	give(3);
	assert_ptr_equal(use(1, 3, true), touch(3));
	assert_ptr_equal(use(1, 3, false), touch(3));
}

static void what_the_nic_has_stays(void **state)
{
	struct cdna_pin *held = get(0, 3, true);
	const struct page *old = held->page;
	int i;

	(void)state;
	give(3);
	for (i = 0; i < 2; i++) {
		assert_int_equal(PTR_ERR(get(i, 3, true)), -EAGAIN);
		assert_int_equal(PTR_ERR(get(i, 3, false)), -EAGAIN);
		touch(3);
	}
	assert_int_equal(ours.pins[3], 1);
	assert_ptr_equal(held->page, old);
	cdna_pin_put(held);
	assert_ptr_equal(use(1, 3, true), touch(3));
}

static void what_the_nic_has_done_with_does_not(void **state)
{
	const struct page *old;

	(void)state;
	context[0].consumed = get(0, 3, false);
	old = context[0].consumed->page;
	give(3);
	assert_ptr_equal(use(1, 3, true), touch(3));
	assert_ptr_not_equal(touch(3), old);
	assert_null(context[0].consumed);
}

/* Two machines of one process have nothing to do with each other. */
static void another_machine_does_not_matter(void **state)
{
	struct cdna_pin *held = get(CONTEXTS - 1, 3, true);

	(void)state;
	use(1, 3, false);
	give_of(&another, 3);
	give(3);
	assert_ptr_equal(use(0, 3, true), touch(3));
	assert_int_equal(another.pins[3], 1);
	cdna_pin_put(held);
}

static void given_away_while_it_is_pinned(void **state)
{
	const struct page *page;

	(void)state;
	ours.meanwhile = 3;
	page = use(0, 3, true);
	assert_ptr_equal(page, touch(3));
	give(3);
	ours.meanwhile = 1000;
	assert_int_equal(PTR_ERR(get(0, 3, true)), -EAGAIN);
	ours.meanwhile = 0;
	assert_ptr_equal(use(0, 3, true), touch(3));
}

/* Used lately, but given away: those go first. */
static void eviction_takes_them(void **state)
{
	struct cdna_pin *held = get(0, 20, true);
	int i;

	(void)state;
	for (i = 0; i < 40; i += 4)
		use(0, i, i & 4);
	for (i = 0; i < 40; i += 8)
		give(i);
	give(20);
	cdna_pin_evict(&context[0].pins, UINT_MAX, false);
	for (i = 0; i < 40; i++)
		assert_int_equal(ours.pins[i], i % 8 == 4);
	assert_int_equal(atomic_long_read(&context[0].pins.dropped), 5);
	assert_int_equal(atomic_long_read(&context[0].pins.evicted), 0);
	cdna_pin_put(held);
}

static int stop;

/* A guest's driver: gives its own pages away, has them again, and sends or receives. */
static void *guest_thread(void *arg)
{
	unsigned long i = (unsigned long)arg, gfn;
	unsigned int seed = i, n;
	struct cdna_pin *pin;
	u64 hits = 0;

	for (n = 0; n < 20000; n++) {
		gfn = rand_r(&seed) % (PAGES / 4) * 4 + i;
		if (rand_r(&seed) % 4 == 0)
			give(gfn);
		if (rand_r(&seed) % 2)
			touch(gfn);
		pin = cdna_pin_get(&context[rand_r(&seed) % 2].pins, gfn,
				   rand_r(&seed) % 2, &hits);
		if (IS_ERR(pin) || pin->page != touch(gfn))
			abort();
		cdna_pin_put(pin);
	}
	return NULL;
}

static void *host_thread(void *arg)
{
	unsigned int seed = 99, first;
	int i;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		i = rand_r(&seed) % 2;
		first = rand_r(&seed) % PAGES;
		cdna_pin_flush(&context[i].pins, first, first + 8);
		cdna_pin_evict(&context[i].pins, UINT_MAX, false);
		do_renew(NULL, rand_r(&seed) % PAGES, NULL, true);
	}
	return NULL;
}

static void guests_always_get_their_page(void **state)
{
	pthread_t guest[4], host;
	unsigned long i;

	(void)state;
	stop = 0;
	pthread_create(&host, NULL, host_thread, NULL);
	for (i = 0; i < 4; i++)
		pthread_create(&guest[i], NULL, guest_thread, (void *)i);
	for (i = 0; i < 4; i++)
		pthread_join(guest[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(host, NULL);
	assert_true(atomic_long_read(&context[0].pins.dropped) > 100);
}

#define SAME_PAGE_USES	3000

/* Threads of two contexts need the same memory while it is given away: one has what another
 * one is about to release. Nobody is refused, because no descriptor has it for long.
 */
static void *same_page_thread(void *arg)
{
	unsigned int seed = (unsigned long)arg, n;
	const struct page *before;
	struct cdna_pin *pin;

	for (n = 0; n < SAME_PAGE_USES; n++) {
		pthread_mutex_lock(&ours.lock);
		before = (const struct page *)ours.now[5];
		pthread_mutex_unlock(&ours.lock);
		pin = get(rand_r(&seed) % 2, 5, rand_r(&seed) % 2);
		/* Another thread may use the page when it is given away. */
		if (IS_ERR(pin) && PTR_ERR(pin) != -EAGAIN)
			abort();
		if (!IS_ERR(pin) && before && pin->page != before &&
		    !cdna_gone(before))
			abort();
		if (!IS_ERR(pin))
			cdna_pin_put(pin);
		if (rand_r(&seed) % 8 == 0)
			give(5);
	}
	return NULL;
}

static void the_same_page_is_wanted_by_many(void **state)
{
	pthread_t thread[6];
	unsigned long i;

	(void)state;
	for (i = 0; i < 6; i++)
		pthread_create(&thread[i], NULL, same_page_thread, (void *)i);
	for (i = 0; i < 6; i++)
		pthread_join(thread[i], NULL);
	assert_ptr_equal(use(0, 5, true), touch(5));
}

#define LOOKERS		4
#define LOOKS		400

static pthread_barrier_t phase;

/* All look at a page that was given away, and that nobody uses: none may be refused for what
 * the others have of it for a moment.
 */
static void *looker_thread(void *arg)
{
	bool first = !arg;
	struct cdna_pin *pin;
	int n;

	for (n = 0; n < LOOKS; n++) {
		if (first)
			give(5);
		pthread_barrier_wait(&phase);
		pin = get(n & 1, 5, true);
		if (IS_ERR(pin) || pin->page != touch(5))
			abort();
		cdna_pin_put(pin);
		pthread_barrier_wait(&phase);
	}
	return NULL;
}

static void a_look_is_not_a_use(void **state)
{
	pthread_t thread[LOOKERS];
	unsigned long i;

	(void)state;
	use(0, 5, true);
	use(1, 5, true);
	pthread_barrier_init(&phase, NULL, LOOKERS);
	for (i = 0; i < LOOKERS; i++)
		pthread_create(&thread[i], NULL, looker_thread, (void *)i);
	for (i = 0; i < LOOKERS; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&phase);
}

#define renew_test(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		renew_test(other_memory_does_not_matter),
		renew_test(the_new_page_is_used),
		renew_test(others_do_not_keep_the_old_page),
		renew_test(what_the_nic_has_stays),
		renew_test(what_the_nic_has_done_with_does_not),
		renew_test(another_machine_does_not_matter),
		renew_test(given_away_while_it_is_pinned),
		renew_test(eviction_takes_them),
		renew_test(guests_always_get_their_page),
		renew_test(the_same_page_is_wanted_by_many),
		renew_test(a_look_is_not_a_use),
	};

	return cmocka_run_group_tests_name("pin_renew", tests, NULL, NULL);
}
