// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings as they are read.
 */
#include <linux/errno.h>

#include "softnic_ring.h"

/**
 * softnic_ring_peek - read a descriptor that was posted
 * @ring: the ring
 * @ahead: how far from the consumer; it was posted
 * @desc: filled
 *
 * Return: 0, or -ESTALE if its sequence number is not the one that is due (I4).
 */
int softnic_ring_peek(const struct softnic_ring *ring, u32 ahead,
		      struct softnic_desc *desc)
{
	u32 index = ring->cons + ahead;

	softnic_desc_read(ring->memory, ring->format,
			  index & (ring->slots - 1), desc);
	if (desc->seq != softnic_desc_seq(ring->format,
					  ring->first_seq + index))
		return -ESTALE;
	return 0;
}

/**
 * softnic_ring_serves - are descriptors of a ring used?
 * @ring: the ring
 *
 * Return: whether it runs or drains.
 */
bool softnic_ring_serves(const struct softnic_ring *ring)
{
	u8 state = READ_ONCE(ring->state);

	return state == CDNA_QUEUE_RUNNING || state == CDNA_QUEUE_DRAINING;
}
