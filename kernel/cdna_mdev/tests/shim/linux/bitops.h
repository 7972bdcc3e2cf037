/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding bits. */
#ifndef SHIM_BITOPS_H
#define SHIM_BITOPS_H

#include <linux/types.h>

#define BIT(n)		(1ul << (n))
#define BIT_ULL(n)	(1ull << (n))

#define __ffs64(word)	((unsigned int)__builtin_ctzll(word))

#endif /* SHIM_BITOPS_H */
