/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_DMA_H
#define NICD_DMA_H

#include "core/base/port.h"

#define DMA_MAX_MAPS		64
#define DMA_PAGE_MASK		0xfffull

#define DMA_READ		0x1	/* the NIC may read */
#define DMA_WRITE		0x2	/* the NIC may write */

/**
 * struct dma_map - a range of bus addresses
 * @iova: first bus address
 * @size: bytes
 * @va: where it is mapped here; NULL if the client sent no memory for it
 * @prot: DMA_READ, DMA_WRITE
 * @lost: its file was truncated by the client: no further access
 */
struct dma_map {
	u64 iova;
	u64 size;
	u8 *va;
	u32 prot;
	volatile bool lost;
};

/**
 * struct dma - the bus address space of the NIC
 * @map: ranges, by rising address, none overlapping
 * @count: how many
 * @last: where the last look-up hit
 * @open: bus mastering is enabled
 * @lost: some map was lost: the client is broken or hostile
 * @reads: operations
 * @writes: operations
 * @bytes: moved, both ways
 * @faults: operations refused
 */
struct dma {
	struct dma_map map[DMA_MAX_MAPS];
	u32 count;
	u32 last;
	bool open;
	bool lost;
	u64 reads;
	u64 writes;
	u64 bytes;
	u64 faults;
};

bool dma_guard_install(void);
int dma_map_add(struct dma *dma, const struct dma_map *want, int fd,
		u64 offset);
int dma_map_remove(struct dma *dma, u64 iova, u64 size, u64 *removed);
void dma_map_remove_all(struct dma *dma);
int dma_read(struct dma *dma, u64 addr, void *dst, u32 len);
int dma_write(struct dma *dma, u64 addr, const void *src, u32 len);

#endif /* NICD_DMA_H */
