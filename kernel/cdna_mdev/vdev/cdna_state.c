// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle table: state by event. cdna_ctx_event() is the door to it, and runs
 * the actions.
 */
#include "vdev/cdna_state.h"

#define REFUSED(state)		{ CDNA_CTX_##state, false, CDNA_DO_NOTHING }
#define IGNORED(state)		{ CDNA_CTX_##state, true, CDNA_DO_NOTHING }
#define GOES(state, action)	{ CDNA_CTX_##state, true, CDNA_DO_##action }

/*
 * A fault that comes late changes nothing: the context is stopped already. A
 * revoked context may be reset: its guest finds nothing to complain about, and
 * nothing happens. A context that is paused is ACTIVE here; the row of QUIESCED
 * is the NIC's.
 */
static const struct cdna_state_cell
state_table[CDNA_NR_CTX_STATES][CDNA_NR_CTX_EVENTS] = {
	[CDNA_CTX_FREE] = {
		[CDNA_EV_CONFIGURE] = GOES(CONFIGURED, CONFIGURE),
		[CDNA_EV_ACTIVATE] = REFUSED(FREE),
		[CDNA_EV_RESET] = REFUSED(FREE),
		[CDNA_EV_FAULT] = IGNORED(FREE),
		[CDNA_EV_REVOKE] = REFUSED(FREE),
		[CDNA_EV_RESTORE] = REFUSED(FREE),
		[CDNA_EV_RELEASE] = REFUSED(FREE),
	},
	[CDNA_CTX_CONFIGURED] = {
		[CDNA_EV_CONFIGURE] = REFUSED(CONFIGURED),
		[CDNA_EV_ACTIVATE] = GOES(ACTIVE, ACTIVATE),
		[CDNA_EV_RESET] = GOES(CONFIGURED, RESET),
		[CDNA_EV_FAULT] = IGNORED(CONFIGURED),
		[CDNA_EV_REVOKE] = GOES(REVOKED, REVOKE),
		[CDNA_EV_RESTORE] = IGNORED(CONFIGURED),
		[CDNA_EV_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_ACTIVE] = {
		[CDNA_EV_CONFIGURE] = REFUSED(ACTIVE),
		[CDNA_EV_ACTIVATE] = REFUSED(ACTIVE),
		[CDNA_EV_RESET] = GOES(CONFIGURED, RESET),
		[CDNA_EV_FAULT] = GOES(FAULTED, STOP),
		[CDNA_EV_REVOKE] = GOES(REVOKED, REVOKE),
		[CDNA_EV_RESTORE] = IGNORED(ACTIVE),
		[CDNA_EV_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_FAULTED] = {
		[CDNA_EV_CONFIGURE] = REFUSED(FAULTED),
		[CDNA_EV_ACTIVATE] = REFUSED(FAULTED),
		[CDNA_EV_RESET] = GOES(CONFIGURED, RESET),
		[CDNA_EV_FAULT] = IGNORED(FAULTED),
		[CDNA_EV_REVOKE] = GOES(REVOKED, REVOKE),
		[CDNA_EV_RESTORE] = IGNORED(FAULTED),
		[CDNA_EV_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_QUIESCED] = {
		[CDNA_EV_CONFIGURE] = REFUSED(QUIESCED),
		[CDNA_EV_ACTIVATE] = GOES(ACTIVE, ACTIVATE),
		[CDNA_EV_RESET] = GOES(CONFIGURED, RESET),
		[CDNA_EV_FAULT] = GOES(FAULTED, STOP),
		[CDNA_EV_REVOKE] = GOES(REVOKED, REVOKE),
		[CDNA_EV_RESTORE] = IGNORED(QUIESCED),
		[CDNA_EV_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_REVOKED] = {
		[CDNA_EV_CONFIGURE] = REFUSED(REVOKED),
		[CDNA_EV_ACTIVATE] = REFUSED(REVOKED),
		[CDNA_EV_RESET] = IGNORED(REVOKED),
		[CDNA_EV_FAULT] = IGNORED(REVOKED),
		[CDNA_EV_REVOKE] = IGNORED(REVOKED),
		[CDNA_EV_RESTORE] = GOES(CONFIGURED, RESTORE),
		[CDNA_EV_RELEASE] = GOES(FREE, RELEASE),
	},
};

/**
 * cdna_state_cell - what an event does
 * @state: state of the context
 * @event: what happens to it
 *
 * Return: the cell of the table.
 */
const struct cdna_state_cell *cdna_state_cell(enum cdna_ctx_state state,
					      enum cdna_ctx_event event)
{
	return &state_table[state][event];
}
