/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's names for byte order; the exported header has others. */
#ifndef SHIM_BYTEORDER_H
#define SHIM_BYTEORDER_H

#include_next <asm/byteorder.h>
#include <linux/unaligned.h>

#endif /* SHIM_BYTEORDER_H */
