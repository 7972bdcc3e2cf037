/* SPDX-License-Identifier: GPL-2.0-only */
/* Barriers against what another thread writes, who plays the device. */
#ifndef SHIM_BARRIER_H
#define SHIM_BARRIER_H

#define dma_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)

#endif /* SHIM_BARRIER_H */
