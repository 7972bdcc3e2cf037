/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a virtio network card.
 */
#ifndef CDNA_VIRTIO_REGS_H
#define CDNA_VIRTIO_REGS_H

#include <linux/types.h>

struct cdna_ctx;

int cdna_virtio_load(struct cdna_ctx *ctx, u32 offset, void *to, size_t count);
int cdna_virtio_store(struct cdna_ctx *ctx, u32 offset, const void *from,
		      size_t count);
void cdna_virtio_notify(struct cdna_ctx *ctx, u32 offset);

#endif /* CDNA_VIRTIO_REGS_H */
