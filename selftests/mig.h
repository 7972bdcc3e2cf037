/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Migration states of a device, and streams through its files. All return 0 or a
 * negative errno, unless they say otherwise.
 */
#ifndef SELFTEST_MIG_H
#define SELFTEST_MIG_H

#include <linux/vfio.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vdev.h"

#define MIG_HEADER	96	/* bytes, Documentation/migration.rst */
#define MIG_STREAM	480
#define MIG_VIRTIO	1296	/* of a virtio device */

#define MIG_STOP	VFIO_DEVICE_STATE_STOP
#define MIG_RUNNING	VFIO_DEVICE_STATE_RUNNING
#define MIG_STOP_COPY	VFIO_DEVICE_STATE_STOP_COPY
#define MIG_RESUMING	VFIO_DEVICE_STATE_RESUMING
#define MIG_P2P		VFIO_DEVICE_STATE_RUNNING_P2P
#define MIG_PRE		VFIO_DEVICE_STATE_PRE_COPY
#define MIG_PRE_P2P	VFIO_DEVICE_STATE_PRE_COPY_P2P

/* VFIO_MIGRATION_*, or a negative errno */
int mig_flags(struct vdev *dev);
/* A state, or a negative errno */
int mig_state(struct vdev *dev);
/* Go to a state; @fd, if not NULL, gets the file or -1 */
int mig_go(struct vdev *dev, uint32_t state, int *fd);
/* Read what there is; the number of bytes, or a negative errno */
ssize_t mig_read(int fd, void *buf, size_t bytes);
/* Stop the device, and read its stream; the number of bytes, or a negative errno */
ssize_t mig_save(struct vdev *dev, void *buf, size_t bytes);
/* Write a stream to a device in pieces of @piece bytes; then it has stopped */
int mig_load(struct vdev *dev, const void *buf, size_t bytes, size_t piece);

#endif /* SELFTEST_MIG_H */
