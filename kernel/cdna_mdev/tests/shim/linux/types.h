/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's types in user space; the ABI headers want the exported ones. */
#ifndef SHIM_TYPES_H
#define SHIM_TYPES_H

#include_next <linux/types.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef signed char s8;
typedef __s32 s32;
typedef __s64 s64;
typedef u64 dma_addr_t;
typedef unsigned int gfp_t;

#define __force

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)

#endif /* SHIM_TYPES_H */
