/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mailbox page in the guest's address space.
 */
#ifndef CDNA_MAP_H
#define CDNA_MAP_H

struct cdna_ctx;
struct vm_area_struct;

int cdna_map_mmap(struct cdna_ctx *ctx, struct vm_area_struct *vma);
void cdna_map_detach(struct cdna_ctx *ctx);
void cdna_map_attach(struct cdna_ctx *ctx);
void cdna_map_clean(struct cdna_ctx *ctx);

#endif /* CDNA_MAP_H */
