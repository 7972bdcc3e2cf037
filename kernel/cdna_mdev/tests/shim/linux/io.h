/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical addresses, which the test assigns. */
#ifndef SHIM_IO_H
#define SHIM_IO_H

#include <linux/types.h>

struct page;

u64 page_to_phys(struct page *page);
u64 virt_to_phys(void *memory);

#endif /* SHIM_IO_H */
