/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_VFU_H
#define NICD_VFU_H

#include "nicd.h"

/* The protocol's commands. What is not here is answered with ENOTSUP. */
enum vfu_cmd {
	VFU_VERSION = 1,
	VFU_DMA_MAP = 2,
	VFU_DMA_UNMAP = 3,
	VFU_DEVICE_GET_INFO = 4,
	VFU_DEVICE_GET_REGION_INFO = 5,
	VFU_DEVICE_GET_REGION_IO_FDS = 6,
	VFU_DEVICE_GET_IRQ_INFO = 7,
	VFU_DEVICE_SET_IRQS = 8,
	VFU_REGION_READ = 9,
	VFU_REGION_WRITE = 10,
	VFU_DMA_READ = 11,
	VFU_DMA_WRITE = 12,
	VFU_DEVICE_RESET = 13,
	VFU_DIRTY_PAGES = 14,
	VFU_REGION_WRITE_MULTI = 15,
	VFU_NR_CMDS,
};

#define VFU_MAX_XFER		4096	/* bytes of one region access */
#define VFU_MAX_MULTI		200	/* writes in one message */
#define VFU_MULTI_DATA		8	/* bytes of one of them */

/* Bodies, in native byte order and without holes */

struct vfu_dma_map {
	u32 argsz;
	u32 flags;
	u64 offset;
	u64 iova;
	u64 size;
};

struct vfu_dma_unmap {
	u32 argsz;
	u32 flags;
	u64 iova;
	u64 size;
};

struct vfu_irq_set {
	u32 argsz;
	u32 flags;
	u32 index;
	u32 start;
	u32 count;
};

struct vfu_region_access {
	u64 offset;
	u32 region;
	u32 count;
};

struct vfu_multi_write {
	u64 offset;
	u32 region;
	u32 count;
	u8 data[VFU_MULTI_DATA];
};

static_assert(sizeof(struct vfu_dma_map) == 32, "the protocol's");
static_assert(sizeof(struct vfu_dma_unmap) == 24, "the protocol's");
static_assert(sizeof(struct vfu_irq_set) == 20, "the protocol's");
static_assert(sizeof(struct vfu_region_access) == 16, "the protocol's");
static_assert(sizeof(struct vfu_multi_write) == 24, "the protocol's");

/**
 * struct vfu_request - a message whose size and descriptors are as its
 *	command wants them
 * @header: its header
 * @body: what follows; not aligned
 * @len: bytes of it
 * @fds: descriptors; who keeps one puts -1 in its place
 * @nfds: how many
 */
struct vfu_request {
	const struct msg_header *header;
	const u8 *body;
	u32 len;
	int *fds;
	u32 nfds;
};

/**
 * struct vfu_reply - what to answer
 * @len: bytes of @body
 * @body: after the header
 */
struct vfu_reply {
	u32 len;
	u8 body[sizeof(struct vfu_region_access) + VFU_MAX_XFER];
};

/* vfu.c */
bool vfu_handle(struct nicd *d);

/* The handlers. Return: 0 or an errno for the client. */

/* vfu_version.c */
int vfu_version(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply);

/* vfu_info.c */
int vfu_info_device(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply);
int vfu_info_region(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply);
int vfu_info_irq(struct nicd *d, const struct vfu_request *rq,
		 struct vfu_reply *reply);

/* vfu_dma.c */
int vfu_dma_map(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply);
int vfu_dma_unmap(struct nicd *d, const struct vfu_request *rq,
		  struct vfu_reply *reply);

/* vfu_irq.c */
int vfu_irq_set(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply);

/* vfu_access.c */
int vfu_access_read(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply);
int vfu_access_write(struct nicd *d, const struct vfu_request *rq,
		     struct vfu_reply *reply);
int vfu_access_write_multi(struct nicd *d, const struct vfu_request *rq,
			   struct vfu_reply *reply);

static inline void vfu_reply_set(struct vfu_reply *reply, const void *body,
				 u32 len)
{
	memcpy(reply->body, body, len);
	reply->len = len;
}

#endif /* NICD_VFU_H */
