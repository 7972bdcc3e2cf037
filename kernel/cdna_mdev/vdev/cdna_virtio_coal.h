/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt moderation of a virtio network card.
 */
#ifndef CDNA_VIRTIO_COAL_H
#define CDNA_VIRTIO_COAL_H

#include <linux/types.h>

struct cdna_ctx;
struct cdna_virtio_coal;

bool cdna_virtio_coal_offered(const struct cdna_ctx *ctx);
int cdna_virtio_coal_begin(struct cdna_ctx *ctx);
bool cdna_virtio_coal_set(struct cdna_ctx *ctx, u8 dir,
			  const struct cdna_virtio_coal *coal);

#endif /* CDNA_VIRTIO_COAL_H */
