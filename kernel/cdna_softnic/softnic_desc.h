/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors of all formats.
 */
#ifndef SOFTNIC_DESC_H
#define SOFTNIC_DESC_H

#include <linux/types.h>

#include <cdna/desc.h>

/**
 * struct softnic_desc - a descriptor, in host byte order
 * @addr: physical address
 * @len: bytes
 * @flags: CDNA_DESC_*
 * @seq: sequence number
 * @csum_start: byte of the frame where the sum starts
 * @csum_offset: where to store it, from there
 * @mss: payload of each segment
 * @vlan_tci: tag to insert
 * @head: index of the virtio chain's head
 */
struct softnic_desc {
	u64 addr;
	u16 len;
	u16 flags;
	u32 seq;
	u16 csum_start;
	u16 csum_offset;
	u16 mss;
	u16 vlan_tci;
	u16 head;
};

extern const struct cdna_desc_format softnic_desc_formats[CDNA_NR_ALL_FORMATS];

u32 softnic_desc_seq(u8 format, u32 seq);
void softnic_desc_read(const void *ring, u8 format, u32 slot,
		       struct softnic_desc *desc);

#endif /* SOFTNIC_DESC_H */
