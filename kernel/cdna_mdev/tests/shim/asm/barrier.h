/* SPDX-License-Identifier: GPL-2.0-only */
/* Barriers against another thread, who plays the device or the guest. */
#ifndef SHIM_BARRIER_H
#define SHIM_BARRIER_H

#define virt_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define virt_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)
#define virt_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define dma_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#endif /* SHIM_BARRIER_H */
