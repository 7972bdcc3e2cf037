/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The register page.
 */
#ifndef CDNA_MDEV_REGS_H
#define CDNA_MDEV_REGS_H

#include <linux/types.h>

struct cdna_ctx;

void cdna_regs_reset(struct cdna_ctx *ctx);
u32 cdna_regs_load(struct cdna_ctx *ctx, u32 offset);
void cdna_regs_store(struct cdna_ctx *ctx, u32 offset, u32 value);
int cdna_regs_read(struct cdna_ctx *ctx, u32 offset, u32 *value);
int cdna_regs_write(struct cdna_ctx *ctx, u32 offset, u32 value);

#endif /* CDNA_MDEV_REGS_H */
