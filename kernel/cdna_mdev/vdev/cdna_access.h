/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses of a guest to the regions of its device.
 */
#ifndef CDNA_ACCESS_H
#define CDNA_ACCESS_H

#include <linux/types.h>

struct cdna_ctx;

u64 cdna_access_size(u32 index);
bool cdna_access_inside(u64 pos, size_t count);
int cdna_access_load(struct cdna_ctx *ctx, u64 pos, void *to, size_t count);
int cdna_access_store(struct cdna_ctx *ctx, u64 pos, const void *from,
		      size_t count);

#endif /* CDNA_ACCESS_H */
