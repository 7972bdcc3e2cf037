/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What headers of 7.x use and sparse 0.6.4, the last release, does not know:
 * the first is C23; the second is in a static_assert on module strings,
 * which sparse cannot evaluate. Only sparse reads this file.
 */
#define __typeof_unqual__	__typeof__
#define __builtin_strlen(s)	(sizeof(s) - 1)
