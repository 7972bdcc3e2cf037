// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of a queue's states. cdna_queue_event() is the door to it.
 */
#include <linux/errno.h>

#include "guard/cdna_queue_state.h"

#define NONE		CDNA_QUEUE_NONE
#define RUNNING		CDNA_QUEUE_RUNNING
#define STOPPED		CDNA_QUEUE_STOPPED
#define FAULTED		CDNA_QUEUE_FAULTED
#define REFUSED		(-EBUSY)

static const s8
queue_state_table[CDNA_NR_QUEUE_STATES][CDNA_NR_QUEUE_EVENTS] = {
	[CDNA_QUEUE_NONE] = {
		[CDNA_QEV_CREATE] = RUNNING,
		[CDNA_QEV_DRAIN] = REFUSED,
		[CDNA_QEV_FAULT] = NONE,
		[CDNA_QEV_DESTROY] = REFUSED,
		[CDNA_QEV_RESET] = NONE,
	},
	[CDNA_QUEUE_RUNNING] = {
		[CDNA_QEV_CREATE] = REFUSED,
		[CDNA_QEV_DRAIN] = STOPPED,
		[CDNA_QEV_FAULT] = FAULTED,
		[CDNA_QEV_DESTROY] = NONE,
		[CDNA_QEV_RESET] = NONE,
	},
	[CDNA_QUEUE_DRAINING] = {
		[CDNA_QEV_CREATE] = REFUSED,
		[CDNA_QEV_DRAIN] = REFUSED,
		[CDNA_QEV_FAULT] = FAULTED,
		[CDNA_QEV_DESTROY] = NONE,
		[CDNA_QEV_RESET] = NONE,
	},
	[CDNA_QUEUE_STOPPED] = {
		[CDNA_QEV_CREATE] = REFUSED,
		[CDNA_QEV_DRAIN] = REFUSED,
		[CDNA_QEV_FAULT] = STOPPED,
		[CDNA_QEV_DESTROY] = NONE,
		[CDNA_QEV_RESET] = NONE,
	},
	[CDNA_QUEUE_FAULTED] = {
		[CDNA_QEV_CREATE] = REFUSED,
		[CDNA_QEV_DRAIN] = REFUSED,
		[CDNA_QEV_FAULT] = FAULTED,
		[CDNA_QEV_DESTROY] = NONE,
		[CDNA_QEV_RESET] = NONE,
	},
};

/**
 * cdna_queue_state_next - where an event leads
 * @state: state of the queue
 * @event: what happens to it
 *
 * Return: the new enum cdna_queue_state, which may be the old one, or -EBUSY if
 * the state does not allow the event.
 */
int cdna_queue_state_next(enum cdna_queue_state state,
			  enum cdna_queue_event event)
{
	return queue_state_table[state][event];
}
