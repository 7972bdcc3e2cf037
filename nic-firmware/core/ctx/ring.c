// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Descriptor rings in host memory (paper 3.3): fetched in batches into NIC
 * memory, decoded by format and checked there. A descriptor is read once.
 */
#include "ctx/ring.h"

#include "state.h"

/* ABI constants in memory order; the functions in port.h are no constants. */
#define RING_LE16(v)		((FW_FORCE __le16)FW_SWAP16((u16)(v)))
#define RING_LE32(v)		((FW_FORCE __le32)FW_SWAP32((u32)(v)))

#define RING_RX_OFFLOADS	\
	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_VLAN)
#define RING_TX_OFFLOADS	\
	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6 | \
	 CDNA_OFFLOAD_TX_VLAN)

/* What a virtio descriptor may ask for: a tag stays where it is. */
#define RING_VIRTIO_FLAGS	(CDNA_DESC_FLAGS & ~CDNA_DESC_VLAN)
#define RING_VIRTIO_OFFLOADS	\
	((RING_RX_OFFLOADS & ~CDNA_OFFLOAD_RX_VLAN) | \
	 (RING_TX_OFFLOADS & ~CDNA_OFFLOAD_TX_VLAN))

/* A batch of either is read into the same place. */
static_assert(sizeof(struct cdna_desc_virtio) ==
	      sizeof(struct cdna_desc_offload), "sizes of descriptors");

static const struct cdna_desc_format ring_formats[CDNA_NR_ALL_FORMATS] = {
	[CDNA_FORMAT_COMPACT] = {
		.id = CDNA_FORMAT_COMPACT,
		.size = sizeof(struct cdna_desc_compact),
		.dirs = RING_LE16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_compact, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_compact, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_compact, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_compact, seq), 16, 0 },
		.flag_eop = RING_LE32(CDNA_DESC_EOP),
		.flag_check = RING_LE32(0xffff & ~CDNA_DESC_EOP),
		.max_len = RING_LE16(CDNA_MAX_DESC_LEN),
		.max_chain = RING_LE16(CDNA_MAX_CHAIN),
		.offloads = RING_LE32(CDNA_OFFLOAD_SG | RING_RX_OFFLOADS),
	},
	[CDNA_FORMAT_OFFLOAD] = {
		.id = CDNA_FORMAT_OFFLOAD,
		.size = sizeof(struct cdna_desc_offload),
		.dirs = RING_LE16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_offload, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_offload, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_offload, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_offload, seq), 32, 0 },
		.flag_eop = RING_LE32(CDNA_DESC_EOP),
		.flag_check = RING_LE32(0xffff & ~CDNA_DESC_FLAGS),
		.max_len = RING_LE16(CDNA_MAX_DESC_LEN),
		.max_chain = RING_LE16(CDNA_MAX_CHAIN),
		.offloads = RING_LE32(CDNA_OFFLOAD_SG | RING_RX_OFFLOADS |
				      RING_TX_OFFLOADS),
	},
	[CDNA_FORMAT_VIRTIO] = {
		.id = CDNA_FORMAT_VIRTIO,
		.size = sizeof(struct cdna_desc_virtio),
		.dirs = RING_LE16(CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT),
		.addr = { offsetof(struct cdna_desc_virtio, addr), 64, 0 },
		.len = { offsetof(struct cdna_desc_virtio, len), 16, 0 },
		.flags = { offsetof(struct cdna_desc_virtio, flags), 16, 0 },
		.seq = { offsetof(struct cdna_desc_virtio, seq), 32, 0 },
		.flag_eop = RING_LE32(CDNA_DESC_EOP),
		.flag_check = RING_LE32(0xffff & ~RING_VIRTIO_FLAGS),
		.max_len = RING_LE16(CDNA_MAX_DESC_LEN),
		.max_chain = RING_LE16(CDNA_MAX_VIRTIO_CHAIN),
		.offloads = RING_LE32(CDNA_OFFLOAD_SG |
				      CDNA_OFFLOAD_RX_CHAINS |
				      RING_VIRTIO_OFFLOADS),
	},
};

/**
 * fw_ring_format() - the layout of a descriptor format
 * @format: CDNA_FORMAT_*
 *
 * Return: as it is announced, or NULL if there is no such format
 */
const struct cdna_desc_format *fw_ring_format(u32 format)
{
	return format < CDNA_NR_ALL_FORMATS ? &ring_formats[format] : NULL;
}

static int ring_map_list(struct fw_nic *nic, u64 *page, u32 pages,
			 const struct cdna_ring_ref *ref)
{
	u32 i;

	if (fw_le64(ref->addr) % sizeof(__le64) ||
	    fw_le16(ref->pages) != pages)
		return FW_EINVAL;
	if (fw_dma_read(nic, FW_DMA_HOST, fw_le64(ref->addr), page,
			pages * (u32)sizeof(*page)))
		return FW_EFAULT;
	for (i = 0; i < pages; i++) {
		page[i] = FW_SWAP64(page[i]);
		if (page[i] % CDNA_PAGE_SIZE)
			return FW_EINVAL;
	}
	return FW_OK;
}

/**
 * fw_ring_map() - find out where a ring's memory is
 * @nic: the NIC
 * @page: where to put the bus address of each 4 KiB
 * @max_pages: room there
 * @bytes: size of the ring
 * @ref: what the host said
 *
 * Return: FW_OK; FW_EINVAL if @ref makes no sense; FW_EFAULT if the page list
 * cannot be read
 */
int fw_ring_map(struct fw_nic *nic, u64 *page, u32 max_pages, u64 bytes,
		const struct cdna_ring_ref *ref)
{
	u64 addr = fw_le64(ref->addr);
	u32 flags = fw_le16(ref->flags);
	u32 pages, i;

	if (!bytes || bytes > (u64)max_pages * CDNA_PAGE_SIZE || ref->reserved)
		return FW_EINVAL;
	pages = ((u32)bytes + CDNA_PAGE_SIZE - 1) / CDNA_PAGE_SIZE;
	if (flags == CDNA_RING_PAGE_LIST)
		return ring_map_list(nic, page, pages, ref);
	if (flags || ref->pages || addr % 64 || addr + bytes < addr)
		return FW_EINVAL;
	for (i = 0; i < pages; i++)
		page[i] = addr + (u64)i * CDNA_PAGE_SIZE;
	return FW_OK;
}

static u32 ring_seq_mask(u32 format)
{
	return format == CDNA_FORMAT_COMPACT ? 0xffff : 0xffffffff;
}

/**
 * fw_ring_init() - an empty ring
 * @ring: the ring; its @page is left alone
 * @ctx: DMA tag
 * @dir: CDNA_DIR_*
 * @format: CDNA_FORMAT_*
 * @slots: size, a power of two
 * @first_seq: sequence number of the first descriptor
 */
void fw_ring_init(struct fw_ring *ring, u32 ctx, u32 dir, u32 format,
		  u32 slots, u32 first_seq)
{
	ring->ctx = (u16)ctx;
	ring->slots = (u16)slots;
	ring->format = (u8)format;
	ring->dir = (u8)dir;
	ring->open = 0;
	ring->prod = 0;
	ring->fetched = 0;
	ring->cons = 0;
	ring->next_seq = first_seq & ring_seq_mask(format);
	ring->fault = (struct fw_fault){ .reason = CDNA_FAULT_NONE };
}

/**
 * fw_ring_advance() - accept a producer index, or refuse it
 * @ring: the ring
 * @prod: free-running index from the mailbox
 *
 * Return: false, and nothing has changed, if it is more than a ring ahead of
 * the consumer or moves backwards
 */
bool fw_ring_advance(struct fw_ring *ring, u32 prod)
{
	if (prod - ring->cons > ring->slots ||
	    prod - ring->cons < ring->prod - ring->cons)
		return false;
	ring->prod = prod;
	return true;
}

static bool ring_bad(struct fw_ring *ring, enum cdna_fault why, u32 seen)
{
	ring->fault.reason = why;
	ring->fault.index = ring->fetched;
	ring->fault.expected = ring->next_seq;
	ring->fault.seen = seen;
	return false;
}

static u32 ring_decode_virtio(const u8 *raw, struct fw_desc *desc)
{
	struct cdna_desc_virtio virtio;

	__builtin_memcpy(&virtio, raw, sizeof(virtio));
	desc->addr = fw_le64(virtio.addr);
	desc->len = fw_le16(virtio.len);
	desc->flags = fw_le16(virtio.flags);
	desc->csum_start = fw_le16(virtio.csum_start);
	desc->csum_offset = fw_le16(virtio.csum_offset);
	desc->mss = fw_le16(virtio.mss);
	desc->vlan_tci = 0;
	desc->head = fw_le16(virtio.head);
	return fw_le32(virtio.seq);
}

static u32 ring_decode(const struct fw_ring *ring, const u8 *raw,
		       struct fw_desc *desc)
{
	struct cdna_desc_compact compact;
	struct cdna_desc_offload offload;

	if (ring->format == CDNA_FORMAT_VIRTIO)
		return ring_decode_virtio(raw, desc);
	desc->head = 0;
	if (ring->format == CDNA_FORMAT_COMPACT) {
		__builtin_memcpy(&compact, raw, sizeof(compact));
		desc->addr = fw_le64(compact.addr);
		desc->len = fw_le16(compact.len);
		desc->flags = fw_le16(compact.flags);
		desc->csum_start = 0;
		desc->csum_offset = 0;
		desc->mss = 0;
		desc->vlan_tci = 0;
		return fw_le16(compact.seq);
	}
	__builtin_memcpy(&offload, raw, sizeof(offload));
	desc->addr = fw_le64(offload.addr);
	desc->len = fw_le16(offload.len);
	desc->flags = fw_le16(offload.flags);
	desc->csum_start = fw_le16(offload.csum_start);
	desc->csum_offset = fw_le16(offload.csum_offset);
	desc->mss = fw_le16(offload.mss);
	desc->vlan_tci = fw_le16(offload.vlan_tci);
	return fw_le32(offload.seq);
}

/*
 * Flags count in both directions, and so does how long a chain is: a frame
 * could not be received into one without end.
 */
static bool ring_accept_virtio(struct fw_ring *ring, u32 flags, u32 seq)
{
	if (flags & ~RING_VIRTIO_FLAGS)
		return ring_bad(ring, CDNA_FAULT_FLAGS, seq);
	ring->open = flags & CDNA_DESC_EOP ? 0 : (u16)(ring->open + 1);
	if (ring->open == CDNA_MAX_VIRTIO_CHAIN)
		return ring_bad(ring, CDNA_FAULT_CHAIN, seq);
	return true;
}

/* Take one descriptor into the cache, if it is what must come next. */
static bool ring_accept(struct fw_ring *ring, const u8 *raw)
{
	struct fw_desc *desc = &ring->desc[ring->fetched % FW_RING_CACHE];
	u32 known = ring->format == CDNA_FORMAT_COMPACT ? CDNA_DESC_EOP :
							  CDNA_DESC_FLAGS;
	u32 seq = ring_decode(ring, raw, desc);

	if (seq != ring->next_seq)
		return ring_bad(ring, CDNA_FAULT_SEQUENCE, seq);
	if (!desc->len || desc->len > CDNA_MAX_DESC_LEN)
		return ring_bad(ring, CDNA_FAULT_LENGTH, seq);
	if (ring->format == CDNA_FORMAT_VIRTIO) {
		if (!ring_accept_virtio(ring, desc->flags, seq))
			return false;
	} else if (ring->dir == CDNA_DIR_TX && desc->flags & ~known) {
		return ring_bad(ring, CDNA_FAULT_FLAGS, seq);
	}
	ring->fetched++;
	ring->next_seq = (seq + 1) & ring_seq_mask(ring->format);
	return true;
}

/* Bus address of a slot, and how many slots are contiguous from there on. */
static u64 ring_where(const struct fw_ring *ring, u32 slot, u32 size, u32 *run)
{
	u32 offset = slot * size;
	u32 page = offset / CDNA_PAGE_SIZE;
	u32 last = page;
	u32 bytes, end;

	/* A batch is at most 2 KiB: it reaches into the next page at most. */
	end = ring->slots * size;
	if ((page + 1) * CDNA_PAGE_SIZE < end &&
	    ring->page[page + 1] == ring->page[page] + CDNA_PAGE_SIZE)
		last++;
	bytes = FW_MIN(end, (last + 1) * CDNA_PAGE_SIZE) - offset;
	*run = FW_MIN(*run, bytes / size);
	return ring->page[page] + offset % CDNA_PAGE_SIZE;
}

static void ring_fetch(struct fw_nic *nic, struct fw_ring *ring)
{
	u32 size = ring->format == CDNA_FORMAT_COMPACT ?
			   sizeof(struct cdna_desc_compact) :
			   sizeof(struct cdna_desc_offload);
	u32 run = FW_MIN(ring->prod - ring->fetched,
			 FW_RING_CACHE - (ring->fetched - ring->cons));
	u64 addr;
	u32 i;

	addr = ring_where(ring, ring->fetched & (ring->slots - 1u), size, &run);
	if (fw_dma_read(nic, ring->ctx, addr, nic->fetch, run * size)) {
		ring_bad(ring, CDNA_FAULT_DMA_DESC, 0);
		return;
	}
	for (i = 0; i < run; i++)
		if (!ring_accept(ring, nic->fetch + i * size))
			return;
}

/**
 * fw_ring_available() - fetch ahead as far as needed (paper 3.3)
 * @nic: the NIC
 * @ring: the ring
 * @want: descriptors wanted, at most FW_RING_CACHE
 *
 * Return: how many may be looked at with fw_ring_peek(). Less than @want if
 * no more are posted, or if @ring->fault says why the next one is bad
 */
u32 fw_ring_available(struct fw_nic *nic, struct fw_ring *ring, u32 want)
{
	while (ring->fetched - ring->cons < want &&
	       ring->fetched != ring->prod && !ring->fault.reason)
		ring_fetch(nic, ring);
	return ring->fetched - ring->cons;
}
