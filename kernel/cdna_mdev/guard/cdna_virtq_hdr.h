/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest asks for in front of a frame, struct virtio_net_hdr_v1 (Virtio 1.2,
 * section 5.1.6), as a request to the NIC: pure.
 */
#ifndef CDNA_VIRTQ_HDR_H
#define CDNA_VIRTQ_HDR_H

#include <linux/types.h>

#include <cdna/desc.h>

bool cdna_virtq_hdr_request(const u8 hdr[12], u32 offloads,
			    struct cdna_desc_virtio *first);

#endif /* CDNA_VIRTQ_HDR_H */
