// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vfio-user commands: one table says how long each may be and how many
 * descriptors it may bring; a message that does not fit gets an error before
 * its handler sees it.
 */
#include "vfu.h"

#include <errno.h>

#include "trace.h"

/**
 * struct vfu_command - what a command looks like
 * @min: bytes of its body
 * @max: the same
 * @fds: descriptors at most
 * @handle: does it; NULL: not supported
 */
struct vfu_command {
	u32 min;
	u32 max;
	u32 fds;
	int (*handle)(struct nicd *d, const struct vfu_request *rq,
		      struct vfu_reply *reply);
};

static int vfu_reset(struct nicd *d, const struct vfu_request *rq,
		     struct vfu_reply *reply)
{
	(void)rq;
	(void)reply;
	board_reset(d);
	return 0;
}

#define VFU_BODY_MAX	(MSG_MAX_BYTES - (u32)sizeof(struct msg_header))
#define VFU_ACCESS	((u32)sizeof(struct vfu_region_access))

static const struct vfu_command vfu_commands[VFU_NR_CMDS] = {
	[VFU_VERSION] = { 4, VFU_BODY_MAX, 0, vfu_version },
	[VFU_DMA_MAP] = { 32, 32, 1, vfu_dma_map },
	[VFU_DMA_UNMAP] = { 24, 24, 0, vfu_dma_unmap },
	[VFU_DEVICE_GET_INFO] = { 16, 16, 0, vfu_info_device },
	[VFU_DEVICE_GET_REGION_INFO] = { 32, 32, 0, vfu_info_region },
	[VFU_DEVICE_GET_IRQ_INFO] = { 16, 16, 0, vfu_info_irq },
	[VFU_DEVICE_SET_IRQS] = { 20, 20 + CDNA_NR_VECTORS, CDNA_NR_VECTORS,
				  vfu_irq_set },
	[VFU_REGION_READ] = { VFU_ACCESS, VFU_ACCESS, 0, vfu_access_read },
	[VFU_REGION_WRITE] = { VFU_ACCESS + 1, VFU_ACCESS + VFU_MAX_XFER, 0,
			       vfu_access_write },
	[VFU_DEVICE_RESET] = { 0, 0, 0, vfu_reset },
	[VFU_REGION_WRITE_MULTI] = {
		8 + sizeof(struct vfu_multi_write),
		8 + VFU_MAX_MULTI * sizeof(struct vfu_multi_write), 0,
		vfu_access_write_multi },
};

static int vfu_dispatch(struct nicd *d, const struct vfu_request *rq,
			struct vfu_reply *reply)
{
	u32 cmd = rq->header->cmd;
	bool is_version = cmd == VFU_VERSION;
	const struct vfu_command *c;

	if (cmd >= VFU_NR_CMDS || !vfu_commands[cmd].handle)
		return ENOTSUP;
	c = &vfu_commands[cmd];
	if (rq->len < c->min || rq->len > c->max || rq->nfds > c->fds)
		return EINVAL;
	/* The version comes first, and once. */
	if (d->negotiated == is_version)
		return EINVAL;
	return c->handle(d, rq, reply);
}

static bool vfu_answer(struct nicd *d, const struct vfu_request *rq, int err,
		       const struct vfu_reply *reply)
{
	u32 len = err ? 0 : reply->len;
	struct msg_header header = {
		.id = rq->header->id,
		.cmd = rq->header->cmd,
		.size = (u32)sizeof(header) + len,
		.flags = MSG_TYPE_REPLY | (err ? MSG_ERROR : 0u),
		.error = (u32)err,
	};

	/* A posted message gets no reply, not even an error. */
	if (rq->header->flags & MSG_NO_REPLY) {
		d->counts.posted++;
		d->counts.posted_errors += err != 0;
		return true;
	}
	d->counts.errors += err != 0;
	return msg_send(&d->conn, &header, reply->body);
}

/**
 * vfu_handle() - handle the message in hand
 * @d: process
 *
 * Return: false if the connection cannot go on.
 */
bool vfu_handle(struct nicd *d)
{
	const struct msg_header *header = &d->conn.in.header;
	struct vfu_request rq = {
		.header = header,
		.body = d->conn.in.bytes + sizeof(*header),
		.len = header->size - (u32)sizeof(*header),
		.fds = d->conn.fds,
		.nfds = d->conn.nfds,
	};
	/* Not cleared: most replies are short and this is the hot path. */
	struct vfu_reply reply;
	int err;

	/* We ask nothing of a client, so it has nothing to reply to. */
	if ((header->flags & MSG_TYPE_MASK) != MSG_TYPE_REQUEST)
		return false;
	reply.len = 0;
	d->counts.messages[FW_MIN(header->cmd,
				  FW_ARRAY_SIZE(d->counts.messages) - 1)]++;
	if (d->opt.trace)
		trace_request(&rq);
	err = vfu_dispatch(d, &rq, &reply);
	if (d->opt.trace)
		trace_reply(&rq, err, &reply);
	return vfu_answer(d, &rq, err, &reply);
}
