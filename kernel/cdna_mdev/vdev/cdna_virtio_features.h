/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Features of a virtio network card.
 */
#ifndef CDNA_VIRTIO_FEATURES_H
#define CDNA_VIRTIO_FEATURES_H

#include <linux/types.h>

struct cdna_ctx;

u64 cdna_virtio_offers(const struct cdna_ctx *ctx);
bool cdna_virtio_features_fit(const struct cdna_ctx *ctx);
u32 cdna_virtio_offloads(const struct cdna_ctx *ctx, u8 dir);

#endif /* CDNA_VIRTIO_FEATURES_H */
