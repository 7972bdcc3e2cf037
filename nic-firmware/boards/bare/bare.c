// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that a link without libc needs: the four memory functions and
 * an entry that keeps the whole core and its state in the image, so that the
 * image's sizes are those of a firmware. It is not a board yet.
 */
#include "nic.h"

void *memcpy(void *dst, const void *src, size_t n)
{
	const u8 *from = src;
	u8 *to = dst;

	while (n--)
		*to++ = *from++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	const u8 *from = src;
	u8 *to = dst;

	if (to <= from)
		return memcpy(dst, src, n);
	while (n--)
		to[n] = from[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	u8 *to = dst;

	while (n--)
		*to++ = (u8)c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a;
	const u8 *y = b;

	for (; n--; x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

/* The NIC's memory. A board's start code would fill in its operations. */
struct fw_nic bare_nic;
struct fw_board_ops bare_ops;
struct fw_config bare_config;

void _start(void);
void _start(void)
{
	if (fw_nic_init(&bare_nic, &bare_ops, NULL, &bare_config))
		return;
	for (;;)
		fw_nic_step(&bare_nic);
}
