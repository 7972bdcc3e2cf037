/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a guest's descriptor valid? Pure functions on a copy, by the layout that the
 * NIC announced (paper 3.3, 3.4).
 */
#ifndef CDNA_VERDICT_H
#define CDNA_VERDICT_H

#include <linux/types.h>

#include <cdna/desc.h>
#include <cdna/vdev.h>

#define CDNA_MAX_DESC_BYTES	64

/**
 * struct cdna_layout - a descriptor format, checked and in host byte order
 * @id: number of the format
 * @size: bytes of a descriptor, at most CDNA_MAX_DESC_BYTES
 * @dirs: CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT
 * @addr: where the address is
 * @len: where the length is
 * @flags: where the flags are; no bits if there are none
 * @seq: where the sequence number is
 * @flag_eop: ends a frame
 * @flag_check: must be zero
 * @max_len: most bytes of one descriptor
 * @max_chain: most descriptors of a frame
 * @offloads: CDNA_OFFLOAD_* that the format can ask for
 */
struct cdna_layout {
	u8 id;
	u8 size;
	u16 dirs;
	struct cdna_field addr;
	struct cdna_field len;
	struct cdna_field flags;
	struct cdna_field seq;
	u32 flag_eop;
	u32 flag_check;
	u32 max_len;
	u32 max_chain;
	u32 offloads;
};

/**
 * struct cdna_buffer - what a good descriptor names
 * @addr: guest-physical address
 * @len: bytes
 */
struct cdna_buffer {
	u64 addr;
	u32 len;
};

int cdna_verdict_layout(struct cdna_layout *layout,
			const struct cdna_desc_format *format);
enum cdna_vfault cdna_verdict_check(const struct cdna_layout *layout, u32 dir,
				    const void *desc, u32 *chain,
				    struct cdna_buffer *buffer);
void cdna_verdict_stamp(const struct cdna_layout *layout, void *desc, u64 addr,
			u32 seq);
void cdna_verdict_stamp_seq(const struct cdna_layout *layout, void *desc,
			    u32 seq);

#endif /* CDNA_VERDICT_H */
