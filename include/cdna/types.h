/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Fixed-size types for the CDNA ABI, wherever it is compiled: in the kernel,
 * in a hosted program, or freestanding on the NIC's own processor.
 */
#ifndef CDNA_TYPES_H
#define CDNA_TYPES_H

#if defined(__KERNEL__)
#include <linux/build_bug.h>
#include <linux/types.h>
#elif __STDC_HOSTED__ && defined(__linux__)
#include <linux/types.h>
#include <stddef.h>
#else
#include <stddef.h>
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef __u16 __le16;
typedef __u32 __le32;
typedef __u64 __le64;
typedef __u16 __be16;
typedef __u32 __be32;
#endif

/* <assert.h> is not for freestanding programs. */
#if !defined(static_assert) && !defined(__cplusplus)
#define static_assert _Static_assert
#endif

/* Both sides of the wire format agree on these or do not compile. */
#define CDNA_ASSERT_SIZE(type, bytes) \
	static_assert(sizeof(type) == (bytes), #type " changed size")
#define CDNA_ASSERT_OFFSET(type, field, bytes) \
	static_assert(offsetof(type, field) == (bytes), \
		      #type "." #field " moved")

#endif /* CDNA_TYPES_H */
