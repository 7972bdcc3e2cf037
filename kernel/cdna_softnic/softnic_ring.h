/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings as they are read.
 */
#ifndef SOFTNIC_RING_H
#define SOFTNIC_RING_H

#include "softnic.h"
#include "softnic_desc.h"

int softnic_ring_peek(const struct softnic_ring *ring, u32 ahead,
		      struct softnic_desc *desc);
bool softnic_ring_serves(const struct softnic_ring *ring);

/* A ring that is not there is of no format. */
static inline bool softnic_ring_is_virtio(const struct softnic_ring *ring)
{
	return ring->format == CDNA_FORMAT_VIRTIO &&
	       READ_ONCE(ring->state) != CDNA_QUEUE_NONE;
}

/* Does its driver take frames whose sum is still to be made? */
static inline bool softnic_ring_sums(const struct softnic_ring *ring)
{
	return softnic_ring_is_virtio(ring) &&
	       ring->offloads & CDNA_OFFLOAD_RX_CSUM;
}

#endif /* SOFTNIC_RING_H */
