// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of states and events, of contexts and of queues: every cell is
 * filled, and what a cell does fits where it leads.
 */
#include "ctx/context_state.h"
#include "ctx/queue_state.h"
#include "test.h"

static void a_context_that_is_refused_stays(void **state)
{
	const struct fw_ctx_transition *to;
	u32 s, e;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++) {
		for (e = 0; e < FW_NR_CTX_EVENTS; e++) {
			to = fw_ctx_transition(s, e);
			if (!to->action)
				assert_int_equal(to->next, s);
			else
				assert_int_equal(to->status, CDNA_SC_OK);
		}
	}
}

static void every_context_can_be_released(void **state)
{
	u32 s;

	(void)state;
	for (s = CDNA_CTX_CONFIGURED; s < CDNA_NR_CTX_STATES; s++) {
		assert_int_equal(fw_ctx_transition(s, FW_CTX_RELEASE)->next,
				 CDNA_CTX_FREE);
		assert_int_equal(fw_ctx_transition(s, FW_CTX_REVOKE)->next,
				 CDNA_CTX_REVOKED);
	}
}

/* Guests can cause a fault: it never sets a stopped context going. */
static void a_fault_stops_only(void **state)
{
	u32 s, next;

	(void)state;
	for (s = 0; s < CDNA_NR_CTX_STATES; s++) {
		next = fw_ctx_transition(s, FW_CTX_FAULT)->next;
		assert_true(next == s || next == CDNA_CTX_FAULTED);
	}
	for (s = 0; s < FW_NR_QUEUE_STATES; s++) {
		next = fw_queue_transition(s, FW_QUEUE_FAULT)->next;
		assert_true(next == s || next == CDNA_QUEUE_FAULTED);
	}
}

static const char expected[FW_NR_QUEUE_STATES][FW_NR_QUEUE_EVENTS + 1] = {
	/* CREATE, DRAIN, DRAINED, STOP, RESUME, FAULT, DESTROY; '.' stays */
	[CDNA_QUEUE_NONE] = "R......",
	[CDNA_QUEUE_RUNNING] = ".D.S.FN",
	[CDNA_QUEUE_DRAINING] = "..SS.FN",
	[CDNA_QUEUE_STOPPED] = "....R.N",
	[CDNA_QUEUE_FAULTED] = "......N",
};

static void the_queue_table(void **state)
{
	const struct fw_queue_transition *to;
	u32 s, e;

	(void)state;
	for (s = 0; s < FW_NR_QUEUE_STATES; s++) {
		for (e = 0; e < FW_NR_QUEUE_EVENTS; e++) {
			to = fw_queue_transition(s, e);
			if (expected[s][e] == '.') {
				assert_int_equal(to->next, s);
				assert_int_equal(to->action,
						 FW_QUEUE_DO_NOTHING);
			} else {
				assert_int_equal("NRDSF"[to->next],
						 expected[s][e]);
				assert_int_not_equal(to->action,
						     FW_QUEUE_DO_NOTHING);
			}
		}
	}
}

TEST_MAIN(
	TEST(a_context_that_is_refused_stays),
	TEST(every_context_can_be_released),
	TEST(a_fault_stops_only),
	TEST(the_queue_table),
)
