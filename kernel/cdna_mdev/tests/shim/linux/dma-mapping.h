/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapping for DMA, by a device that the test plays. */
#ifndef SHIM_DMA_MAPPING_H
#define SHIM_DMA_MAPPING_H

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/types.h>


enum dma_data_direction {
	DMA_BIDIRECTIONAL,
	DMA_TO_DEVICE,
	DMA_FROM_DEVICE,
};

#define DMA_ATTR_SKIP_CPU_SYNC	(1ul << 5)

struct device;
struct page;

dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t bytes,
			      enum dma_data_direction dir, unsigned long attrs);
void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t bytes,
			  enum dma_data_direction dir, unsigned long attrs);
bool dma_mapping_error(struct device *dev, dma_addr_t addr);
bool dma_need_sync(struct device *dev, dma_addr_t addr);
void *dma_alloc_coherent(struct device *dev, size_t bytes, dma_addr_t *dma,
			 gfp_t gfp);
void dma_free_coherent(struct device *dev, size_t bytes, void *memory,
		       dma_addr_t dma);
void shim_dev_err(struct device *dev);

#define dev_err_once(dev, ...)	shim_dev_err(dev)

#endif /* SHIM_DMA_MAPPING_H */
