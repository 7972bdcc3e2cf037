/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the firmware needs of its compiler: fixed-size integers, byte order,
 * memory functions. Three worlds: kernel, hosted, freestanding.
 */
#ifndef FW_PORT_H
#define FW_PORT_H

#if defined(__KERNEL__)
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

/* The compiler calls these by itself; a board without libc supplies them. */
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
#endif

#include <cdna/types.h>

#include "base/export.h"

#ifndef FW_MAX_CONTEXTS
#define FW_MAX_CONTEXTS		32	/* as in the paper; at most 256 */
#endif

/* Errors of the core and of a board's operations */
enum {
	FW_OK = 0,
	FW_EFAULT = -1,		/* memory that DMA cannot reach */
	FW_EBUSY = -2,		/* try again when the wire has room */
	FW_EINVAL = -3,		/* refused */
	FW_ENOSPC = -4,		/* no room */
	FW_ENOENT = -5,		/* no such thing */
	FW_EEXIST = -6,		/* there already */
};

#define FW_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define FW_MIN(a, b)		((a) < (b) ? (a) : (b))
#define FW_MAX(a, b)		((a) > (b) ? (a) : (b))
#define FW_CONTAINER_OF(p, type, member) \
	((type *)((u8 *)(p) - offsetof(type, member)))

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define FW_SWAP16(v)		__builtin_bswap16(v)
#define FW_SWAP32(v)		__builtin_bswap32(v)
#define FW_SWAP64(v)		__builtin_bswap64(v)
#else
#define FW_SWAP16(v)		(v)
#define FW_SWAP32(v)		(v)
#define FW_SWAP64(v)		(v)
#endif

#ifdef __CHECKER__
#define FW_FORCE		__attribute__((force))
#else
#define FW_FORCE
#endif

/* ABI integers, little-endian, to and from the processor's */
static inline u16 fw_le16(__le16 v)
{
	return FW_SWAP16((FW_FORCE u16)v);
}

static inline u32 fw_le32(__le32 v)
{
	return FW_SWAP32((FW_FORCE u32)v);
}

static inline u64 fw_le64(__le64 v)
{
	return FW_SWAP64((FW_FORCE u64)v);
}

static inline __le16 fw_to_le16(u16 v)
{
	return (FW_FORCE __le16)FW_SWAP16(v);
}

static inline __le32 fw_to_le32(u32 v)
{
	return (FW_FORCE __le32)FW_SWAP32(v);
}

static inline __le64 fw_to_le64(u64 v)
{
	return (FW_FORCE __le64)FW_SWAP64(v);
}

/* Packet bytes, network order, at any alignment */
static inline u16 fw_get_be16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 fw_get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static inline void fw_put_be16(u8 *p, u16 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)(v & 0xff);
}

static inline void fw_put_be32(u8 *p, u32 v)
{
	fw_put_be16(p, (u16)(v >> 16));
	fw_put_be16(p + 2, (u16)v);
}

/* Has the processor an instruction for it? There is no libgcc. */
#if defined(__riscv) && !defined(__riscv_zbb)
#define FW_HAS_CTZ		0
#else
#define FW_HAS_CTZ		1
#endif

/* Index of the lowest set bit; @v is not 0 */
static inline u32 fw_ffs32(u32 v)
{
	/* Each window of 5 bits of the multiplied constant differs. */
	static const u8 place[32] = {
		0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
		31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
	};

	if (FW_HAS_CTZ)
		return (u32)__builtin_ctz(v);
	return place[(v & -v) * 0x077cb531u >> 27];
}

static inline u32 fw_ffs64(u64 v)
{
	if (FW_HAS_CTZ && sizeof(void *) == 8)
		return (u32)__builtin_ctzll(v);
	return (u32)v ? fw_ffs32((u32)v) : 32 + fw_ffs32((u32)(v >> 32));
}

#endif /* FW_PORT_H */
