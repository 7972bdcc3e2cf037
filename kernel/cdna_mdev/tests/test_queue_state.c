// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/types.h>

#include "guard/cdna_queue_state.h"

/* Rows by state, columns by event: the intended table. */
#define NO	(-EBUSY)
static const int want[CDNA_NR_QUEUE_STATES][CDNA_NR_QUEUE_EVENTS] = {
	/* create drain fault destroy reset */
	{ 1, NO, 0, NO, 0 },
	{ NO, 3, 4, 0, 0 },
	{ NO, NO, 4, 0, 0 },
	{ NO, NO, 3, 0, 0 },
	{ NO, NO, 4, 0, 0 },
};

static void every_cell(void **state)
{
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_QUEUE_STATES; s++)
		for (e = 0; e < CDNA_NR_QUEUE_EVENTS; e++)
			assert_int_equal(cdna_queue_state_next(s, e),
					 want[s][e]);
}

/* A queue that has stopped runs again only after it was destroyed. */
static void only_create_makes_running(void **state)
{
	int s, e, next;

	(void)state;
	for (s = 0; s < CDNA_NR_QUEUE_STATES; s++) {
		for (e = 0; e < CDNA_NR_QUEUE_EVENTS; e++) {
			next = cdna_queue_state_next(s, e);
			if (next == CDNA_QUEUE_RUNNING) {
				assert_int_equal(s, CDNA_QUEUE_NONE);
				assert_int_equal(e, CDNA_QEV_CREATE);
			}
		}
	}
}

/* Whatever the state, a reset leaves nothing. */
static void reset_always_works(void **state)
{
	int s;

	(void)state;
	for (s = 0; s < CDNA_NR_QUEUE_STATES; s++)
		assert_int_equal(cdna_queue_state_next(s, CDNA_QEV_RESET),
				 CDNA_QUEUE_NONE);
}

/* No path of the host's leads to the NIC's own state. */
static void draining_is_never_reached(void **state)
{
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_QUEUE_STATES; s++)
		for (e = 0; e < CDNA_NR_QUEUE_EVENTS; e++)
			assert_int_not_equal(cdna_queue_state_next(s, e),
					     CDNA_QUEUE_DRAINING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell),
		cmocka_unit_test(only_create_makes_running),
		cmocka_unit_test(reset_always_works),
		cmocka_unit_test(draining_is_never_reached),
	};

	return cmocka_run_group_tests_name("queue_state", tests, NULL, NULL);
}
