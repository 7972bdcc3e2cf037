// SPDX-License-Identifier: GPL-2.0-only
/*
 * A received frame in a virtio queue: which descriptors it takes, and the header in
 * front of it. Both need no ring, and no sk_buff.
 */
#include <asm/byteorder.h>
#include <linux/minmax.h>

#include "softnic_virtio.h"

/**
 * softnic_virtio_fit - give a frame the next descriptor of a receive ring
 * @fit: what it has taken so far
 * @len: bytes of the descriptor
 * @end: it is the last one of its chain
 *
 * A frame takes whole chains: what it does not need of the last one, it skips.
 *
 * Return: an enum softnic_fit_result.
 */
enum softnic_fit_result softnic_virtio_fit(struct softnic_fit *fit, u32 len,
					   bool end)
{
	fit->left -= min(fit->left, len);
	fit->descs++;
	fit->in_chain++;
	if (!end && fit->in_chain == CDNA_MAX_VIRTIO_CHAIN)
		return SOFTNIC_FIT_NEVER;
	if (end) {
		fit->chains++;
		fit->in_chain = 0;
		if (!fit->left)
			return SOFTNIC_FIT_DONE;
		if (!fit->many)
			return SOFTNIC_FIT_NEVER;
	}
	return fit->descs == SOFTNIC_MAX_FIT ? SOFTNIC_FIT_NEVER :
					       SOFTNIC_FIT_MORE;
}

/**
 * softnic_virtio_hdr - the header in front of a received frame
 * @meta: the frame
 * @offloads: CDNA_OFFLOAD_* of its queue, which takes what @meta says
 * @chains: that it takes
 *
 * Return: the header.
 */
struct cdna_virtio_hdr softnic_virtio_hdr(const struct softnic_meta *meta,
					  u32 offloads, u32 chains)
{
	struct cdna_virtio_hdr hdr = {
		.gso_type = CDNA_VIRTIO_GSO_NONE,
		.num_buffers = cpu_to_le16(chains),
	};

	if (meta->gso_size) {
		hdr.gso_type = meta->ip6 ? CDNA_VIRTIO_GSO_TCPV6 :
					   CDNA_VIRTIO_GSO_TCPV4;
		hdr.gso_size = cpu_to_le16(meta->gso_size);
		hdr.hdr_len = cpu_to_le16(meta->hdr_len);
	}
	if (meta->partial) {
		hdr.flags = CDNA_VIRTIO_HDR_NEEDS_CSUM;
		hdr.csum_start = cpu_to_le16(meta->csum_start);
		hdr.csum_offset = cpu_to_le16(meta->csum_offset);
	} else if (meta->verified && offloads & CDNA_OFFLOAD_RX_CSUM) {
		hdr.flags = CDNA_VIRTIO_HDR_DATA_VALID;
	}
	return hdr;
}
