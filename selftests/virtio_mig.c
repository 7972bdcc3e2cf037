// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio devices that move, with the memory of their guest.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "virtio_mig.h"

/* What the driver knows stays; only where its memory is in this process changes. */
static int reopen(struct virtio *virtio, const char *uuid, const uint8_t *mem)
{
	struct virtio old = *virtio;
	struct virtq *queue;
	int ret, i;

	vdev_close(&virtio->dev);
	ret = virtio_open_in(virtio, uuid, -1);
	if (ret)
		return ret;
	memcpy(virtio->dev.mem, mem, VDEV_MEMORY);
	virtio->features = old.features;
	virtio->ctrl = old.ctrl;
	for (i = 0; i < VIRTIO_MOST_QUEUES; i++) {
		queue = &virtio->queue[i];
		queue->write = old.queue[i].write;
		queue->size = old.queue[i].size;
		queue->prod = old.queue[i].prod;
		queue->kicked = old.queue[i].kicked;
		queue->seen = old.queue[i].seen;
	}
	return 0;
}

int virtio_arrive(struct virtio *virtio, const char *uuid, const void *stream)
{
	uint8_t *mem = malloc(VDEV_MEMORY);
	char to[40];
	int ret;

	if (!mem)
		return -ENOMEM;
	memcpy(to, uuid, sizeof(to));
	memcpy(mem, virtio->dev.mem, VDEV_MEMORY);
	ret = reopen(virtio, to, mem);
	free(mem);
	return ret ? ret : mig_load(&virtio->dev, stream, MIG_VIRTIO,
				    MIG_VIRTIO);
}

int virtio_move(struct virtio *virtio, const char *uuid)
{
	uint8_t stream[MIG_VIRTIO + 1];
	ssize_t bytes = mig_save(&virtio->dev, stream, sizeof(stream));
	int ret;

	if (bytes != MIG_VIRTIO)
		return bytes < 0 ? (int)bytes : -EPROTO;
	ret = virtio_arrive(virtio, uuid, stream);
	return ret ? ret : mig_go(&virtio->dev, MIG_RUNNING, NULL);
}
