/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Bytes into the posted receive buffers of a queue, and what is known and counted
 * of a frame there.
 */
#ifndef FW_RX_FILL_H
#define FW_RX_FILL_H

#include <cdna/stats.h>

#include "base/packet.h"

struct fw_nic;
struct fw_qp;

/**
 * struct fw_rx_meta - what is known of a frame to be delivered
 * @pkt: its headers, as they are in the frame at present
 * @hash: flow hash
 * @tagged: it has an 802.1Q tag, in the frame or taken out of it
 * @stripped: that tag was taken out of the frame. Only what takes it out or puts
 *	it back knows: the bytes at its place may be another tag
 * @tci: that tag
 * @vlan_tci: tag for the completion, with CDNA_RX_VLAN
 * @flags: CDNA_RX_*, without FIRST and LAST
 * @checked: @csum is known
 * @csum: CDNA_RX_CSUM_OK, CDNA_RX_CSUM_BAD, or 0: nothing to verify
 * @segs: wire frames in it
 * @local: of these, sent by contexts of this NIC
 * @mss: payload of the largest, 0 if not merged
 */
struct fw_rx_meta {
	struct fw_packet pkt;
	u32 hash;
	bool tagged;
	bool stripped;
	bool checked;
	u16 tci;
	u16 vlan_tci;
	u16 flags;
	u16 csum;
	u16 segs;
	u16 local;
	u16 mss;
};

/**
 * struct fw_rx_cursor - a place in the posted buffers
 * @desc: descriptors behind the consumer
 * @offset: bytes into that one
 */
struct fw_rx_cursor {
	u32 desc;
	u32 offset;
};

bool fw_rx_fill_bytes(struct fw_nic *nic, struct fw_qp *qp,
		      struct fw_rx_cursor *cur, const void *from, u32 len);
bool fw_rx_fill_frame(struct fw_nic *nic, struct fw_qp *qp,
		      struct fw_rx_cursor *cur, const struct fw_frame *frame);
void fw_rx_fill_done(struct fw_nic *nic, struct fw_qp *qp,
		     const struct fw_frame *frame,
		     const struct fw_rx_meta *meta, u32 descs);
void fw_rx_fill_refuse(struct fw_qp *qp, const struct fw_rx_meta *meta,
		       enum cdna_drop why);
void fw_rx_fill_miss(struct fw_nic *nic, struct fw_qp *qp,
		     const struct fw_rx_meta *meta);

#endif /* FW_RX_FILL_H */
