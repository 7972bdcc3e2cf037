/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_SLAB_H
#define SHIM_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL_ACCOUNT	0
#define kzalloc(bytes, gfp)	calloc(1, bytes)
#define kfree(ptr)		free(ptr)

#endif /* SHIM_SLAB_H */
