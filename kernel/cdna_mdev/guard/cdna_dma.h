/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as the NIC sees it: guest pages, and the host's own rings.
 */
#ifndef CDNA_DMA_H
#define CDNA_DMA_H

#include <linux/gfp.h>
#include <linux/types.h>

struct device;
struct page;

int cdna_dma_map(struct device *dev, struct page *page, bool write, u64 *dma);
void cdna_dma_unmap(struct device *dev, u64 dma, bool write);
void *cdna_dma_alloc(struct device *dev, size_t bytes, dma_addr_t *dma,
		     gfp_t gfp);
void cdna_dma_free(struct device *dev, size_t bytes, void *memory,
		   dma_addr_t dma);

#endif /* CDNA_DMA_H */
