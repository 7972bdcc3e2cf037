/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * 802.1Q tags of frames in packet memory.
 */
#ifndef FW_VLAN_H
#define FW_VLAN_H

#include "base/packet.h"

#define FW_VLAN_TAGS		2	/* that lengthen a frame beyond the MTU */
#define FW_VLAN_MAX_HEADER	(FW_ETH_HLEN + FW_VLAN_TAGS * FW_VLAN_HLEN)

enum fw_vlan_size { FW_VLAN_FITS, FW_VLAN_SHORT, FW_VLAN_LONG };

enum fw_vlan_size fw_vlan_size(const struct fw_frame *frame, u32 len, u32 mtu);
u32 fw_vlan_behind(const struct fw_frame *frame);
bool fw_vlan_find(const struct fw_frame *frame, u16 *vid);
bool fw_vlan_insert(struct fw_frame *frame, u16 tci);
bool fw_vlan_remove(struct fw_frame *frame);

#endif /* FW_VLAN_H */
