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

#endif /* SOFTNIC_RING_H */
