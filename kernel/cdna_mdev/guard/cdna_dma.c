// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest pages are mapped for the NIC for as long as they are pinned, in the direction
 * in which it uses them, and nothing is called when a frame is in them or was
 * sent: guest and NIC share the memory. That works only if no copy is made of it. The same
 * page may be mapped several times, by contexts of one machine or of the host, and by the
 * network driver of the host for itself: nothing is synchronized, so none disturbs another.
 *
 * A provider without a device is code of this kernel, and takes physical addresses.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "guard/cdna_dma.h"

static enum dma_data_direction dma_direction(bool write)
{
	return write ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
}

/**
 * cdna_dma_map - let the NIC reach a page
 * @dev: the NIC; NULL if there is none
 * @page: the page
 * @write: the NIC writes it; else it reads it
 * @dma: where the NIC finds it
 *
 * Return: 0; -ENOMEM; or -EOPNOTSUPP if the host would have it bounce, or has to
 * flush caches: each would need to be done for each frame.
 */
int cdna_dma_map(struct device *dev, struct page *page, bool write, u64 *dma)
{
	dma_addr_t addr;

	if (!dev) {
		*dma = page_to_phys(page);
		return 0;
	}
	addr = dma_map_page_attrs(dev, page, 0, PAGE_SIZE, dma_direction(write),
				  DMA_ATTR_SKIP_CPU_SYNC);
	if (dma_mapping_error(dev, addr))
		return -ENOMEM;
	if (dma_need_sync(dev, addr)) {
		cdna_dma_unmap(dev, addr, write);
		dev_err_once(dev,
			     "the NIC does not reach guest memory directly, so its contexts cannot be used: give it an IOMMU, or let it address all memory\n");
		return -EOPNOTSUPP;
	}
	*dma = addr;
	return 0;
}

/**
 * cdna_dma_unmap - undo it
 * @dev: the NIC, which does not use the page; NULL if there is none
 * @dma: where it found the page
 * @write: as it was mapped
 */
void cdna_dma_unmap(struct device *dev, u64 dma, bool write)
{
	if (dev)
		dma_unmap_page_attrs(dev, dma, PAGE_SIZE, dma_direction(write),
				     DMA_ATTR_SKIP_CPU_SYNC);
}

/**
 * cdna_dma_alloc - get memory of the host that the NIC reads
 * @dev: the NIC; NULL if there is none
 * @bytes: how much; it is contiguous, and zeroed
 * @dma: where the NIC finds it
 * @gfp: how to allocate
 *
 * Return: the memory, NULL if there is none.
 */
void *cdna_dma_alloc(struct device *dev, size_t bytes, dma_addr_t *dma,
		     gfp_t gfp)
{
	void *memory;

	if (dev)
		return dma_alloc_coherent(dev, bytes, dma, gfp);
	memory = alloc_pages_exact(bytes, gfp | __GFP_ZERO);
	if (memory)
		*dma = virt_to_phys(memory);
	return memory;
}

/**
 * cdna_dma_free - undo it
 * @dev: the NIC, which does not use the memory; NULL if there is none
 * @bytes: as it was allocated
 * @memory: the memory
 * @dma: where the NIC found it
 */
void cdna_dma_free(struct device *dev, size_t bytes, void *memory,
		   dma_addr_t dma)
{
	if (dev)
		dma_free_coherent(dev, bytes, memory, dma);
	else
		free_pages_exact(memory, bytes);
}
