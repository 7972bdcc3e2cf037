// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>
#include <stdlib.h>
#include <string.h>

pthread_rwlock_t shim_rcu = PTHREAD_RWLOCK_INITIALIZER;

void xa_init(struct xarray *xa)
{
	memset(xa, 0, sizeof(*xa));
	pthread_mutex_init(&xa->lock, NULL);
}

void xa_destroy(struct xarray *xa)
{
	free(xa->slot);
	xa->slot = NULL;
	xa->count = 0;
}

/* The first slot at or after an index */
static size_t shim_find(const struct xarray *xa, unsigned long index)
{
	size_t low = 0, high = xa->count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (xa->slot[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      int filter)
{
	void *entry = NULL;
	size_t at;

	(void)filter;
	pthread_mutex_lock(&xa->lock);
	at = shim_find(xa, *index);
	if (at < xa->count && xa->slot[at].index <= max) {
		*index = xa->slot[at].index;
		entry = xa->slot[at].entry;
	}
	pthread_mutex_unlock(&xa->lock);
	return entry;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	return xa_find(xa, &index, index, XA_PRESENT);
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, int gfp)
{
	struct shim_slot *slot;
	int ret = -ENOMEM;
	size_t at;

	(void)gfp;
	pthread_mutex_lock(&xa->lock);
	at = shim_find(xa, index);
	if (at < xa->count && xa->slot[at].index == index) {
		ret = -EBUSY;
		goto unlock;
	}
	slot = realloc(xa->slot, (xa->count + 1) * sizeof(*slot));
	if (!slot)
		goto unlock;
	memmove(slot + at + 1, slot + at, (xa->count - at) * sizeof(*slot));
	slot[at] = (struct shim_slot){ .index = index, .entry = entry };
	xa->slot = slot;
	xa->count++;
	ret = 0;
unlock:
	pthread_mutex_unlock(&xa->lock);
	return ret;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	void *entry = NULL;
	size_t at;

	pthread_mutex_lock(&xa->lock);
	at = shim_find(xa, index);
	if (at < xa->count && xa->slot[at].index == index) {
		entry = xa->slot[at].entry;
		xa->count--;
		memmove(xa->slot + at, xa->slot + at + 1,
			(xa->count - at) * sizeof(*xa->slot));
	}
	pthread_mutex_unlock(&xa->lock);
	return entry;
}
