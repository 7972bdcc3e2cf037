/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What is called from other kernel modules: a board, or code that uses only the
 * tables of states. Elsewhere it is one program.
 */
#ifndef FW_EXPORT_H
#define FW_EXPORT_H

#if defined(__KERNEL__)
#include <linux/export.h>
#else
#define EXPORT_SYMBOL_GPL(...)
#endif

#endif /* FW_EXPORT_H */
