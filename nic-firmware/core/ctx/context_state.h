/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lifecycle of a context as a full table of state and event. Depends on the
 * ABI alone, so that a test can compare it with the host's table.
 *
 *	FREE        Nobody's. Nothing is received for it and nothing sent.
 *	CONFIGURED  Has addresses and limits, and counts as an owner of packet
 *	            memory. No queues, no status page: frames from the wire to
 *	            it are dropped and counted; those of other contexts leave by
 *	            the wire until it is activated, and are dropped afterwards.
 *	ACTIVE      Has a status page; queues may be created, its mailboxes are
 *	            acted on. The only state in which it takes groups' frames.
 *	QUIESCED    It is paused: its queues have stopped where they are, and
 *	            their indices can be queried. Frames to it are dropped and
 *	            counted, and stores to its mailboxes are looked at when it
 *	            goes on. A drain that the host began has ended.
 *	FAULTED     The NIC cannot write memory that the context depends on.
 *	            Its queues are stopped and nothing is written for it: the
 *	            guest learns it from its interrupt and its partition.
 *	REVOKED     Without addresses, without queues. The host may release it,
 *	            nothing else; a guest's stores are counted and ignored.
 *
 * A guest can cause FAULT only; everything else is a command of the host.
 */
#ifndef FW_CONTEXT_STATE_H
#define FW_CONTEXT_STATE_H

#include <cdna/admin.h>

/**
 * enum fw_ctx_event - what happens to a context
 * @FW_CTX_CONFIGURE: the host gives it an identity
 * @FW_CTX_ACTIVATE: the host gives it a status page; queues may be created
 * @FW_CTX_QUIESCE: the host pauses it
 * @FW_CTX_RESUME: the host resumes it there
 * @FW_CTX_RESET: the host destroys its queues
 * @FW_CTX_FAULT: the NIC cannot write its status page, completion ring or used
 *	ring
 * @FW_CTX_REVOKE: the host takes it away immediately
 * @FW_CTX_RELEASE: the host has no more use for it
 * @FW_NR_CTX_EVENTS: how many there are
 */
enum fw_ctx_event {
	FW_CTX_CONFIGURE,
	FW_CTX_ACTIVATE,
	FW_CTX_QUIESCE,
	FW_CTX_RESUME,
	FW_CTX_RESET,
	FW_CTX_FAULT,
	FW_CTX_REVOKE,
	FW_CTX_RELEASE,
	FW_NR_CTX_EVENTS,
};

/**
 * enum fw_ctx_action - what a transition has to do
 * @FW_CTX_DO_NOTHING: nothing
 * @FW_CTX_DO_CONFIGURE: clear its counters, make it an owner of packet memory
 * @FW_CTX_DO_ACTIVATE: start without queues
 * @FW_CTX_DO_QUIESCE: stop its queues where they are
 * @FW_CTX_DO_RESUME: serve those again, with what was posted meanwhile
 * @FW_CTX_DO_RESET: destroy its queues, drop what waits for the wire
 * @FW_CTX_DO_STOP: stop its queues, report the fault
 * @FW_CTX_DO_REVOKE: as RESET, and remove its addresses
 * @FW_CTX_DO_RELEASE: as REVOKE, and forget everything about it
 * @FW_NR_CTX_ACTIONS: how many there are
 */
enum fw_ctx_action {
	FW_CTX_DO_NOTHING,
	FW_CTX_DO_CONFIGURE,
	FW_CTX_DO_ACTIVATE,
	FW_CTX_DO_QUIESCE,
	FW_CTX_DO_RESUME,
	FW_CTX_DO_RESET,
	FW_CTX_DO_STOP,
	FW_CTX_DO_REVOKE,
	FW_CTX_DO_RELEASE,
	FW_NR_CTX_ACTIONS,
};

/**
 * struct fw_ctx_transition - what an event does in a state
 * @next: enum cdna_ctx_state afterwards
 * @status: enum cdna_admin_status
 * @action: enum fw_ctx_action, done once the state has changed
 */
struct fw_ctx_transition {
	__u8 next;
	__u8 status;
	__u8 action;
};

const struct fw_ctx_transition *fw_ctx_transition(enum cdna_ctx_state state,
						  enum fw_ctx_event event);

#endif /* FW_CONTEXT_STATE_H */
