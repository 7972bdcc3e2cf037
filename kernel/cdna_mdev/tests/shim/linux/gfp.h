/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages of the host, which the test supplies. */
#ifndef SHIM_GFP_H
#define SHIM_GFP_H

#include <linux/types.h>

#define GFP_KERNEL	0x1u
#define __GFP_ZERO	0x100u

void *alloc_pages_exact(size_t bytes, gfp_t gfp);
void free_pages_exact(void *memory, size_t bytes);

#endif /* SHIM_GFP_H */
