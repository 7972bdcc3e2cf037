// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "job.h"

static void *job_main(void *arg)
{
	struct job *job = arg;

	__atomic_store_n(&job->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	job->result = job->run(job->dev);
	return NULL;
}

int job_start(struct job *job, long (*run)(struct vdev *dev), struct vdev *dev)
{
	job->tid = 0;
	job->run = run;
	job->dev = dev;
	return pthread_create(&job->thread, NULL, job_main, job);
}

bool job_ends(struct job *job)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += JOB_PATIENCE;
	return !pthread_timedjoin_np(job->thread, NULL, &end);
}

bool job_process_waits(pid_t pid)
{
	int left = JOB_PATIENCE * 100;
	char path[64], text[512];
	const char *at;
	FILE *file;

	for (; left; left--) {
		usleep(10000);
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		file = fopen(path, "r");
		if (!file)
			continue;
		at = fgets(text, sizeof(text), file) ? strrchr(text, ')') : NULL;
		fclose(file);
		if (at && at[2] == 'D')
			return true;
	}
	return false;
}

/* It has a number when it has begun. */
bool job_waits(const struct job *job)
{
	pid_t tid;

	while (!(tid = __atomic_load_n(&job->tid, __ATOMIC_ACQUIRE)))
		usleep(1000);
	return job_process_waits(tid);
}
