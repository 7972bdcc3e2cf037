// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <cdna/names.h>
#include <linux/array_size.h>

#include "ctx/context_state.h"
#include "vdev/cdna_state.h"

/* Rows by state, columns by event: the intended table. */
#define NO	(-EBUSY)
static const int want[CDNA_NR_CTX_STATES][CDNA_NR_CTX_EVENTS] = {
	/* configure activate reset fault revoke restore release */
	{ 1, NO, NO, 0, NO, NO, NO },
	{ NO, 2, 1, 1, 5, 1, 0 },
	{ NO, NO, 1, 3, 5, 2, 0 },
	{ NO, NO, 1, 3, 5, 3, 0 },
	{ NO, 2, 1, 3, 5, 4, 0 },
	{ NO, NO, 5, 5, 5, 1, 0 },
};

static int next_state(int state, int event)
{
	const struct cdna_state_cell *cell = cdna_state_cell(state, event);

	return cell->allowed ? cell->next : -EBUSY;
}

static void every_cell(void **state)
{
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++)
		for (e = 0; e < CDNA_NR_CTX_EVENTS; e++)
			assert_int_equal(next_state(s, e), want[s][e]);
}

/* A refused event leaves the state alone and does nothing; whatever changes the
 * state has an action.
 */
static void actions(void **state)
{
	const struct cdna_state_cell *cell;
	int s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++) {
		for (e = 0; e < CDNA_NR_CTX_EVENTS; e++) {
			cell = cdna_state_cell(s, e);
			assert_true(cell->action < CDNA_NR_CTX_ACTIONS);
			if (!cell->allowed) {
				assert_int_equal(cell->next, s);
				assert_int_equal(cell->action, CDNA_DO_NOTHING);
			}
			if (cell->next != s)
				assert_int_not_equal(cell->action,
						     CDNA_DO_NOTHING);
		}
	}
}

/* Events that both sides have */
static const struct {
	enum cdna_ctx_event host;
	enum fw_ctx_event nic;
} pairs[] = {
	{ CDNA_EV_CONFIGURE, FW_CTX_CONFIGURE },
	{ CDNA_EV_ACTIVATE, FW_CTX_ACTIVATE },
	{ CDNA_EV_RESET, FW_CTX_RESET },
	{ CDNA_EV_FAULT, FW_CTX_FAULT },
	{ CDNA_EV_REVOKE, FW_CTX_REVOKE },
	{ CDNA_EV_RELEASE, FW_CTX_RELEASE },
};

/* The only difference: a guest may reset a device that was taken from it, and
 * gets success. The host has nothing to do for that, so it runs no command: the NIC
 * would refuse it, because from a host it would be a mistake.
 */
static bool differs(int state, enum cdna_ctx_event event)
{
	return state == CDNA_CTX_REVOKED && event == CDNA_EV_RESET;
}

static void host_and_nic_agree(void **state)
{
	const struct fw_ctx_transition *nic;
	const struct cdna_state_cell *host;
	int s;
	u32 i;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++) {
		for (i = 0; i < ARRAY_SIZE(pairs); i++) {
			host = cdna_state_cell(s, pairs[i].host);
			nic = fw_ctx_transition(s, pairs[i].nic);
			assert_int_equal(host->next, nic->next);
			assert_int_equal(host->allowed ==
					 (nic->status == CDNA_SC_OK),
					 !differs(s, pairs[i].host));
		}
	}
}

/* RESTORE is RELEASE and CONFIGURE to the NIC. */
static void restore_is_two_events_of_the_nic(void **state)
{
	const struct fw_ctx_transition *nic;

	(void)state;
	nic = fw_ctx_transition(CDNA_CTX_REVOKED, FW_CTX_RELEASE);
	assert_int_equal(nic->status, CDNA_SC_OK);
	nic = fw_ctx_transition(nic->next, FW_CTX_CONFIGURE);
	assert_int_equal(nic->status, CDNA_SC_OK);
	assert_int_equal(nic->next,
			 next_state(CDNA_CTX_REVOKED, CDNA_EV_RESTORE));
}

/* Neither guest nor fault gets a revoked context going again. */
static void revoked_is_final_for_guests(void **state)
{
	const int guest[] = {
		CDNA_EV_ACTIVATE, CDNA_EV_RESET, CDNA_EV_FAULT,
	};
	u32 i;
	int next;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(guest); i++) {
		next = next_state(CDNA_CTX_REVOKED, guest[i]);
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
				assert_int_not_equal(next_state(s, e),
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
		cmocka_unit_test(actions),
		cmocka_unit_test(host_and_nic_agree),
		cmocka_unit_test(restore_is_two_events_of_the_nic),
		cmocka_unit_test(revoked_is_final_for_guests),
		cmocka_unit_test(only_activate_makes_active),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
