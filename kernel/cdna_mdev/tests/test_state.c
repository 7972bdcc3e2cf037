// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <cdna/names.h>
#include <linux/array_size.h>

#include "vdev/cdna_state.h"

/* Rows by state, columns by event, as in architecture: the intended table. */
#define NO	(-EBUSY)
static const int want[CDNA_NR_CTX_STATES][CDNA_NR_CTX_EVENTS] = {
	/* configure activate reset quiesce fault revoke restore release */
	{ 1, NO, NO, NO, 0, NO, NO, 0 },
	{ NO, 2, 1, NO, 1, 5, 1, 0 },
	{ NO, NO, 1, 4, 3, 5, 2, 0 },
	{ NO, NO, 1, NO, 3, 5, 3, 0 },
	{ NO, 2, 1, 4, 3, 5, 4, 0 },
	{ NO, NO, 5, NO, 5, 5, 1, 0 },
};

static void every_cell(void **state)
{
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++)
		for (e = 0; e < CDNA_NR_CTX_EVENTS; e++)
			assert_int_equal(cdna_state_next(s, e), want[s][e]);
}

/* Neither guest nor fault gets a revoked context going again. */
static void revoked_is_final_for_guests(void **state)
{
	const int guest[] = {
		CDNA_EV_ACTIVATE, CDNA_EV_RESET, CDNA_EV_QUIESCE, CDNA_EV_FAULT,
	};
	u32 i;
	int next;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(guest); i++) {
		next = cdna_state_next(CDNA_CTX_REVOKED, guest[i]);
		assert_true(next == CDNA_CTX_REVOKED || next == -EBUSY);
	}
}

static void only_activate_makes_active(void **state)
{
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++)
		for (e = 0; e < CDNA_NR_CTX_EVENTS; e++)
			if (s != CDNA_CTX_ACTIVE && e != CDNA_EV_ACTIVATE)
				assert_int_not_equal(cdna_state_next(s, e),
						     CDNA_CTX_ACTIVE);
}

static void names(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CDNA_NR_CTX_STATES; i++)
		assert_string_not_equal(cdna_name_ctx_state(i), "unknown");
	assert_string_equal(cdna_name_ctx_state(CDNA_NR_CTX_STATES), "unknown");
	assert_string_equal(cdna_name_ctx_state(-1), "unknown");
	assert_string_equal(cdna_name_fault(CDNA_FAULT_SEQUENCE),
			    "nic_sequence");
	for (i = CDNA_VFAULT_TAIL; i < CDNA_NR_VFAULTS; i++)
		assert_non_null(cdna_name_fault(i));
	assert_null(cdna_name_fault(CDNA_VFAULT_NONE));
	assert_null(cdna_name_fault(CDNA_VFAULT_NIC_LAST));
	assert_null(cdna_name_fault(CDNA_NR_VFAULTS));
	for (i = 0; i < CDNA_NR_NSTATS; i++)
		assert_string_not_equal(cdna_name_nic_stat(i), "unknown");
	assert_string_equal(cdna_name_nic_stat(CDNA_NR_NSTATS), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell),
		cmocka_unit_test(revoked_is_final_for_guests),
		cmocka_unit_test(only_activate_makes_active),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
