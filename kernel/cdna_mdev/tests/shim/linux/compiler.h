/* SPDX-License-Identifier: GPL-2.0-only */
/* READ_ONCE() and WRITE_ONCE() are with the types. */
#ifndef SHIM_COMPILER_H
#define SHIM_COMPILER_H

#include <linux/types.h>

#endif /* SHIM_COMPILER_H */
