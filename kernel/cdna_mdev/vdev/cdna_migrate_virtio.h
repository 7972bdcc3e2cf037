/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bounds of a virtio device's stream; pure.
 */
#ifndef CDNA_MIGRATE_VIRTIO_H
#define CDNA_MIGRATE_VIRTIO_H

#include "vdev/cdna_migrate_stream.h"

int cdna_mig_virtio_check(const struct cdna_mig_virtio *body,
			  const struct cdna_mig_header *ours,
			  struct cdna_config *config,
			  struct cdna_mig_refusal *why);

#endif /* CDNA_MIGRATE_VIRTIO_H */
