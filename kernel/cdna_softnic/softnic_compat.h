/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that we build for, 6.12 and newer. Kbuild looks
 * into the kernel's headers and defines SOFTNIC_HRTIMER_SETUP if a timer is set up in
 * one call.
 */
#ifndef SOFTNIC_COMPAT_H
#define SOFTNIC_COMPAT_H

#include <linux/hrtimer.h>

#ifdef SOFTNIC_HRTIMER_SETUP
#define softnic_compat_hrtimer(timer, fn) \
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT)
#else
#define softnic_compat_hrtimer(timer, fn)				\
	do {								\
		struct hrtimer *__timer = (timer);			\
									\
		hrtimer_init(__timer, CLOCK_MONOTONIC,			\
			     HRTIMER_MODE_REL_SOFT);			\
		__timer->function = (fn);				\
	} while (0)
#endif

#endif /* SOFTNIC_COMPAT_H */
