// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lifecycle of a context: where each event leads from each state.
 */
#include "ctx/context_state.h"

#include "base/export.h"

#define REFUSED(state)	{ CDNA_CTX_##state, CDNA_SC_BAD_STATE, \
			  FW_CTX_DO_NOTHING }
#define IGNORED(state)	{ CDNA_CTX_##state, CDNA_SC_OK, FW_CTX_DO_NOTHING }
#define GOES(state, action)	\
	{ CDNA_CTX_##state, CDNA_SC_OK, FW_CTX_DO_##action }

static const struct fw_ctx_transition
context_table[CDNA_NR_CTX_STATES][FW_NR_CTX_EVENTS] = {
	[CDNA_CTX_FREE] = {
		[FW_CTX_CONFIGURE] = GOES(CONFIGURED, CONFIGURE),
		[FW_CTX_ACTIVATE] = REFUSED(FREE),
		[FW_CTX_QUIESCE] = REFUSED(FREE),
		[FW_CTX_RESET] = REFUSED(FREE),
		[FW_CTX_FAULT] = IGNORED(FREE),
		[FW_CTX_REVOKE] = REFUSED(FREE),
		[FW_CTX_RELEASE] = REFUSED(FREE),
	},
	[CDNA_CTX_CONFIGURED] = {
		[FW_CTX_CONFIGURE] = REFUSED(CONFIGURED),
		[FW_CTX_ACTIVATE] = GOES(ACTIVE, ACTIVATE),
		[FW_CTX_QUIESCE] = REFUSED(CONFIGURED),
		[FW_CTX_RESET] = IGNORED(CONFIGURED),
		[FW_CTX_FAULT] = IGNORED(CONFIGURED),
		[FW_CTX_REVOKE] = GOES(REVOKED, REVOKE),
		[FW_CTX_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_ACTIVE] = {
		[FW_CTX_CONFIGURE] = REFUSED(ACTIVE),
		[FW_CTX_ACTIVATE] = REFUSED(ACTIVE),
		[FW_CTX_QUIESCE] = GOES(QUIESCED, QUIESCE),
		[FW_CTX_RESET] = GOES(CONFIGURED, RESET),
		[FW_CTX_FAULT] = GOES(FAULTED, STOP),
		[FW_CTX_REVOKE] = GOES(REVOKED, REVOKE),
		[FW_CTX_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_FAULTED] = {
		[FW_CTX_CONFIGURE] = REFUSED(FAULTED),
		[FW_CTX_ACTIVATE] = REFUSED(FAULTED),
		[FW_CTX_QUIESCE] = REFUSED(FAULTED),
		[FW_CTX_RESET] = GOES(CONFIGURED, RESET),
		[FW_CTX_FAULT] = IGNORED(FAULTED),
		[FW_CTX_REVOKE] = GOES(REVOKED, REVOKE),
		[FW_CTX_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_QUIESCED] = {
		[FW_CTX_CONFIGURE] = REFUSED(QUIESCED),
		[FW_CTX_ACTIVATE] = GOES(ACTIVE, ACTIVATE),
		[FW_CTX_QUIESCE] = IGNORED(QUIESCED),
		[FW_CTX_RESET] = GOES(CONFIGURED, RESET),
		[FW_CTX_FAULT] = GOES(FAULTED, STOP),
		[FW_CTX_REVOKE] = GOES(REVOKED, REVOKE),
		[FW_CTX_RELEASE] = GOES(FREE, RELEASE),
	},
	[CDNA_CTX_REVOKED] = {
		[FW_CTX_CONFIGURE] = REFUSED(REVOKED),
		[FW_CTX_ACTIVATE] = REFUSED(REVOKED),
		[FW_CTX_QUIESCE] = REFUSED(REVOKED),
		[FW_CTX_RESET] = REFUSED(REVOKED),
		[FW_CTX_FAULT] = IGNORED(REVOKED),
		[FW_CTX_REVOKE] = IGNORED(REVOKED),
		[FW_CTX_RELEASE] = GOES(FREE, RELEASE),
	},
};

/**
 * fw_ctx_transition() - what an event does to a context
 * @state: the context's state
 * @event: what happens to it
 *
 * Return: the cell of the table. A refused event leaves the state as it is
 */
const struct fw_ctx_transition *fw_ctx_transition(enum cdna_ctx_state state,
						  enum fw_ctx_event event)
{
	return &context_table[state][event];
}
EXPORT_SYMBOL_GPL(fw_ctx_transition);
