/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context as a VFIO device.
 */
#ifndef CDNA_VFIO_H
#define CDNA_VFIO_H

struct vfio_device_ops;

extern const struct vfio_device_ops cdna_vfio_ops;

#endif /* CDNA_VFIO_H */
