/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting is polling here: correct under any scheduler, and short. */
#ifndef SHIM_WAIT_H
#define SHIM_WAIT_H

#include <sched.h>

typedef struct {
	int unused;
} wait_queue_head_t;

#define init_waitqueue_head(wq)	((wq)->unused = 0)
#define wake_up_all(wq)		((void)(wq))
#define wait_event(wq, cond)	\
	do { while (!(cond)) sched_yield(); } while (0)
/* No thread is killed. */
#define wait_event_killable(wq, cond)	\
	({ wait_event(wq, cond); 0; })

#endif /* SHIM_WAIT_H */
