// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of all formats: the layouts that are announced, and how a descriptor
 * of each is read. Rings are memory of the host: nobody changes them meanwhile.
 */
#include <asm/byteorder.h>
#include <linux/stddef.h>

#include "softnic_desc.h"

#define DESC_RX_OFFLOADS \
	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_VLAN)
#define DESC_TX_OFFLOADS \
	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6 | \
	 CDNA_OFFLOAD_TX_VLAN)
#define DESC_VIRTIO_OFFLOADS \
	(((DESC_RX_OFFLOADS | DESC_TX_OFFLOADS) & \
	  ~(CDNA_OFFLOAD_RX_VLAN | CDNA_OFFLOAD_TX_VLAN)) | \
	 CDNA_OFFLOAD_RX_CHAINS)
#define DESC_VIRTIO_FLAGS	(CDNA_DESC_FLAGS & ~CDNA_DESC_VLAN)

/* What is announced; it is what the firmware announces */
const struct cdna_desc_format softnic_desc_formats[CDNA_NR_ALL_FORMATS] = {
	[CDNA_FORMAT_COMPACT] = {
		.id = CDNA_FORMAT_COMPACT,
		.size = sizeof(struct cdna_desc_compact),
		.dirs = cpu_to_le16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_compact, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_compact, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_compact, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_compact, seq), 16, 0 },
		.flag_eop = cpu_to_le32(CDNA_DESC_EOP),
		.flag_check = cpu_to_le32(0xffff & ~CDNA_DESC_EOP),
		.max_len = cpu_to_le16(CDNA_MAX_DESC_LEN),
		.max_chain = cpu_to_le16(CDNA_MAX_CHAIN),
		.offloads = cpu_to_le32(CDNA_OFFLOAD_SG | DESC_RX_OFFLOADS),
	},
	[CDNA_FORMAT_OFFLOAD] = {
		.id = CDNA_FORMAT_OFFLOAD,
		.size = sizeof(struct cdna_desc_offload),
		.dirs = cpu_to_le16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_offload, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_offload, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_offload, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_offload, seq), 32, 0 },
		.flag_eop = cpu_to_le32(CDNA_DESC_EOP),
		.flag_check = cpu_to_le32(0xffff & ~CDNA_DESC_FLAGS),
		.max_len = cpu_to_le16(CDNA_MAX_DESC_LEN),
		.max_chain = cpu_to_le16(CDNA_MAX_CHAIN),
		.offloads = cpu_to_le32(CDNA_OFFLOAD_SG | DESC_RX_OFFLOADS |
					DESC_TX_OFFLOADS),
	},
	[CDNA_FORMAT_VIRTIO] = {
		.id = CDNA_FORMAT_VIRTIO,
		.size = sizeof(struct cdna_desc_virtio),
		.dirs = cpu_to_le16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_virtio, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_virtio, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_virtio, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_virtio, seq), 32, 0 },
		.flag_eop = cpu_to_le32(CDNA_DESC_EOP),
		.flag_check = cpu_to_le32(0xffff & ~DESC_VIRTIO_FLAGS),
		.max_len = cpu_to_le16(CDNA_MAX_DESC_LEN),
		.max_chain = cpu_to_le16(CDNA_MAX_VIRTIO_CHAIN),
		.offloads = cpu_to_le32(CDNA_OFFLOAD_SG | DESC_VIRTIO_OFFLOADS),
	},
};

/**
 * softnic_desc_seq - a sequence number as a format holds it
 * @format: CDNA_FORMAT_*
 * @seq: the number
 *
 * Return: modulo the width of the field.
 */
u32 softnic_desc_seq(u8 format, u32 seq)
{
	return format == CDNA_FORMAT_COMPACT ? seq & 0xffff : seq;
}

static void desc_read_compact(const struct cdna_desc_compact *from,
			      struct softnic_desc *desc)
{
	*desc = (struct softnic_desc) {
		.addr = le64_to_cpu(from->addr),
		.len = le16_to_cpu(from->len),
		.flags = le16_to_cpu(from->flags),
		.seq = le16_to_cpu(from->seq),
	};
}

static void desc_read_offload(const struct cdna_desc_offload *from,
			      struct softnic_desc *desc)
{
	*desc = (struct softnic_desc) {
		.addr = le64_to_cpu(from->addr),
		.len = le16_to_cpu(from->len),
		.flags = le16_to_cpu(from->flags),
		.seq = le32_to_cpu(from->seq),
		.csum_start = le16_to_cpu(from->csum_start),
		.csum_offset = le16_to_cpu(from->csum_offset),
		.mss = le16_to_cpu(from->mss),
		.vlan_tci = le16_to_cpu(from->vlan_tci),
	};
}

static void desc_read_virtio(const struct cdna_desc_virtio *from,
			     struct softnic_desc *desc)
{
	*desc = (struct softnic_desc) {
		.addr = le64_to_cpu(from->addr),
		.len = le16_to_cpu(from->len),
		.flags = le16_to_cpu(from->flags),
		.seq = le32_to_cpu(from->seq),
		.csum_start = le16_to_cpu(from->csum_start),
		.csum_offset = le16_to_cpu(from->csum_offset),
		.mss = le16_to_cpu(from->mss),
		.head = le16_to_cpu(from->head),
	};
}

/**
 * softnic_desc_read - read a descriptor
 * @ring: the ring
 * @format: CDNA_FORMAT_*
 * @slot: which
 * @desc: filled
 */
void softnic_desc_read(const void *ring, u8 format, u32 slot,
		       struct softnic_desc *desc)
{
	if (format == CDNA_FORMAT_COMPACT)
		desc_read_compact((const struct cdna_desc_compact *)ring + slot,
				  desc);
	else if (format == CDNA_FORMAT_VIRTIO)
		desc_read_virtio((const struct cdna_desc_virtio *)ring + slot,
				 desc);
	else
		desc_read_offload((const struct cdna_desc_offload *)ring + slot,
				  desc);
}
