// SPDX-License-Identifier: GPL-2.0-only
/* The two clocks: one that never jumps, one that people read. */
#include "clock.h"

#include <time.h>

static u64 clock_read(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (u64)t.tv_sec * CLOCK_NS_PER_SEC + (u64)t.tv_nsec;
}

/**
 * clock_now_ns() - monotonic time, the firmware's clock
 *
 * Return: nanoseconds since some fixed moment.
 */
u64 clock_now_ns(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/**
 * clock_wall_ns() - time of day, for the packet capture
 *
 * Return: nanoseconds since 1970-01-01 UTC.
 */
u64 clock_wall_ns(void)
{
	return clock_read(CLOCK_REALTIME);
}
