/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomic counters, as far as the pin table needs them. */
#ifndef SHIM_ATOMIC_H
#define SHIM_ATOMIC_H

#include <linux/types.h>

typedef struct {
	int v;
} atomic_t;

typedef struct {
	long v;
} atomic_long_t;

#define atomic_read(a)		__atomic_load_n(&(a)->v, __ATOMIC_RELAXED)
#define atomic_read_acquire(a)	__atomic_load_n(&(a)->v, __ATOMIC_ACQUIRE)
#define atomic_set(a, n)	__atomic_store_n(&(a)->v, n, __ATOMIC_RELAXED)
#define atomic_set_release(a, n) __atomic_store_n(&(a)->v, n, __ATOMIC_RELEASE)
#define atomic_fetch_dec_release(a) \
	__atomic_fetch_sub(&(a)->v, 1, __ATOMIC_RELEASE)
#define atomic_long_read(a)	atomic_read(a)
#define atomic_long_set(a, n)	atomic_set(a, n)
#define atomic_long_inc(a)	__atomic_add_fetch(&(a)->v, 1, __ATOMIC_SEQ_CST)

static inline int atomic_cmpxchg(atomic_t *a, int old, int new)
{
	__atomic_compare_exchange_n(&a->v, &old, new, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
	return old;
}

static inline bool atomic_inc_unless_negative(atomic_t *a)
{
	int old = atomic_read(a);

	while (old >= 0)
		if (__atomic_compare_exchange_n(&a->v, &old, old + 1, false,
						__ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

#endif /* SHIM_ATOMIC_H */
