// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle table: state by event. It says where an event leads; what has to
 * be done on the way is told by the caller that raises the event.
 */
#include <linux/errno.h>

#include "vdev/cdna_state.h"

#define FREE		CDNA_CTX_FREE
#define CONFIGURED	CDNA_CTX_CONFIGURED
#define ACTIVE		CDNA_CTX_ACTIVE
#define FAULTED		CDNA_CTX_FAULTED
#define QUIESCED	CDNA_CTX_QUIESCED
#define REVOKED		CDNA_CTX_REVOKED
#define REFUSED		(-EBUSY)

/*
 * A fault that comes late changes nothing: the context is stopped already. A
 * quiesced context may be activated again, with new queues.
 */
static const s8 state_table[CDNA_NR_CTX_STATES][CDNA_NR_CTX_EVENTS] = {
	[CDNA_CTX_FREE] = {
		[CDNA_EV_CONFIGURE] = CONFIGURED,
		[CDNA_EV_ACTIVATE] = REFUSED,
		[CDNA_EV_RESET] = REFUSED,
		[CDNA_EV_QUIESCE] = REFUSED,
		[CDNA_EV_FAULT] = FREE,
		[CDNA_EV_REVOKE] = REFUSED,
		[CDNA_EV_RESTORE] = REFUSED,
		[CDNA_EV_RELEASE] = FREE,
	},
	[CDNA_CTX_CONFIGURED] = {
		[CDNA_EV_CONFIGURE] = REFUSED,
		[CDNA_EV_ACTIVATE] = ACTIVE,
		[CDNA_EV_RESET] = CONFIGURED,
		[CDNA_EV_QUIESCE] = REFUSED,
		[CDNA_EV_FAULT] = CONFIGURED,
		[CDNA_EV_REVOKE] = REVOKED,
		[CDNA_EV_RESTORE] = CONFIGURED,
		[CDNA_EV_RELEASE] = FREE,
	},
	[CDNA_CTX_ACTIVE] = {
		[CDNA_EV_CONFIGURE] = REFUSED,
		[CDNA_EV_ACTIVATE] = REFUSED,
		[CDNA_EV_RESET] = CONFIGURED,
		[CDNA_EV_QUIESCE] = QUIESCED,
		[CDNA_EV_FAULT] = FAULTED,
		[CDNA_EV_REVOKE] = REVOKED,
		[CDNA_EV_RESTORE] = ACTIVE,
		[CDNA_EV_RELEASE] = FREE,
	},
	[CDNA_CTX_FAULTED] = {
		[CDNA_EV_CONFIGURE] = REFUSED,
		[CDNA_EV_ACTIVATE] = REFUSED,
		[CDNA_EV_RESET] = CONFIGURED,
		[CDNA_EV_QUIESCE] = REFUSED,
		[CDNA_EV_FAULT] = FAULTED,
		[CDNA_EV_REVOKE] = REVOKED,
		[CDNA_EV_RESTORE] = FAULTED,
		[CDNA_EV_RELEASE] = FREE,
	},
	[CDNA_CTX_QUIESCED] = {
		[CDNA_EV_CONFIGURE] = REFUSED,
		[CDNA_EV_ACTIVATE] = ACTIVE,
		[CDNA_EV_RESET] = CONFIGURED,
		[CDNA_EV_QUIESCE] = QUIESCED,
		[CDNA_EV_FAULT] = FAULTED,
		[CDNA_EV_REVOKE] = REVOKED,
		[CDNA_EV_RESTORE] = QUIESCED,
		[CDNA_EV_RELEASE] = FREE,
	},
	[CDNA_CTX_REVOKED] = {
		[CDNA_EV_CONFIGURE] = REFUSED,
		[CDNA_EV_ACTIVATE] = REFUSED,
		[CDNA_EV_RESET] = REVOKED,
		[CDNA_EV_QUIESCE] = REFUSED,
		[CDNA_EV_FAULT] = REVOKED,
		[CDNA_EV_REVOKE] = REVOKED,
		[CDNA_EV_RESTORE] = CONFIGURED,
		[CDNA_EV_RELEASE] = FREE,
	},
};

/**
 * cdna_state_next - where an event leads
 * @state: where the context is
 * @event: what happens to it
 *
 * Return: the new enum cdna_ctx_state, which may be the old one, or -EBUSY if
 * the state does not allow the event.
 */
int cdna_state_next(enum cdna_ctx_state state, enum cdna_ctx_event event)
{
	return state_table[state][event];
}
