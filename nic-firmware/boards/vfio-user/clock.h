/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_CLOCK_H
#define NICD_CLOCK_H

#include "core/base/port.h"

#define CLOCK_NS_PER_SEC	1000000000ull
#define CLOCK_NS_PER_MS		1000000ull

u64 clock_now_ns(void);
u64 clock_wall_ns(void);

#endif /* NICD_CLOCK_H */
