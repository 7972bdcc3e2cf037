/* SPDX-License-Identifier: GPL-2.0-only */
/* An xarray as a sorted array under a lock: the same promises, no speed. */
#ifndef SHIM_XARRAY_H
#define SHIM_XARRAY_H

#include <linux/types.h>
#include <pthread.h>

struct shim_slot {
	unsigned long index;
	void *entry;
};

struct xarray {
	pthread_mutex_t lock;
	struct shim_slot *slot;
	size_t count;
};

#define XA_PRESENT	0

void xa_init(struct xarray *xa);
#define XA_FLAGS_ACCOUNT	0
#define xa_init_flags(xa, flags)	xa_init(xa)
void xa_destroy(struct xarray *xa);
void *xa_load(struct xarray *xa, unsigned long index);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, int gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      int filter);

#endif /* SHIM_XARRAY_H */
