/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What another thread or process does with a device, and whether it waits in the kernel.
 */
#ifndef SELFTEST_JOB_H
#define SELFTEST_JOB_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "vdev.h"

#define JOB_PATIENCE	20	/* seconds; an administrator waits for less */

/**
 * struct job - something that another thread does
 * @thread: the thread
 * @tid: its number
 * @run: what it does
 * @dev: for which device
 * @result: what it came to
 */
struct job {
	pthread_t thread;
	pid_t tid;
	long (*run)(struct vdev *dev);
	struct vdev *dev;
	long result;
};

int job_start(struct job *job, long (*run)(struct vdev *dev), struct vdev *dev);
bool job_ends(struct job *job);
/* It waits for a lock in the kernel; and so does a process. */
bool job_waits(const struct job *job);
bool job_process_waits(pid_t pid);

#endif /* SELFTEST_JOB_H */
