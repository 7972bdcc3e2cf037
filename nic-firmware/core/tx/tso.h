/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Transmit: frames out of descriptor chains, and segmentation, a segment a
 * call, so that a 64 KiB request takes no longer turn than a small frame.
 */
#ifndef FW_TSO_H
#define FW_TSO_H

#include <cdna/stats.h>
#include "base/packet.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

#define FW_TSO_MAX_HEADER	256

/**
 * struct fw_tso - a segmentation request under way
 * @active: there is one
 * @pkt: where the headers are in @header
 * @header: Ethernet, IP and TCP headers of the request
 * @header_len: bytes of these
 * @mss: payload bytes of a segment
 * @left: payload bytes still to send
 * @sent: payload bytes sent
 * @segment: number of the next segment
 * @tag: insert @vlan_tci into each segment
 * @vlan_tci: tag
 * @descs: descriptors of the frame that are not used up
 * @offset: bytes used of the first of these
 */
struct fw_tso {
	bool active;
	struct fw_packet pkt;
	u8 header[FW_TSO_MAX_HEADER];
	u16 header_len;
	u16 mss;
	u32 left;
	u32 sent;
	u32 segment;
	bool tag;
	u16 vlan_tci;
	u16 descs;
	u32 offset;
};

/*
 * What fw_tx_one() and fw_tso_segment() return: bytes to charge (more than
 * 0), or one of these.
 */
#define FW_TX_EMPTY		0	/* nothing complete to send */
#define FW_TX_NO_MEMORY		(-1)	/* packet memory refused */
#define FW_TX_STOPPED		(-2)	/* the queue faulted */

/**
 * struct fw_tx_cursor - a place in a descriptor chain
 * @desc: descriptors behind the consumer
 * @offset: bytes into that one
 */
struct fw_tx_cursor {
	u32 desc;
	u32 offset;
};

/* tx.c */
s32 fw_tx_one(struct fw_nic *nic, struct fw_qp *qp);
s32 fw_tx_drop(struct fw_nic *nic, struct fw_qp *qp, u32 descs, u32 len,
	       enum cdna_drop why);
bool fw_tx_copy(struct fw_nic *nic, struct fw_qp *qp, struct fw_tx_cursor *cur,
		u8 *dst, u32 len);
bool fw_tx_fill(struct fw_nic *nic, struct fw_qp *qp, struct fw_tx_cursor *cur,
		struct fw_frame *frame, u32 at);
s32 fw_tx_switch(struct fw_nic *nic, struct fw_qp *qp, struct fw_frame *frame);
void fw_tx_abort(struct fw_nic *nic, struct fw_qp *qp);

/* tso.c */
s32 fw_tso_start(struct fw_nic *nic, struct fw_qp *qp, u32 descs, u32 len);
s32 fw_tso_segment(struct fw_nic *nic, struct fw_qp *qp);

#endif /* FW_TSO_H */
