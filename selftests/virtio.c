// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card: its capabilities and registers, and how a driver begins.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "virtio.h"

#define RESET_LOADS	1000

static uint32_t config_load(struct virtio *virtio, uint32_t at, size_t bytes)
{
	uint32_t value = 0;

	if (pread(virtio->dev.fd, &value, bytes,
		  vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX, at)) != bytes)
		perror("configuration space");
	return value;
}

static void take_area(struct virtio *virtio, uint32_t at)
{
	uint32_t type, bar;

	type = config_load(virtio, at + VIRTIO_PCI_CAP_CFG_TYPE, 1);
	bar = config_load(virtio, at + VIRTIO_PCI_CAP_BAR, 1);
	if (type > VIRTIO_PCI_CAP_DEVICE_CFG)
		return;
	virtio->area[type] = (struct virtio_area) {
		.bar = bar,
		.offset = config_load(virtio, at + VIRTIO_PCI_CAP_OFFSET, 4),
		.length = config_load(virtio, at + VIRTIO_PCI_CAP_LENGTH, 4),
	};
	if (type == VIRTIO_PCI_CAP_NOTIFY_CFG)
		virtio->multiplier =
			config_load(virtio, at + VIRTIO_PCI_NOTIFY_CAP_MULT, 4);
}

/* Virtio 1.2, section 4.1.4: capabilities say where everything is. */
static int find_areas(struct virtio *virtio)
{
	uint32_t at = config_load(virtio, PCI_CAPABILITY_LIST, 1), i;

	for (i = 0; at && i < 48; i++) {
		if (config_load(virtio, at, 1) == PCI_CAP_ID_VNDR)
			take_area(virtio, at);
		at = config_load(virtio, at + PCI_CAP_LIST_NEXT, 1);
	}
	for (i = VIRTIO_PCI_CAP_COMMON_CFG; i <= VIRTIO_PCI_CAP_DEVICE_CFG; i++)
		if (!virtio->area[i].length)
			return -ENODEV;
	return 0;
}

uint64_t virtio_load(struct virtio *virtio, uint8_t type, uint32_t offset,
		     size_t bytes)
{
	const struct virtio_area *area = &virtio->area[type];
	uint64_t value = 0;

	if (pread(virtio->dev.fd, &value, bytes,
		  vdev_offset(area->bar, area->offset + offset)) != bytes)
		perror("virtio register load");
	return value;
}

/* Only the common structure is for writing. */
void virtio_store(struct virtio *virtio, uint32_t offset, size_t bytes,
		  uint64_t value)
{
	const struct virtio_area *area =
		&virtio->area[VIRTIO_PCI_CAP_COMMON_CFG];

	if (pwrite(virtio->dev.fd, &value, bytes,
		   vdev_offset(area->bar, area->offset + offset)) != bytes)
		perror("virtio register store");
}

void virtio_store_addr(struct virtio *virtio, uint32_t offset_lo, uint64_t addr)
{
	virtio_store(virtio, offset_lo, 4, addr & 0xffffffff);
	virtio_store(virtio, offset_lo + 4, 4, addr >> 32);
}

int virtio_open_in(struct virtio *virtio, const char *uuid, int kvm_vfio)
{
	struct vdev *dev = &virtio->dev;
	uint32_t i;
	int ret;

	memset(virtio, 0, sizeof(*virtio));
	ret = vdev_open_in(dev, uuid, kvm_vfio);
	if (!ret)
		ret = find_areas(virtio);
	if (ret)
		return ret;
	for (i = 0; i < sizeof(dev->mac); i++)
		dev->mac[i] = virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG,
					  i, 1);
	virtio->most = virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG,
				   offsetof(struct virtio_net_config,
					    max_virtqueue_pairs), 2);
	virtio->ctrl = VIRTIO_CTRL;
	for (i = 0; i < VIRTIO_MOST_QUEUES; i++)
		virtq_place(virtio, i, dev->mem + MEM_VIRTQ(i),
			    dev->iova + MEM_VIRTQ(i));
	return virtio->most <= CDNA_MAX_QPS ? 0 : -EPROTO;
}

int virtio_new(struct virtio *virtio, unsigned int n)
{
	char uuid[40];
	int ret;

	vdev_uuid(uuid, n);
	ret = vdev_create_virtio(uuid);
	return ret ? ret : virtio_open_in(virtio, uuid, -1);
}

uint64_t virtio_offered(struct virtio *virtio)
{
	uint64_t low;

	virtio_set(virtio, device_feature_select, 0);
	low = virtio_get(virtio, device_feature);
	virtio_set(virtio, device_feature_select, 1);
	return virtio_get(virtio, device_feature) << 32 | low;
}

bool virtio_needs_reset(struct virtio *virtio)
{
	return virtio_get(virtio, device_status) & VIRTIO_CONFIG_S_NEEDS_RESET;
}

/* Return: whether the status became 0, for which a driver waits */
bool virtio_reset(struct virtio *virtio)
{
	int left = RESET_LOADS;

	virtio_set(virtio, device_status, 0);
	while (virtio_get(virtio, device_status) && --left)
		;
	return left;
}

/* Which queues there are depends on the features. */
static void number_queues(struct virtio *virtio)
{
	uint16_t i;

	virtio->ctrl = VIRTIO_CTRL;
	if (virtio->features &
	    (FEATURE(VIRTIO_NET_F_MQ) | FEATURE(VIRTIO_NET_F_RSS)))
		virtio->ctrl = virtio->most * VIRTIO_QUEUES;
	for (i = 0; i < VIRTIO_MOST_QUEUES; i++)
		virtio->queue[i].write = i < virtio->ctrl && !(i % 2);
}

/* Return: whether the device accepts these features */
bool virtio_negotiate(struct virtio *virtio, uint64_t features)
{
	uint8_t status = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER;

	virtio_set(virtio, device_status, status);
	virtio_set(virtio, guest_feature_select, 0);
	virtio_set(virtio, guest_feature, features & 0xffffffff);
	virtio_set(virtio, guest_feature_select, 1);
	virtio_set(virtio, guest_feature, features >> 32);
	virtio_set(virtio, device_status,
		   status | VIRTIO_CONFIG_S_FEATURES_OK);
	virtio->features = features;
	number_queues(virtio);
	return virtio_get(virtio, device_status) & VIRTIO_CONFIG_S_FEATURES_OK;
}

/* Empty rings, and where these are */
void virtio_enable(struct virtio *virtio, struct virtq *queue)
{
	memset(queue->mem, 0, VIRTQ_BYTES);
	queue->prod = 0;
	queue->kicked = 0;
	queue->seen = 0;
	virtio_set(virtio, queue_select, queue->number);
	virtio_set(virtio, queue_size, queue->size);
	virtio_set(virtio, queue_msix_vector, VIRTIO_VECTOR(queue->number));
	virtio_store_addr(virtio, VIRTIO_REG(queue_desc_lo),
			  queue->iova + VIRTQ_DESC);
	virtio_store_addr(virtio, VIRTIO_REG(queue_avail_lo),
			  queue->iova + VIRTQ_AVAIL);
	virtio_store_addr(virtio, VIRTIO_REG(queue_used_lo),
			  queue->iova + VIRTQ_USED);
	virtio_set(virtio, queue_enable, 1);
}

/* The driver is ready. On a softnic it takes the bridge some time to be, too. */
int virtio_go(struct virtio *virtio)
{
	virtio_set(virtio, device_status,
		   virtio_get(virtio, device_status) |
		   VIRTIO_CONFIG_S_DRIVER_OK);
	if (virtio_needs_reset(virtio))
		return -EIO;
	return vdev_plugged(&virtio->dev) ? 0 : -ENOTCONN;
}

int virtio_start(struct virtio *virtio, uint64_t features)
{
	uint32_t i;

	if (!virtio_reset(virtio))
		return -ETIMEDOUT;
	if (!virtio_negotiate(virtio, features))
		return -EPROTO;
	virtio_set(virtio, msix_config, VIRTIO_VECTOR_CONFIG);
	for (i = 0; i < virtio->ctrl; i++)
		virtio_enable(virtio, &virtio->queue[i]);
	if (features & FEATURE(VIRTIO_NET_F_CTRL_VQ))
		virtio_enable(virtio, &virtio->queue[virtio->ctrl]);
	return virtio_go(virtio);
}
