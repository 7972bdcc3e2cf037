/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtio network card that goes on elsewhere.
 */
#ifndef CDNA_VIRTIO_MOVE_H
#define CDNA_VIRTIO_MOVE_H

struct cdna_ctx;
struct cdna_mig_header;
struct cdna_mig_virtio;

void cdna_virtio_move_header(struct cdna_ctx *ctx,
			     struct cdna_mig_header *header);
int cdna_virtio_move_out(struct cdna_ctx *ctx, struct cdna_mig_virtio *body);
void cdna_virtio_move_in(struct cdna_ctx *ctx,
			 const struct cdna_mig_virtio *body);

#endif /* CDNA_VIRTIO_MOVE_H */
