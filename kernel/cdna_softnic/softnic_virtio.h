/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A received frame in a virtio queue: pure.
 */
#ifndef SOFTNIC_VIRTIO_H
#define SOFTNIC_VIRTIO_H

#include <linux/types.h>

#include <cdna/desc.h>

/* Most descriptors of a received frame. The largest takes 43 buffers of 1536 bytes, the
 * least that Linux posts, and each may be on two pages.
 */
#define SOFTNIC_MAX_FIT		128

/**
 * enum softnic_fit_result - what becomes of a frame after another descriptor
 * @SOFTNIC_FIT_MORE: it takes one more
 * @SOFTNIC_FIT_DONE: it has all that it takes
 * @SOFTNIC_FIT_NEVER: what comes later is of no use
 */
enum softnic_fit_result {
	SOFTNIC_FIT_MORE,
	SOFTNIC_FIT_DONE,
	SOFTNIC_FIT_NEVER,
};

/**
 * struct softnic_fit - which descriptors a frame takes; the last three begin as 0
 * @left: bytes that have no place yet, with the header
 * @many: it may take more than one chain
 * @descs: descriptors that it takes, with those that it skips
 * @chains: chains that it takes
 * @in_chain: descriptors of the chain that has not ended
 */
struct softnic_fit {
	u32 left;
	bool many;
	u32 descs;
	u32 chains;
	u32 in_chain;
};

/**
 * struct softnic_meta - what a header says of a frame
 * @partial: a sum is still to be made
 * @verified: its sum was found to be right
 * @csum_start: with @partial: where the sum starts
 * @csum_offset: with @partial: where it goes, from there
 * @gso_size: payload of its segments, 0: it is one frame
 * @hdr_len: with @gso_size: bytes of Ethernet, IP and TCP header
 * @ip6: with @gso_size: it is IPv6
 */
struct softnic_meta {
	bool partial;
	bool verified;
	u16 csum_start;
	u16 csum_offset;
	u16 gso_size;
	u16 hdr_len;
	bool ip6;
};

enum softnic_fit_result softnic_virtio_fit(struct softnic_fit *fit, u32 len,
					   bool end);
struct cdna_virtio_hdr softnic_virtio_hdr(const struct softnic_meta *meta,
					  u32 offloads, u32 chains);

#endif /* SOFTNIC_VIRTIO_H */
