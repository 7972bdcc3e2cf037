// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the client lets the NIC reach. Maps come before anything else, many in
 * a row without waiting for replies, some without memory behind (a ROM) and
 * some to be read only.
 */
#include <errno.h>
#include <linux/vfio.h>

#include "vfu.h"

static_assert(VFIO_DMA_MAP_FLAG_READ == DMA_READ &&
	      VFIO_DMA_MAP_FLAG_WRITE == DMA_WRITE,
	      "dma.h has other flags than the protocol");

int vfu_dma_map(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply)
{
	struct vfu_dma_map map;
	struct dma_map want;

	(void)reply;
	memcpy(&map, rq->body, sizeof(map));
	if (map.argsz < sizeof(map))
		return EINVAL;
	want = (struct dma_map){
		.iova = map.iova,
		.size = map.size,
		.prot = map.flags,
	};
	return dma_map_add(&d->dma, &want, rq->nfds ? rq->fds[0] : -1,
			   map.offset);
}

int vfu_dma_unmap(struct nicd *d, const struct vfu_request *rq,
		  struct vfu_reply *reply)
{
	struct vfu_dma_unmap unmap;
	int err = 0;

	memcpy(&unmap, rq->body, sizeof(unmap));
	if (unmap.argsz < sizeof(unmap) ||
	    unmap.flags & ~(u32)VFIO_DMA_UNMAP_FLAG_ALL)
		return EINVAL;
	if (unmap.flags & VFIO_DMA_UNMAP_FLAG_ALL) {
		if (unmap.iova || unmap.size)
			return EINVAL;
		dma_map_remove_all(&d->dma);
	} else {
		err = dma_map_remove(&d->dma, unmap.iova, unmap.size,
				     &unmap.size);
	}
	vfu_reply_set(reply, &unmap, sizeof(unmap));
	return err;
}
