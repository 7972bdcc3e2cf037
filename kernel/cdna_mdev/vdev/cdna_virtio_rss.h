/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive-side scaling as a virtio driver says it.
 */
#ifndef CDNA_VIRTIO_RSS_H
#define CDNA_VIRTIO_RSS_H

#include <linux/types.h>

#include <cdna/admin_receive.h>

/* VIRTIO_NET_RSS_HASH_TYPE_*; the NIC's types are the same bits. */
#define CDNA_VIRTIO_RSS_TYPES	CDNA_RSS_TYPES

bool cdna_virtio_rss_parse(const u8 *data, u32 len, u32 pairs,
			   struct cdna_rss *rss);

#endif /* CDNA_VIRTIO_RSS_H */
