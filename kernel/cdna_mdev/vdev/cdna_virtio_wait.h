/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long interrupts of a virtio network card's queue pair wait; pure.
 */
#ifndef CDNA_VIRTIO_WAIT_H
#define CDNA_VIRTIO_WAIT_H

#include <linux/types.h>

/**
 * struct cdna_virtio_coal - moderation: of a direction, as its guest wants it, or of a pair
 * @usecs: longest wait after the first frame
 * @frames: so many end the wait
 *
 * A direction with one of them 0 wants each frame reported immediately.
 */
struct cdna_virtio_coal {
	u32 usecs;
	u32 frames;
};

struct cdna_virtio_coal cdna_virtio_wait(const struct cdna_virtio_coal *tx,
					 const struct cdna_virtio_coal *rx,
					 const struct cdna_virtio_coal *none,
					 u16 entries);

#endif /* CDNA_VIRTIO_WAIT_H */
