/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Descriptor rings in host memory: fetch in batches, decode by format, check
 * sequence numbers (paper 3.3).
 */
#ifndef FW_RING_H
#define FW_RING_H

#include <cdna/desc.h>
#include <cdna/rings.h>

#include "base/fault.h"

struct fw_nic;
struct cdna_ring_ref;

#define FW_RING_CACHE		64	/* descriptors fetched ahead */
#define FW_RING_MAX_PAGES	\
	(CDNA_MAX_RING * sizeof(struct cdna_desc_offload) / 4096)

/**
 * struct fw_desc - a descriptor, decoded; fields that the format lacks are 0
 * @addr: bus address
 * @len: bytes
 * @flags: CDNA_DESC_*
 * @csum_start: as in struct cdna_desc_offload
 * @csum_offset: the same
 * @mss: the same
 * @vlan_tci: the same
 * @head: as in struct cdna_desc_virtio
 */
struct fw_desc {
	u64 addr;
	u16 len;
	u16 flags;
	u16 csum_start;
	u16 csum_offset;
	u16 mss;
	u16 vlan_tci;
	u16 head;
};

/**
 * struct fw_ring - a descriptor ring
 * @page: bus address of each 4 KiB of the ring
 * @ctx: DMA tag
 * @slots: size, a power of two
 * @format: CDNA_FORMAT_*
 * @dir: CDNA_DIR_*
 * @open: CDNA_FORMAT_VIRTIO: descriptors before @fetched that are of a chain
 *	whose end is still to come
 * @prod: free-running: accepted from the mailbox
 * @fetched: free-running: decoded into @desc so far
 * @cons: free-running: used so far
 * @next_seq: due in the descriptor at @fetched
 * @fault: found at index @fetched while fetching ahead; what is before it
 *	is still good
 * @desc: descriptors @cons to @fetched, at index modulo FW_RING_CACHE
 */
struct fw_ring {
	u64 page[FW_RING_MAX_PAGES];
	u16 ctx;
	u16 slots;
	u8 format;
	u8 dir;
	u16 open;
	u32 prod;
	u32 fetched;
	u32 cons;
	u32 next_seq;
	struct fw_fault fault;
	struct fw_desc desc[FW_RING_CACHE];
};

int fw_ring_map(struct fw_nic *nic, u64 *page, u32 max_pages, u64 bytes,
		const struct cdna_ring_ref *ref);
void fw_ring_init(struct fw_ring *ring, u32 ctx, u32 dir, u32 format,
		  u32 slots, u32 first_seq);
bool fw_ring_advance(struct fw_ring *ring, u32 prod);
u32 fw_ring_available(struct fw_nic *nic, struct fw_ring *ring, u32 want);
const struct cdna_desc_format *fw_ring_format(u32 format);

/* Descriptor @n after the consumer; n < fw_ring_available() */
static inline const struct fw_desc *fw_ring_peek(const struct fw_ring *ring,
						 u32 n)
{
	return &ring->desc[(ring->cons + n) % FW_RING_CACHE];
}

static inline void fw_ring_consume(struct fw_ring *ring, u32 n)
{
	ring->cons += n;
}

/* Nothing more can be had: the next descriptor is the bad one */
static inline bool fw_ring_stuck(const struct fw_ring *ring)
{
	return ring->fault.reason && ring->cons == ring->fault.index;
}

#endif /* FW_RING_H */
