/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * TCP segmentation, a segment a call, so that the turn of a 64 KiB request
 * takes no longer than that of a small frame.
 */
#ifndef FW_TSO_H
#define FW_TSO_H

#include "base/packet.h"

struct fw_nic;
struct fw_qp;
struct fw_chain;

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
 * @head: index of the chain's head, for a used ring
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
	u16 head;
	u32 offset;
};

s32 fw_tso_start(struct fw_nic *nic, struct fw_qp *qp,
		 const struct fw_chain *chain);
s32 fw_tso_segment(struct fw_nic *nic, struct fw_qp *qp);
void fw_tso_abort(struct fw_qp *qp);

#endif /* FW_TSO_H */
