/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of a virtio network card's control queue.
 */
#ifndef CDNA_VIRTIO_CTRL_H
#define CDNA_VIRTIO_CTRL_H

struct cdna_ctrlq_ops;

extern const struct cdna_ctrlq_ops cdna_virtio_ctrl_ops;

#endif /* CDNA_VIRTIO_CTRL_H */
