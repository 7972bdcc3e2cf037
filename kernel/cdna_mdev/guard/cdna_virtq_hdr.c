// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules are Linux's for struct virtio_net_hdr, as far as they need no look at the
 * frame: the NIC looks at that. Its hdr_len is a hint, which nothing depends on.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "guard/cdna_virtq_hdr.h"

#define HDR_IPV4_BYTES		20
#define HDR_IPV6_BYTES		40
#define HDR_TCP_CSUM_OFFSET	16
#define HDR_GSO_BY_FRAGS	0xffff	/* has a meaning of its own in Linux */

/* Return: the offload that a segmentation request needs, 0 if there is none such */
static u32 hdr_segmentation(u8 gso_type)
{
	switch (gso_type & ~CDNA_VIRTIO_GSO_ECN) {
	case CDNA_VIRTIO_GSO_TCPV4:
		return CDNA_OFFLOAD_TSO4;
	case CDNA_VIRTIO_GSO_TCPV6:
		return CDNA_OFFLOAD_TSO6;
	default:
		return 0;
	}
}

/* Is what a checksum covers behind a network header, and within a frame? */
static bool hdr_csum_fits(const struct cdna_virtio_hdr *hdr, u32 network)
{
	u32 start = le16_to_cpu(hdr->csum_start);
	u32 end = start + le16_to_cpu(hdr->csum_offset) + sizeof(__le16);

	return start >= network && end <= CDNA_MAX_FRAME_BYTES;
}

/* Is a segmentation request one that the queue may make? */
static bool hdr_gso_fits(const struct cdna_virtio_hdr *hdr, u32 offloads)
{
	u32 gso_size = le16_to_cpu(hdr->gso_size);

	return hdr->flags & CDNA_VIRTIO_HDR_NEEDS_CSUM &&
	       hdr_segmentation(hdr->gso_type) & offloads &&
	       gso_size && gso_size != HDR_GSO_BY_FRAGS &&
	       le16_to_cpu(hdr->csum_offset) == HDR_TCP_CSUM_OFFSET;
}

/**
 * cdna_virtq_hdr_request - what a transmit chain asks the NIC for
 * @hdr: copy of the chain's struct virtio_net_hdr_v1
 * @offloads: CDNA_OFFLOAD_* that its queue has
 * @first: the chain's first descriptor: CDNA_DESC_CSUM and CDNA_DESC_TSO are added to
 *	its flags; csum_start, csum_offset and mss are set, to 0 if not asked for
 *
 * Return: false if the request is not valid, and @first unchanged: the chain is
 * to be dropped.
 */
bool cdna_virtq_hdr_request(const u8 hdr[12], u32 offloads,
			    struct cdna_desc_virtio *first)
{
	struct cdna_virtio_hdr copy;
	u32 network = HDR_IPV4_BYTES;
	bool csum, gso;
	u16 flags = 0;

	memcpy(&copy, hdr, sizeof(copy));
	csum = copy.flags & CDNA_VIRTIO_HDR_NEEDS_CSUM;
	gso = copy.gso_type != CDNA_VIRTIO_GSO_NONE;
	if (gso && !hdr_gso_fits(&copy, offloads))
		return false;
	if (hdr_segmentation(copy.gso_type) == CDNA_OFFLOAD_TSO6)
		network = HDR_IPV6_BYTES;
	if (csum && (!(offloads & CDNA_OFFLOAD_TX_CSUM) ||
		     !hdr_csum_fits(&copy, network)))
		return false;

	if (csum)
		flags |= CDNA_DESC_CSUM;
	if (gso)
		flags |= CDNA_DESC_TSO;
	first->flags |= cpu_to_le16(flags);
	first->csum_start = csum ? copy.csum_start : 0;
	first->csum_offset = csum ? copy.csum_offset : 0;
	first->mss = gso ? copy.gso_size : 0;
	return true;
}
