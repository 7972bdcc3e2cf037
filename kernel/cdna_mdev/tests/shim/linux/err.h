/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors in pointers, as the kernel has them. */
#ifndef SHIM_ERR_H
#define SHIM_ERR_H

#define ERR_PTR(error)	((void *)(long)(error))
#define PTR_ERR(ptr)	((long)(ptr))
#define IS_ERR(ptr)	((unsigned long)(ptr) >= (unsigned long)-4095)

#endif /* SHIM_ERR_H */
