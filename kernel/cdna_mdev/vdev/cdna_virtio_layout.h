/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the structures of a virtio device are in its BARs; pure. The notify page is in
 * the place of the mailbox page of our own device, the rest in that of its registers.
 */
#ifndef CDNA_VIRTIO_LAYOUT_H
#define CDNA_VIRTIO_LAYOUT_H

#include <cdna/vdev.h>

#define CDNA_VIRTIO_VENDOR_ID		0x1af4
#define CDNA_VIRTIO_DEVICE_ID		0x1041	/* network card, Virtio 1.x */
#define CDNA_VIRTIO_COMMON		0x000
#define CDNA_VIRTIO_COMMON_BYTES	0x38
#define CDNA_VIRTIO_ISR			0x100
#define CDNA_VIRTIO_DEVICE		0x200
#define CDNA_VIRTIO_DEVICE_BYTES	24

/* MSI-X vectors: one for the configuration, and one for each virtqueue */
#define CDNA_VIRTIO_NR_VECTORS		(1 + CDNA_VDEV_NR_QUEUES + 1)

#endif /* CDNA_VIRTIO_LAYOUT_H */
