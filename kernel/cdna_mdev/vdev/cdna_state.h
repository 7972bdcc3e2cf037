/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lifecycle of a context on the host's side: one full table, pure. It is the
 * table of the NIC (the firmware's core/ctx), and one more event: RESTORE, for
 * which the NIC has RELEASE and CONFIGURE.
 */
#ifndef CDNA_STATE_H
#define CDNA_STATE_H

#include <linux/types.h>

#include <cdna/admin.h>

/**
 * enum cdna_ctx_event - what happens to a context
 * @CDNA_EV_CONFIGURE: a mediated device is made for it, or has a new address
 * @CDNA_EV_ACTIVATE: its guest gives it a status page
 * @CDNA_EV_RESET: its guest starts over, or it is closed
 * @CDNA_EV_FAULT: the NIC stopped it, or it has to be stopped
 * @CDNA_EV_REVOKE: the administrator takes it away
 * @CDNA_EV_RESTORE: the administrator returns it
 * @CDNA_EV_RELEASE: its mediated device is removed, or its address changes
 * @CDNA_NR_CTX_EVENTS: how many there are
 */
enum cdna_ctx_event {
	CDNA_EV_CONFIGURE,
	CDNA_EV_ACTIVATE,
	CDNA_EV_RESET,
	CDNA_EV_FAULT,
	CDNA_EV_REVOKE,
	CDNA_EV_RESTORE,
	CDNA_EV_RELEASE,
	CDNA_NR_CTX_EVENTS,
};

/**
 * enum cdna_ctx_action - what has to be done on the way to the next state
 * @CDNA_DO_NOTHING: the event changes nothing
 * @CDNA_DO_CONFIGURE: give the NIC's context its address
 * @CDNA_DO_ACTIVATE: have the NIC serve it, and let traps in
 * @CDNA_DO_RESET: destroy its queues, release its pages
 * @CDNA_DO_STOP: stop its queues, keep its pages
 * @CDNA_DO_REVOKE: as RESET, and detach the mailbox page
 * @CDNA_DO_RESTORE: configure it again, attach the mailbox page
 * @CDNA_DO_RELEASE: the NIC's context is FREE again
 * @CDNA_NR_CTX_ACTIONS: how many there are
 */
enum cdna_ctx_action {
	CDNA_DO_NOTHING,
	CDNA_DO_CONFIGURE,
	CDNA_DO_ACTIVATE,
	CDNA_DO_RESET,
	CDNA_DO_STOP,
	CDNA_DO_REVOKE,
	CDNA_DO_RESTORE,
	CDNA_DO_RELEASE,
	CDNA_NR_CTX_ACTIONS,
};

/**
 * struct cdna_state_cell - what an event does in a state
 * @next: enum cdna_ctx_state afterwards
 * @allowed: false: the event is refused
 * @action: enum cdna_ctx_action; done before the state changes
 */
struct cdna_state_cell {
	u8 next;
	bool allowed;
	u8 action;
};

const struct cdna_state_cell *cdna_state_cell(enum cdna_ctx_state state,
					      enum cdna_ctx_event event);

#endif /* CDNA_STATE_H */
