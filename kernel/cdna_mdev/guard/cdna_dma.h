/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest pages as the NIC sees them.
 */
#ifndef CDNA_DMA_H
#define CDNA_DMA_H

#include <linux/types.h>

struct device;
struct page;

int cdna_dma_map(struct device *dev, struct page *page, bool write, u64 *dma);
void cdna_dma_unmap(struct device *dev, u64 dma, bool write);

#endif /* CDNA_DMA_H */
