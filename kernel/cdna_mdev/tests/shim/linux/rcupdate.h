/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU as a read-write lock: freeing waits for all readers. That makes a use
 * after free in the code under test one that ASan can see.
 */
#ifndef SHIM_RCUPDATE_H
#define SHIM_RCUPDATE_H

#include <pthread.h>
#include <stdlib.h>

struct rcu_head {
	int unused;
};

extern pthread_rwlock_t shim_rcu;

#define rcu_read_lock()		pthread_rwlock_rdlock(&shim_rcu)
#define rcu_read_unlock()	pthread_rwlock_unlock(&shim_rcu)
#define kfree_rcu(ptr, member)				\
	do {						\
		pthread_rwlock_wrlock(&shim_rcu);	\
		free(ptr);				\
		pthread_rwlock_unlock(&shim_rcu);	\
	} while (0)

#define synchronize_rcu()				\
	do {						\
		pthread_rwlock_wrlock(&shim_rcu);	\
		pthread_rwlock_unlock(&shim_rcu);	\
	} while (0)

#endif /* SHIM_RCUPDATE_H */
