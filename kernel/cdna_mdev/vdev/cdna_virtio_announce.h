/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Announcements of addresses by the guest of a virtio network card.
 */
#ifndef CDNA_VIRTIO_ANNOUNCE_H
#define CDNA_VIRTIO_ANNOUNCE_H

struct cdna_ctx;

void cdna_virtio_announce(struct cdna_ctx *ctx);
void cdna_virtio_announced(struct cdna_ctx *ctx);

#endif /* CDNA_VIRTIO_ANNOUNCE_H */
