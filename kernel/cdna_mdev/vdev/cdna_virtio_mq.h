/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many queue pairs a virtio network card has, and which of them receive.
 */
#ifndef CDNA_VIRTIO_MQ_H
#define CDNA_VIRTIO_MQ_H

#include <linux/types.h>

struct cdna_ctx;
struct cdna_virtio;

u32 cdna_virtio_mq_most(const struct cdna_ctx *ctx);
u32 cdna_virtio_mq_pairs(const struct cdna_ctx *ctx);
u32 cdna_virtio_mq_ctrl(const struct cdna_ctx *ctx);
void cdna_virtio_mq_reset(struct cdna_virtio *virtio);
int cdna_virtio_mq_begin(struct cdna_ctx *ctx);
bool cdna_virtio_mq_scale(struct cdna_ctx *ctx, const u8 *data, u32 len);
bool cdna_virtio_mq_set(struct cdna_ctx *ctx, u32 pairs);

#endif /* CDNA_VIRTIO_MQ_H */
