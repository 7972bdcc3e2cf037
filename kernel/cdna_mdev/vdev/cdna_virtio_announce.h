/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Announcements of addresses by the guest of a virtio network card.
 */
#ifndef CDNA_VIRTIO_ANNOUNCE_H
#define CDNA_VIRTIO_ANNOUNCE_H

#include <linux/types.h>

struct cdna_ctx;

/**
 * enum cdna_announcement - whether a guest is to announce its addresses
 * @CDNA_ANNOUNCEMENT_NONE: it is not
 * @CDNA_ANNOUNCEMENT_DUE: it is, and has not read that in its device's status
 * @CDNA_ANNOUNCEMENT_SHOWN: it is, and has
 */
enum cdna_announcement {
	CDNA_ANNOUNCEMENT_NONE,
	CDNA_ANNOUNCEMENT_DUE,
	CDNA_ANNOUNCEMENT_SHOWN,
};

void cdna_virtio_announce(struct cdna_ctx *ctx);
u16 cdna_virtio_announce_status(const struct cdna_ctx *ctx);
void cdna_virtio_announce_read(struct cdna_ctx *ctx);
void cdna_virtio_announced(struct cdna_ctx *ctx);

#endif /* CDNA_VIRTIO_ANNOUNCE_H */
