/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which features of a virtio network card make sense together; pure.
 */
#ifndef CDNA_VIRTIO_RULES_H
#define CDNA_VIRTIO_RULES_H

#include <linux/types.h>

bool cdna_virtio_features_agree(u64 features);

#endif /* CDNA_VIRTIO_RULES_H */
