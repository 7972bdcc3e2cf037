/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of guests: made, checked, looked at.
 */
#ifndef SOFTNIC_FRAME_H
#define SOFTNIC_FRAME_H

#include <linux/skbuff.h>

#include "softnic.h"
#include "softnic_desc.h"
#include "softnic_rules.h"

#define SOFTNIC_HEAD		256	/* bytes of a frame that are copied first */

/**
 * struct softnic_piece - what a descriptor has of a frame
 * @addr: physical address
 * @len: bytes
 */
struct softnic_piece {
	u64 addr;
	u32 len;
};

/**
 * struct softnic_chain - a frame in a transmit ring
 * @descs: how many descriptors
 * @len: bytes of all of them
 * @first: the first of them
 * @piece: of each
 */
struct softnic_chain {
	u32 descs;
	u32 len;
	struct softnic_desc first;
	struct softnic_piece piece[CDNA_MAX_VIRTIO_CHAIN];
};

struct sk_buff *softnic_frame_copy(const struct softnic_chain *chain);
struct sk_buff *softnic_frame_refer(const struct softnic_chain *chain);
bool softnic_frame_look(const struct sk_buff *skb,
			struct softnic_header *header);

#endif /* SOFTNIC_FRAME_H */
