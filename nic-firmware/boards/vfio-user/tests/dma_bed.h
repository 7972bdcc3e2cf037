/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of DMA: a client with memory for the NIC.
 */
#ifndef DMA_BED_H
#define DMA_BED_H

#include "bed.h"

#define PAGE			4096ull
#define GUEST			(64 * PAGE)
#define BASE			0x100000ull

/* A client with memory at BASE, whose function is a bus master */
static inline int setup_mapped(void **state)
{
	int fd;

	bed_setup_ready(state);
	fd = bed_memory(GUEST);
	assert_int_equal(bed_map(*state, BASE, GUEST, 0, DMA_READ | DMA_WRITE,
				 fd), 0);
	close(fd);
	bed_bus_master(*state, true);
	return 0;
}

static inline struct dma *dma_of(void **state)
{
	struct bed *bed = *state;

	return &bed->d->dma;
}

#endif /* DMA_BED_H */
