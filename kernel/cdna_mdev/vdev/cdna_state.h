/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lifecycle of a context on the host's side: one full table.
 */
#ifndef CDNA_STATE_H
#define CDNA_STATE_H

#include <linux/types.h>

#include <cdna/admin.h>

/**
 * enum cdna_ctx_event - what happens to a context
 * @CDNA_EV_CONFIGURE: a mediated device is made for it
 * @CDNA_EV_ACTIVATE: its guest gives it a status page
 * @CDNA_EV_RESET: its guest, or the one who opens it, starts afresh
 * @CDNA_EV_QUIESCE: it is stopped, with its indices kept
 * @CDNA_EV_FAULT: the NIC stopped it
 * @CDNA_EV_REVOKE: the administrator takes it away
 * @CDNA_EV_RESTORE: the administrator gives it back
 * @CDNA_EV_RELEASE: its mediated device goes
 * @CDNA_NR_CTX_EVENTS: how many there are
 */
enum cdna_ctx_event {
	CDNA_EV_CONFIGURE,
	CDNA_EV_ACTIVATE,
	CDNA_EV_RESET,
	CDNA_EV_QUIESCE,
	CDNA_EV_FAULT,
	CDNA_EV_REVOKE,
	CDNA_EV_RESTORE,
	CDNA_EV_RELEASE,
	CDNA_NR_CTX_EVENTS,
};

int cdna_state_next(enum cdna_ctx_state state, enum cdna_ctx_event event);

#endif /* CDNA_STATE_H */
