/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which features of a virtio network card make sense together; pure.
 */
#ifndef CDNA_VIRTIO_RULES_H
#define CDNA_VIRTIO_RULES_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <linux/virtio_net.h>

/* A device begins with everything that it may receive: a driver that wants less says so. */
#define CDNA_VIRTIO_RX_BEGINS	BIT(VIRTIO_NET_CTRL_RX_PROMISC)

bool cdna_virtio_features_agree(u64 features);

#endif /* CDNA_VIRTIO_RULES_H */
