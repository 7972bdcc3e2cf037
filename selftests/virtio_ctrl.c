// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands in a virtio network card's control queue.
 */
#include <string.h>
#include <unistd.h>

#include "virtio.h"

#define HEAD	0

/* A chain in descriptors from @head on: the header of a command, which begins at @mem, the
 * rest of it, and the byte in front of it for the answer. It is not offered.
 */
void virtio_command_at(struct virtio *virtio, uint16_t head, uint8_t *mem,
		       uint64_t iova, size_t len)
{
	const size_t hdr = sizeof(struct virtio_net_ctrl_hdr);
	struct virtq *queue = &virtio->queue[virtio->ctrl];
	const struct virtio_piece piece[] = {
		{ iova, hdr }, { iova + hdr, len - hdr },
	};
	uint16_t pieces = len > hdr ? 2 : 1;

	mem[-1] = 0xff;
	virtq_chain(queue, head, piece, pieces);
	queue->desc[head + pieces - 1].flags |= VRING_DESC_F_NEXT;
	queue->desc[head + pieces - 1].next = head + pieces;
	queue->desc[head + pieces] = (struct vring_desc) {
		.addr = iova - 1,
		.len = 1,
		.flags = VRING_DESC_F_WRITE,
	};
}

/* Not on a page's first byte, so that a command of some length is on two pages */
int virtio_command(struct virtio *virtio, uint8_t class, uint8_t command,
		   const void *data, size_t len)
{
	const size_t hdr = sizeof(struct virtio_net_ctrl_hdr);
	uint8_t *mem = virtio->dev.mem + MEM_CONTROL + 0xff8;
	struct virtq *queue = &virtio->queue[virtio->ctrl];
	struct vring_used_elem elem;

	mem[0] = class;
	mem[1] = command;
	memcpy(mem + hdr, data, len);
	virtio_command_at(virtio, HEAD, mem,
			  virtio->dev.iova + MEM_CONTROL + 0xff8, hdr + len);
	virtq_offer(queue, HEAD);
	virtq_kick(virtio, queue);
	if (!virtq_used(queue, &elem, 2000) || elem.id != HEAD || elem.len != 1)
		return -1;
	return mem[-1];
}
