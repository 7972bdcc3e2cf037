/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A frame into the receive buffers of a queue, and what is known of it.
 */
#ifndef FW_RX_PUT_H
#define FW_RX_PUT_H

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

u32 fw_rx_room(struct fw_nic *nic, struct fw_qp *qp, u32 len, u32 *room);
void fw_rx_put(struct fw_nic *nic, struct fw_qp *qp,
	       const struct fw_frame *frame, const struct fw_rx_meta *meta);

#endif /* FW_RX_PUT_H */
