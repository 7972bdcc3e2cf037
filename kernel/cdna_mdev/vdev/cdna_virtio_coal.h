/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt moderation of a virtio network card.
 */
#ifndef CDNA_VIRTIO_COAL_H
#define CDNA_VIRTIO_COAL_H

#include <linux/types.h>

struct cdna_ctx;

/**
 * struct cdna_virtio_coal - moderation that a guest wants in one direction
 * @usecs: longest wait after the first frame
 * @frames: so many end the wait; at most CDNA_MAX_RING
 *
 * With one of them 0, each frame is reported immediately.
 */
struct cdna_virtio_coal {
	u32 usecs;
	u32 frames;
};

bool cdna_virtio_coal_offered(const struct cdna_ctx *ctx);
int cdna_virtio_coal_apply(struct cdna_ctx *ctx);
bool cdna_virtio_coal_set(struct cdna_ctx *ctx, u8 dir,
			  const struct cdna_virtio_coal *coal);

#endif /* CDNA_VIRTIO_COAL_H */
