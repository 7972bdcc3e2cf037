/* SPDX-License-Identifier: GPL-2.0-only */
/* Little-endian loads and stores at any address. */
#ifndef SHIM_UNALIGNED_H
#define SHIM_UNALIGNED_H

#include <endian.h>
#include <linux/types.h>
#include <string.h>

#define le16_to_cpu(v)	le16toh(v)
#define le32_to_cpu(v)	le32toh(v)
#define le64_to_cpu(v)	le64toh(v)

/* Those of the C library are no constants. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SHIM_LE(bits, v)	((__u##bits)(v))
#else
#define SHIM_LE(bits, v)	__builtin_bswap##bits(v)
#endif
#define cpu_to_le16(v)	SHIM_LE(16, v)
#define cpu_to_le32(v)	SHIM_LE(32, v)
#define cpu_to_le64(v)	SHIM_LE(64, v)

#define SHIM_UNALIGNED(bits)						\
static inline __u##bits get_unaligned_le##bits(const void *from)	\
{									\
	__u##bits v;							\
									\
	memcpy(&v, from, sizeof(v));					\
	return le##bits##toh(v);					\
}									\
									\
static inline void put_unaligned_le##bits(__u##bits v, void *to)	\
{									\
	v = htole##bits(v);						\
	memcpy(to, &v, sizeof(v));					\
}

SHIM_UNALIGNED(16)
SHIM_UNALIGNED(32)
SHIM_UNALIGNED(64)

#endif /* SHIM_UNALIGNED_H */
