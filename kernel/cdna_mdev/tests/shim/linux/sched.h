/* SPDX-License-Identifier: GPL-2.0-only */
#include <sched.h>

static inline void cond_resched(void)
{
	sched_yield();
}
