/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Life of a queue, one ring of a queue pair, as a full table of state and
 * event. Depends on the ABI alone.
 *
 *	NONE      Not there. Its ring's memory is the host's: no DMA.
 *	RUNNING   Served: producer mailboxes are acted on, descriptors fetched,
 *	          frames sent or delivered.
 *	DRAINING  Transmit only. Served, but mailboxes are ignored: it sends
 *	          what was posted and then stops. A command may wait for that.
 *	STOPPED   Not served. Indices can be queried, and are final: the host
 *	          destroys it when it has read them. One that was quiesced with
 *	          its context goes on with it.
 *	FAULTED   As STOPPED, by a fault that was counted and reported.
 *
 * A queue that is marked (ctx/mark.h) is in its old state, but not served.
 */
#ifndef FW_QUEUE_STATE_H
#define FW_QUEUE_STATE_H

#include <cdna/admin.h>

#define FW_NR_QUEUE_STATES	(CDNA_QUEUE_FAULTED + 1)

/**
 * enum fw_queue_event - what happens to a queue
 * @FW_QUEUE_CREATE: the host creates it
 * @FW_QUEUE_DRAIN: the host wants it to stop when all is sent; there is more
 * @FW_QUEUE_DRAINED: all is sent
 * @FW_QUEUE_STOP: it has to stop where it is
 * @FW_QUEUE_RESUME: it was quiesced, and goes on where it stopped
 * @FW_QUEUE_FAULT: its ring or the buffers are bad
 * @FW_QUEUE_DESTROY: the host, or the end of its context, destroys it
 * @FW_NR_QUEUE_EVENTS: how many there are
 */
enum fw_queue_event {
	FW_QUEUE_CREATE,
	FW_QUEUE_DRAIN,
	FW_QUEUE_DRAINED,
	FW_QUEUE_STOP,
	FW_QUEUE_RESUME,
	FW_QUEUE_FAULT,
	FW_QUEUE_DESTROY,
	FW_NR_QUEUE_EVENTS,
};

/**
 * enum fw_queue_action - what a transition has to do
 * @FW_QUEUE_DO_NOTHING: nothing: the event changes nothing in this state
 * @FW_QUEUE_DO_START: publish indices that are not those of its predecessor
 * @FW_QUEUE_DO_DRAIN: make sure that it gets its turn
 * @FW_QUEUE_DO_COMPLETE: publish the final indices, complete the drain
 * @FW_QUEUE_DO_STOP: abort the drain that was waited for
 * @FW_QUEUE_DO_RESUME: make sure that it gets its turn
 * @FW_QUEUE_DO_REPORT: report the fault to host and driver, abort the drain
 * @FW_QUEUE_DO_END: abort the drain; no DMA starts any longer
 * @FW_NR_QUEUE_ACTIONS: how many there are
 */
enum fw_queue_action {
	FW_QUEUE_DO_NOTHING,
	FW_QUEUE_DO_START,
	FW_QUEUE_DO_DRAIN,
	FW_QUEUE_DO_COMPLETE,
	FW_QUEUE_DO_STOP,
	FW_QUEUE_DO_RESUME,
	FW_QUEUE_DO_REPORT,
	FW_QUEUE_DO_END,
	FW_NR_QUEUE_ACTIONS,
};

/**
 * struct fw_queue_transition - what an event does in a state
 * @next: enum cdna_queue_state afterwards
 * @action: enum fw_queue_action, done once the state has changed
 */
struct fw_queue_transition {
	__u8 next;
	__u8 action;
};

const struct fw_queue_transition *
fw_queue_transition(enum cdna_queue_state state, enum fw_queue_event event);

#endif /* FW_QUEUE_STATE_H */
