// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Life of a queue: where each event leads from each state.
 */
#include "ctx/queue_state.h"

#include "base/export.h"

#define STAYS(state)		{ CDNA_QUEUE_##state, FW_QUEUE_DO_NOTHING }
#define GOES(state, action)	{ CDNA_QUEUE_##state, FW_QUEUE_DO_##action }

static const struct fw_queue_transition
queue_table[FW_NR_QUEUE_STATES][FW_NR_QUEUE_EVENTS] = {
	[CDNA_QUEUE_NONE] = {
		[FW_QUEUE_CREATE] = GOES(RUNNING, START),
		[FW_QUEUE_DRAIN] = STAYS(NONE),
		[FW_QUEUE_DRAINED] = STAYS(NONE),
		[FW_QUEUE_STOP] = STAYS(NONE),
		[FW_QUEUE_RESUME] = STAYS(NONE),
		[FW_QUEUE_FAULT] = STAYS(NONE),
		[FW_QUEUE_DESTROY] = STAYS(NONE),
	},
	[CDNA_QUEUE_RUNNING] = {
		[FW_QUEUE_CREATE] = STAYS(RUNNING),
		[FW_QUEUE_DRAIN] = GOES(DRAINING, DRAIN),
		[FW_QUEUE_DRAINED] = STAYS(RUNNING),
		[FW_QUEUE_STOP] = GOES(STOPPED, STOP),
		[FW_QUEUE_RESUME] = STAYS(RUNNING),
		[FW_QUEUE_FAULT] = GOES(FAULTED, REPORT),
		[FW_QUEUE_DESTROY] = GOES(NONE, END),
	},
	[CDNA_QUEUE_DRAINING] = {
		[FW_QUEUE_CREATE] = STAYS(DRAINING),
		[FW_QUEUE_DRAIN] = STAYS(DRAINING),
		[FW_QUEUE_DRAINED] = GOES(STOPPED, COMPLETE),
		[FW_QUEUE_STOP] = GOES(STOPPED, STOP),
		[FW_QUEUE_RESUME] = STAYS(DRAINING),
		[FW_QUEUE_FAULT] = GOES(FAULTED, REPORT),
		[FW_QUEUE_DESTROY] = GOES(NONE, END),
	},
	[CDNA_QUEUE_STOPPED] = {
		[FW_QUEUE_CREATE] = STAYS(STOPPED),
		[FW_QUEUE_DRAIN] = STAYS(STOPPED),
		[FW_QUEUE_DRAINED] = STAYS(STOPPED),
		[FW_QUEUE_STOP] = STAYS(STOPPED),
		[FW_QUEUE_RESUME] = GOES(RUNNING, RESUME),
		[FW_QUEUE_FAULT] = STAYS(STOPPED),
		[FW_QUEUE_DESTROY] = GOES(NONE, END),
	},
	[CDNA_QUEUE_FAULTED] = {
		[FW_QUEUE_CREATE] = STAYS(FAULTED),
		[FW_QUEUE_DRAIN] = STAYS(FAULTED),
		[FW_QUEUE_DRAINED] = STAYS(FAULTED),
		[FW_QUEUE_STOP] = STAYS(FAULTED),
		[FW_QUEUE_RESUME] = STAYS(FAULTED),
		[FW_QUEUE_FAULT] = STAYS(FAULTED),
		[FW_QUEUE_DESTROY] = GOES(NONE, END),
	},
};

/**
 * fw_queue_transition() - what an event does to a queue
 * @state: the queue's state
 * @event: what happens to it
 *
 * Return: the cell of the table
 */
const struct fw_queue_transition *
fw_queue_transition(enum cdna_queue_state state, enum fw_queue_event event)
{
	return &queue_table[state][event];
}
EXPORT_SYMBOL_GPL(fw_queue_transition);
