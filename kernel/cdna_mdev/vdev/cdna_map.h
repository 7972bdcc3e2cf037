/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mailbox page in the guest's address space.
 */
#ifndef CDNA_MAP_H
#define CDNA_MAP_H

#include <linux/types.h>

struct cdna_ctx;
struct vm_area_struct;

int cdna_map_mmap(struct cdna_ctx *ctx, struct vm_area_struct *vma);
void cdna_map_detach(struct cdna_ctx *ctx);
void cdna_map_attach(struct cdna_ctx *ctx);
void cdna_map_clean(struct cdna_ctx *ctx);
void cdna_map_load(struct cdna_ctx *ctx, u32 offset, u8 *to, size_t count);
void cdna_map_store(struct cdna_ctx *ctx, u32 offset, u32 value);

#endif /* CDNA_MAP_H */
