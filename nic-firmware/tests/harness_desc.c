// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors as they are in memory, written as include/cdna/desc.h says and with
 * nothing of the firmware's.
 */
#include <string.h>

#include "harness.h"

/**
 * h_desc_bytes() - size of a descriptor
 * @format: CDNA_FORMAT_*
 *
 * Return: bytes
 */
u32 h_desc_bytes(u32 format)
{
	return format == CDNA_FORMAT_COMPACT ?
		       sizeof(struct cdna_desc_compact) :
		       sizeof(struct cdna_desc_offload);
}

static void desc_compact(u8 *raw, const struct fw_desc *desc, u32 seq)
{
	struct cdna_desc_compact compact = {
		.addr = fw_to_le64(desc->addr),
		.len = fw_to_le16(desc->len),
		.flags = fw_to_le16(desc->flags),
		.seq = fw_to_le16((u16)seq),
	};

	memcpy(raw, &compact, sizeof(compact));
}

static void desc_offload(u8 *raw, const struct fw_desc *desc, u32 seq)
{
	struct cdna_desc_offload offload = {
		.addr = fw_to_le64(desc->addr),
		.len = fw_to_le16(desc->len),
		.flags = fw_to_le16(desc->flags),
		.seq = fw_to_le32(seq),
		.csum_start = fw_to_le16(desc->csum_start),
		.csum_offset = fw_to_le16(desc->csum_offset),
		.mss = fw_to_le16(desc->mss),
		.vlan_tci = fw_to_le16(desc->vlan_tci),
	};

	memcpy(raw, &offload, sizeof(offload));
}

static void desc_virtio(u8 *raw, const struct fw_desc *desc, u32 seq)
{
	struct cdna_desc_virtio virtio = {
		.addr = fw_to_le64(desc->addr),
		.len = fw_to_le16(desc->len),
		.flags = fw_to_le16(desc->flags),
		.seq = fw_to_le32(seq),
		.csum_start = fw_to_le16(desc->csum_start),
		.csum_offset = fw_to_le16(desc->csum_offset),
		.mss = fw_to_le16(desc->mss),
		.head = fw_to_le16(desc->head),
	};

	memcpy(raw, &virtio, sizeof(virtio));
}

/**
 * h_desc_encode() - a descriptor as it is in memory
 * @raw: where to
 * @format: CDNA_FORMAT_*
 * @desc: fields; those that the format lacks are left out
 * @seq: sequence number, cut to what the format has
 */
void h_desc_encode(u8 *raw, u32 format, const struct fw_desc *desc, u32 seq)
{
	if (format == CDNA_FORMAT_COMPACT)
		desc_compact(raw, desc, seq);
	else if (format == CDNA_FORMAT_VIRTIO)
		desc_virtio(raw, desc, seq);
	else
		desc_offload(raw, desc, seq);
}
