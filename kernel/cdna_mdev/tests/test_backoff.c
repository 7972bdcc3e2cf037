// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "guard/cdna_backoff.h"

static struct cdna_backoff backoff;

static void refuses_nothing_at_first(void **state)
{
	(void)state;
	cdna_backoff_init(&backoff);
	assert_false(cdna_backoff_refuses(&backoff, 0));
	assert_false(cdna_backoff_refuses(&backoff, 1ull << 40));
}

/* Fail as soon as it is allowed: the waits double, up to the longest. */
static void waits_double(void **state)
{
	u64 now = 5000, wait = CDNA_BACKOFF_MIN_MS;
	int i;

	(void)state;
	cdna_backoff_init(&backoff);
	for (i = 0; i < 10; i++) {
		cdna_backoff_failed(&backoff, now);
		assert_true(cdna_backoff_refuses(&backoff, now));
		assert_true(cdna_backoff_refuses(&backoff, now + wait - 1));
		assert_false(cdna_backoff_refuses(&backoff, now + wait));
		now += wait;
		wait = wait * 2 > CDNA_BACKOFF_MAX_MS ? CDNA_BACKOFF_MAX_MS :
							wait * 2;
	}
	/* Without a failure for as long again, it begins again. */
	now += 2 * CDNA_BACKOFF_MAX_MS;
	cdna_backoff_failed(&backoff, now);
	assert_false(cdna_backoff_refuses(&backoff,
					  now + CDNA_BACKOFF_MIN_MS));
}

/* A guest that fails all the time, in four queues together, for an hour */
static void failures_are_few(void **state)
{
	u64 now, asked = 0;
	int queue;

	(void)state;
	cdna_backoff_init(&backoff);
	for (now = 1; now < 3600 * 1000; now++) {
		if (cdna_backoff_refuses(&backoff, now))
			continue;
		for (queue = 0; queue < 4; queue++)
			cdna_backoff_failed(&backoff, now);
		asked++;
	}
	assert_in_range(asked, 3600 / 16, 3600 / 16 + 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_nothing_at_first),
		cmocka_unit_test(waits_double),
		cmocka_unit_test(failures_are_few),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
