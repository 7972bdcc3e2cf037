/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States of a queue, and what leads from one to another: pure, one full table.
 *
 *             CREATE              DRAIN
 *      NONE ---------> RUNNING ---------> STOPPED
 *       ^                 |                  |
 *       |                 | FAULT            |
 *       |                 v                  |
 *       |              FAULTED               |
 *       |                 |                  |
 *       +-----------------+------------------+
 *                 DESTROY, RESET
 *
 * NONE:
 *    - operations: CREATE. Its guest reads a report of zeros, and how many
 *      faults there were.
 *    - caveats: the queue has no memory, and does not exist in the NIC.
 *
 * RUNNING:
 *    - operations: traps enqueue descriptors; DRAIN, DESTROY. Memory that it
 *      uses may be unmapped: the queue is stopped first, which is a FAULT.
 *    - caveats: the NIC may have stopped it already, with the event that
 *      reports it on its way. The gate may be closed, by a drain in progress.
 *
 * DRAINING:
 *    - the NIC's name for a queue that finishes what was posted. The host waits
 *      for a drain with the queue RUNNING, so no queue of the host is here.
 *
 * STOPPED, FAULTED:
 *    - operations: DESTROY. The guest reads why, and which descriptor it was;
 *      the first fault stays.
 *    - caveats: the queue keeps its memory until it is destroyed, unless that was
 *      unmapped: see cdna_queue.backed. A drained queue does not fault.
 *
 * A guest's RESET, an administrator's revocation and the end of the device lead
 * to NONE from everywhere.
 */
#ifndef CDNA_QUEUE_STATE_H
#define CDNA_QUEUE_STATE_H

#include <linux/types.h>

#include <cdna/admin.h>

#define CDNA_NR_QUEUE_STATES	(CDNA_QUEUE_FAULTED + 1)

/**
 * enum cdna_queue_event - what happens to a queue
 * @CDNA_QEV_CREATE: the NIC has taken it
 * @CDNA_QEV_DRAIN: the NIC has sent what was posted, or was asked to
 * @CDNA_QEV_FAULT: the host or the NIC found a reason to stop it
 * @CDNA_QEV_DESTROY: its guest does not need it any longer
 * @CDNA_QEV_RESET: its context was reset or revoked
 * @CDNA_NR_QUEUE_EVENTS: how many there are
 */
enum cdna_queue_event {
	CDNA_QEV_CREATE,
	CDNA_QEV_DRAIN,
	CDNA_QEV_FAULT,
	CDNA_QEV_DESTROY,
	CDNA_QEV_RESET,
	CDNA_NR_QUEUE_EVENTS,
};

int cdna_queue_state_next(enum cdna_queue_state state,
			  enum cdna_queue_event event);

#endif /* CDNA_QUEUE_STATE_H */
