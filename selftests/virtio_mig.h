/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtio devices that move, with the memory of their guest. Both return 0 or a negative errno.
 */
#ifndef SELFTEST_VIRTIO_MIG_H
#define SELFTEST_VIRTIO_MIG_H

#include "mig.h"
#include "virtio.h"

/* Close the device; what the stream says goes on in @uuid, which may be the same */
int virtio_arrive(struct virtio *virtio, const char *uuid, const void *stream);
/* Stop the device, and have it go on in @uuid */
int virtio_move(struct virtio *virtio, const char *uuid);

#endif /* SELFTEST_VIRTIO_MIG_H */
