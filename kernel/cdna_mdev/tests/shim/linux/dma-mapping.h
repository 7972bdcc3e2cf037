/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapping for DMA, by a device that the test plays. */
#ifndef SHIM_DMA_MAPPING_H
#define SHIM_DMA_MAPPING_H

#include <linux/types.h>

#define PAGE_SIZE	4096

typedef u64 dma_addr_t;

enum dma_data_direction {
	DMA_BIDIRECTIONAL,
	DMA_TO_DEVICE,
	DMA_FROM_DEVICE,
};

struct device;
struct page;

dma_addr_t dma_map_page(struct device *dev, struct page *page, size_t offset,
			size_t bytes, enum dma_data_direction dir);
void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t bytes,
		    enum dma_data_direction dir);
bool dma_mapping_error(struct device *dev, dma_addr_t addr);
bool dma_need_sync(struct device *dev, dma_addr_t addr);
void shim_dev_err(struct device *dev);

#define dev_err_once(dev, ...)	shim_dev_err(dev)

#endif /* SHIM_DMA_MAPPING_H */
