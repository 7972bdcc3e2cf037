/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context that is a virtio network card (Virtio 1.2, sections 2.7, 4.1, 5.1), driven
 * as a guest's driver would: registers, features, virtqueues in memory of the guest.
 */
#ifndef SELFTEST_VIRTIO_H
#define SELFTEST_VIRTIO_H

#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>
#include <stddef.h>

#include "vdev.h"

#define VIRTIO_RX		0	/* receiveq1 */
#define VIRTIO_TX		1	/* transmitq1 */
#define VIRTIO_QUEUES		2	/* of frames */
#define VIRTIO_CTRL		2	/* controlq, of a driver with one queue pair */
#define VIRTIO_ALL_QUEUES	3
#define VIRTIO_MOST_QUEUES	(CDNA_VDEV_NR_QUEUES + 1)
#define VIRTIO_SIZE		256	/* entries of a virtqueue */
#define VIRTIO_HDR		12	/* bytes in front of a frame */

/* MSI-X vectors, as we choose them */
#define VIRTIO_VECTOR_CONFIG	0
#define VIRTIO_VECTOR(queue)	(1 + (queue))
#define VIRTIO_VECTORS		VDEV_MOST_VECTORS

/*
 * Where the parts of a virtqueue are in its memory. Each is on two pages, and so are a
 * used entry and the head of the available ring.
 */
#define VIRTQ_DESC		0x0f00
#define VIRTQ_AVAIL		0x2ffa
#define VIRTQ_USED		0x4ff8
#define VIRTQ_TABLES		0x8000	/* a page for each of 8 indirect tables */
#define VIRTQ_NR_TABLES		8
#define VIRTQ_BYTES		0x10000

/* Map of the guest's memory; buffers are where those of other contexts are. */
#define MEM_VIRTQ(queue) \
	((queue) < VIRTIO_ALL_QUEUES ? 0x10000 + (queue) * VIRTQ_BYTES : \
	 0x300000 + ((queue) - VIRTIO_ALL_QUEUES) * VIRTQ_BYTES)
#define MEM_CONTROL		0x2000	/* commands, one at a time */
#define CONTROL_BYTES		0xe000
#define VIRTIO_SLOTS		64	/* transmit buffers of two pages, in turn */
#define VIRTIO_SLOT_DESCS	4	/* descriptors for each */

#define FEATURE(bit)		(1ull << (bit))
#define VIRTIO_PLAIN \
	(FEATURE(VIRTIO_F_VERSION_1) | FEATURE(VIRTIO_F_ACCESS_PLATFORM))
#define VIRTIO_USUAL \
	(VIRTIO_PLAIN | FEATURE(VIRTIO_RING_F_EVENT_IDX) | \
	 FEATURE(VIRTIO_RING_F_INDIRECT_DESC))

#define VIRTIO_CONTROLLED \
	(VIRTIO_USUAL | FEATURE(VIRTIO_NET_F_CTRL_VQ))

#define VIRTIO_REG(field)	offsetof(struct virtio_pci_common_cfg, field)
#define VIRTIO_WIDTH(field) \
	sizeof(((struct virtio_pci_common_cfg *)0)->field)

/**
 * struct virtio_area - a structure of the device
 * @bar: where it is
 * @offset: of its first byte there
 * @length: bytes
 */
struct virtio_area {
	uint8_t bar;
	uint32_t offset;
	uint32_t length;
};

/**
 * struct virtq - a virtqueue
 * @number: VIRTIO_RX, VIRTIO_TX or VIRTIO_CTRL; with more queue pairs, what follows
 * @write: its buffers are for receiving
 * @size: entries
 * @mem: VIRTQ_BYTES of the guest's memory
 * @iova: where these are for the device
 * @desc: descriptor table
 * @avail: available ring
 * @used: used ring
 * @prod: free-running index of the next available entry
 * @kicked: @prod when the device was notified last
 * @seen: free-running index of the next used entry
 */
struct virtq {
	uint16_t number;
	bool write;
	uint16_t size;
	uint8_t *mem;
	uint64_t iova;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	uint16_t prod;
	uint16_t kicked;
	uint16_t seen;
};

/**
 * struct virtio - the device and its driver
 * @dev: the context
 * @area: by VIRTIO_PCI_CAP_*
 * @multiplier: bytes of the notify page for each queue
 * @features: in effect
 * @most: queue pairs that it can have
 * @ctrl: number of the control queue
 * @queue: virtqueues
 */
struct virtio {
	struct vdev dev;
	struct virtio_area area[VIRTIO_PCI_CAP_DEVICE_CFG + 1];
	uint32_t multiplier;
	uint64_t features;
	uint16_t most;
	uint16_t ctrl;
	struct virtq queue[VIRTIO_MOST_QUEUES];
};

/**
 * struct virtio_piece - a part of a chain
 * @addr: where it is
 * @len: bytes
 */
struct virtio_piece {
	uint64_t addr;
	uint32_t len;
};

/* Create and open a device; 0 or a negative errno. Its memory is as of struct vdev. */
int virtio_new(struct virtio *virtio, unsigned int n);
int virtio_open_in(struct virtio *virtio, const char *uuid, int kvm_vfio);

/* Registers */
uint64_t virtio_load(struct virtio *virtio, uint8_t type, uint32_t offset,
		     size_t bytes);
void virtio_store(struct virtio *virtio, uint32_t offset, size_t bytes,
		  uint64_t value);
#define virtio_get(virtio, field) \
	virtio_load(virtio, VIRTIO_PCI_CAP_COMMON_CFG, VIRTIO_REG(field), \
		    VIRTIO_WIDTH(field))
#define virtio_set(virtio, field, value) \
	virtio_store(virtio, VIRTIO_REG(field), VIRTIO_WIDTH(field), value)
void virtio_store_addr(struct virtio *virtio, uint32_t offset_lo, uint64_t addr);
uint64_t virtio_offered(struct virtio *virtio);
bool virtio_needs_reset(struct virtio *virtio);

/* From reset to DRIVER_OK, in steps or all of them; 0 or a negative errno */
bool virtio_reset(struct virtio *virtio);
bool virtio_negotiate(struct virtio *virtio, uint64_t features);
void virtio_enable(struct virtio *virtio, struct virtq *queue);
int virtio_go(struct virtio *virtio);
int virtio_start(struct virtio *virtio, uint64_t features);

/* Virtqueues */
void virtq_place(struct virtio *virtio, uint16_t number, uint8_t *mem,
		 uint64_t iova);
void virtq_chain(struct virtq *queue, uint16_t head,
		 const struct virtio_piece *piece, uint16_t pieces);
void virtq_table(struct virtq *queue, uint16_t head, uint16_t table,
		 const struct virtio_piece *piece, uint16_t pieces);
struct vring_desc *virtq_table_at(struct virtq *queue, uint16_t table);
void virtq_offer(struct virtq *queue, uint16_t head);
void virtq_notify(struct virtio *virtio, struct virtq *queue);
bool virtq_wants_notification(struct virtio *virtio, struct virtq *queue);
bool virtq_kick(struct virtio *virtio, struct virtq *queue);
bool virtq_used(struct virtq *queue, struct vring_used_elem *elem, int ms);
bool virtq_reaches(struct virtq *queue, uint16_t used, int ms);
void virtq_used_event(struct virtq *queue, uint16_t index);
uint16_t virtq_avail_event(const struct virtq *queue);

/* Frames. A receive buffer is a page, and its number the head of its chain. */
uint8_t *virtio_frame(struct virtio *virtio);
void virtio_send(struct virtio *virtio, size_t len);
bool virtio_sent(struct virtio *virtio, int ms);
void virtio_post(struct virtio *virtio, uint16_t buffer);
void virtio_fill(struct virtio *virtio, uint16_t buffers);
uint8_t *virtio_buffer(struct virtio *virtio, uint32_t buffer);
const uint8_t *virtio_receive(struct virtio *virtio, size_t *len, int ms);
bool virtio_peer_mac(struct virtio *virtio, uint8_t *mac);
bool virtio_ping(struct virtio *virtio, const uint8_t *peer, uint16_t seq,
		 size_t payload);

/* Commands. The answer; or -1 if there is none */
void virtio_command_at(struct virtio *virtio, uint16_t head, uint8_t *mem,
		       uint64_t iova, size_t len);
int virtio_command(struct virtio *virtio, uint8_t class, uint8_t command,
		   const void *data, size_t len);

#endif /* SELFTEST_VIRTIO_H */
