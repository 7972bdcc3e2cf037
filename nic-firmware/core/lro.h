/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Receive aggregation: TCP segments of a flow that arrive in one service
 * round become one frame. It never outlives the round.
 */
#ifndef FW_LRO_H
#define FW_LRO_H

#include "packet.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

#define FW_LRO_FLOWS		8	/* per context */
#define FW_LRO_MAX_BYTES	65535	/* IP datagram of a merged frame */

/**
 * struct fw_lro_flow - a frame being aggregated
 * @qp: receive queue that it will go to; NULL: this entry is free
 * @frame: the cells: headers of the first segment and all payloads
 * @pkt: its headers
 * @hash: flow hash
 * @vlan_tci: tag that was removed, or 0
 * @flags: CDNA_RX_* of its completion
 * @next_seq: TCP sequence number that continues it
 * @segs: segments in it
 * @mss: payload of the first segment
 */
struct fw_lro_flow {
	struct fw_qp *qp;
	struct fw_frame frame;
	struct fw_packet pkt;
	u32 hash;
	u16 vlan_tci;
	u16 flags;
	u32 next_seq;
	u16 segs;
	u16 mss;
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

/**
 * struct fw_rx_meta - what is known of a frame to be delivered
 * @pkt: its headers
 * @hash: flow hash
 * @vlan_tci: tag that was removed, with CDNA_RX_VLAN
 * @flags: CDNA_RX_*, without FIRST and LAST
 * @segs: wire frames in it
 * @mss: payload of the largest, 0 if not merged
 */
struct fw_rx_meta {
	struct fw_packet pkt;
	u32 hash;
	u16 vlan_tci;
	u16 flags;
	u16 segs;
	u16 mss;
};

bool fw_lro_receive(struct fw_nic *nic, struct fw_qp *qp,
		    struct fw_frame *frame, const struct fw_rx_meta *meta);
void fw_lro_flush(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_lro_abort(struct fw_nic *nic, struct fw_ctx *ctx, struct fw_qp *qp);

#endif /* FW_LRO_H */
