/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Delivery of a frame to a context.
 *
 * The room "rx", from the bottom up:
 *
 *	rx_fill    bytes into posted buffers
 *	rx_virtio  a frame and its header into virtio chains, and the used ring
 *	rx_put     a frame into posted buffers, and its completions
 *	lro        segments of a flow become one frame, within a step
 *	rx         which queue, the tag, the checksum; then lro or rx_put
 *
 * The switch calls it, for frames from the wire and from other contexts alike.
 * Nothing is kept beyond a step: fw_rx_flush() ends it. A frame for which no
 * buffer is posted is dropped and counted. Faults are left as marks
 * (ctx/mark.h): a queue that is marked takes no more frames, and what
 * aggregation holds for it is dropped when it is flushed.
 */
#ifndef FW_RX_H
#define FW_RX_H

#include "rx/rx_put.h"

struct fw_nic;
struct fw_ctx;

bool fw_rx_deliver(struct fw_nic *nic, struct fw_ctx *ctx,
		   struct fw_frame *frame, struct fw_rx_meta *meta,
		   bool may_keep);
void fw_rx_flush(struct fw_nic *nic);

#endif /* FW_RX_H */
