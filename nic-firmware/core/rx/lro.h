/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Receive aggregation: TCP segments of a flow that arrive in one step become
 * one frame. None outlives the step.
 */
#ifndef FW_LRO_H
#define FW_LRO_H

#include "rx/rx_put.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

#define FW_LRO_FLOWS		8	/* per context */
#define FW_LRO_MAX_BYTES	65535	/* IP datagram of a merged frame */
#define FW_LRO_MAX_CELLS	64	/* of packet memory, per flow */

/**
 * struct fw_lro_flow - a frame being aggregated
 * @qp: receive queue that it will go to; NULL: this entry is free
 * @frame: the cells: headers of the first segment and all payloads
 * @meta: of the merged frame
 * @next_seq: TCP sequence number that continues it
 * @payload: bytes of the first segment's payload
 * @ip_id: IPv4 identification of the last segment
 * @id_step: by how much it grows: 0 or 1, known once there are two segments
 * @push: one of them had PSH
 * @room: bytes that the posted receive buffers hold
 */
struct fw_lro_flow {
	struct fw_qp *qp;
	struct fw_frame frame;
	struct fw_rx_meta meta;
	u32 next_seq;
	u32 payload;
	u16 ip_id;
	u16 id_step;
	bool push;
	u32 room;
};

/**
 * struct fw_lro - aggregation of a context
 * @used: flows in use
 * @next: entry that goes first when all are in use
 * @flow: the flows
 */
struct fw_lro {
	u8 used;
	u8 next;
	struct fw_lro_flow flow[FW_LRO_FLOWS];
};

bool fw_lro_receive(struct fw_nic *nic, struct fw_qp *qp,
		    struct fw_frame *frame, const struct fw_rx_meta *meta,
		    bool may_keep);
void fw_lro_flush(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_lro_abort(struct fw_nic *nic, struct fw_ctx *ctx, struct fw_qp *qp);

#endif /* FW_LRO_H */
