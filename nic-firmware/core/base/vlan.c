// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * 802.1Q tags, put in and taken out in place: only the two addresses move.
 */
#include "base/vlan.h"

#define VLAN_ADDRESSES		(2 * FW_ETH_ALEN)

/**
 * fw_vlan_insert() - tag a frame
 * @frame: the frame; its first cell has headroom
 * @tci: tag
 *
 * Return: false, and nothing has changed, if there is no room or no header
 */
bool fw_vlan_insert(struct fw_frame *frame, u16 tci)
{
	struct fw_cell *cell = frame->head;
	u8 *data;

	if (cell->start < FW_VLAN_HLEN || cell->len < FW_ETH_HLEN)
		return false;
	cell->start -= FW_VLAN_HLEN;
	cell->len += FW_VLAN_HLEN;
	frame->len += FW_VLAN_HLEN;
	data = cell->data + cell->start;
	memmove(data, data + FW_VLAN_HLEN, VLAN_ADDRESSES);
	fw_put_be16(data + VLAN_ADDRESSES, FW_ETH_VLAN);
	fw_put_be16(data + VLAN_ADDRESSES + 2, tci);
	return true;
}

/**
 * fw_vlan_remove() - take the tag out of a frame
 * @frame: the frame, which fw_parse() found to be tagged
 */
void fw_vlan_remove(struct fw_frame *frame)
{
	struct fw_cell *cell = frame->head;
	u8 *data = cell->data + cell->start;

	if (cell->len < FW_ETH_HLEN + FW_VLAN_HLEN)
		return;
	memmove(data + FW_VLAN_HLEN, data, VLAN_ADDRESSES);
	cell->start += FW_VLAN_HLEN;
	cell->len -= FW_VLAN_HLEN;
	frame->len -= FW_VLAN_HLEN;
}
