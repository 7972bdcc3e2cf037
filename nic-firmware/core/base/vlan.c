// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * 802.1Q tags: which VLAN a frame belongs to; tags put in and taken out in
 * place: only the two addresses move.
 */
#include "base/vlan.h"

#define VLAN_ADDRESSES		(2 * FW_ETH_ALEN)

/*
 * Bytes in front of what the MTU bounds: with FW_VLAN_TAGS tags at most, the
 * first of which may not be whole. @len is at least FW_ETH_HLEN.
 */
static u32 vlan_header(const struct fw_frame *frame, u32 len)
{
	const u8 *data = fw_frame_data(frame);
	u32 header = FW_ETH_HLEN;
	u32 type, i;

	for (i = 0; i < FW_VLAN_TAGS && header <= len; i++) {
		type = fw_get_be16(data + header - 2);
		if (type != FW_ETH_VLAN && type != FW_ETH_QINQ)
			break;
		/* Behind the first, a tag that is not whole is payload. */
		if (i && header + FW_VLAN_HLEN > len)
			break;
		header += FW_VLAN_HLEN;
	}
	return header;
}

/**
 * fw_vlan_size() - has a frame the length of one?
 * @frame: the frame; its header and tags are in the first cell
 * @len: its bytes
 * @mtu: most bytes behind the Ethernet header and its tags, as many as there
 *	are, up to FW_VLAN_TAGS
 *
 * No other place compares a frame with the MTU. Before the tags are known,
 * FW_VLAN_MAX_HEADER bounds them.
 *
 * Return: FW_VLAN_FITS; FW_VLAN_SHORT: the header is not whole; FW_VLAN_LONG
 */
enum fw_vlan_size fw_vlan_size(const struct fw_frame *frame, u32 len, u32 mtu)
{
	u32 header;

	if (len < FW_ETH_HLEN)
		return FW_VLAN_SHORT;
	header = vlan_header(frame, len);
	if (len < header)
		return FW_VLAN_SHORT;
	return len > header + mtu ? FW_VLAN_LONG : FW_VLAN_FITS;
}

/**
 * fw_vlan_behind() - what is behind all tags of a frame, of either kind?
 * @frame: the frame; has a whole Ethernet header
 *
 * Return: the Ethernet type; that of the last tag if what follows it is not in
 * the first cell
 */
u32 fw_vlan_behind(const struct fw_frame *frame)
{
	const u8 *data = fw_frame_data(frame);
	u32 at = VLAN_ADDRESSES;
	u32 type;

	for (;;) {
		type = fw_get_be16(data + at);
		if (type != FW_ETH_VLAN && type != FW_ETH_QINQ)
			return type;
		at += FW_VLAN_HLEN;
		if (at + 2 > frame->head->len)
			return type;
	}
}

/**
 * fw_vlan_find() - which VLAN does a frame belong to?
 * @frame: the frame; its tags are in the first cell
 * @vid: filled: the VLAN, 0: none
 *
 * A tag with VLAN 0 is only a priority: a receiver takes the tag behind it,
 * if there is one, for the VLAN, and so does this function.
 *
 * Return: false if the VLAN is unknown, because of an 802.1ad tag or a tag that
 * is not whole
 */
bool fw_vlan_find(const struct fw_frame *frame, u16 *vid)
{
	const u8 *data = fw_frame_data(frame);
	u32 len = frame->head->len;
	u32 at = VLAN_ADDRESSES;
	u32 type;

	*vid = 0;
	while (at + 2 <= len) {
		type = fw_get_be16(data + at);
		if (type != FW_ETH_VLAN)
			return type != FW_ETH_QINQ;
		if (at + FW_VLAN_HLEN + 2 > len)
			return false;
		*vid = fw_get_be16(data + at + 2) & 0xfff;
		if (*vid)
			return true;
		at += FW_VLAN_HLEN;
	}
	return false;
}

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
 * @frame: the frame, which is tagged
 *
 * Return: false, and nothing has changed, if the tag is not whole
 */
bool fw_vlan_remove(struct fw_frame *frame)
{
	struct fw_cell *cell = frame->head;
	u8 *data = cell->data + cell->start;

	if (cell->len < FW_ETH_HLEN + FW_VLAN_HLEN)
		return false;
	memmove(data + FW_VLAN_HLEN, data, VLAN_ADDRESSES);
	cell->start += FW_VLAN_HLEN;
	cell->len -= FW_VLAN_HLEN;
	frame->len -= FW_VLAN_HLEN;
	return true;
}
