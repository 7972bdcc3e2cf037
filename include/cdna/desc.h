/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA descriptors: announced layouts, the formats in use, completion entries and
 * the status that the NIC publishes.
 */
#ifndef CDNA_DESC_H
#define CDNA_DESC_H

#include "types.h"

#define CDNA_MIN_RING			64	/* slots, powers of two */
#define CDNA_MAX_RING			4096
#define CDNA_MAX_CHAIN			20	/* descriptors of one frame */
#define CDNA_MAX_DESC_LEN		4096	/* and never across a page */
#define CDNA_MAX_FRAME_BYTES		65550	/* of a segmentation request */
#define CDNA_MAX_MTU			9000
#define CDNA_MIN_MTU			576

/**
 * struct cdna_field - where a field is in a descriptor
 * @offset: in bytes from the descriptor's start
 * @bits: width: 8, 16, 32 or 64; 0 when the format has no such field
 * @reserved: zero
 *
 * Fields are little-endian and byte-aligned.
 */
struct cdna_field {
	__u8 offset;
	__u8 bits;
	__le16 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_field, 4);

/**
 * struct cdna_desc_format - a descriptor layout, as the NIC announces it
 * @id: the number by which CDNA_CMD_QUEUE_CREATE names the format
 * @size: bytes of a descriptor, a power of two
 * @dirs: CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT: the rings it may be used in
 * @addr: DMA address of the buffer
 * @len: bytes of the buffer
 * @flags: flags; the host copies what it does not know
 * @seq: sequence number, modulo 2^bits
 * @flag_eop: value in @flags that ends a frame
 * @flag_check: bits in @flags that the host must find zero
 * @max_len: most bytes that one descriptor may name
 * @max_chain: most descriptors of a frame
 * @offloads: CDNA_OFFLOAD_* that descriptors of this format can ask for
 *
 * All that a host needs to validate and stamp descriptors: the other
 * bytes are copied uninterpreted (paper 3.4).
 */
struct cdna_desc_format {
	__u8 id;
	__u8 size;
	__le16 dirs;
	struct cdna_field addr;
	struct cdna_field len;
	struct cdna_field flags;
	struct cdna_field seq;
	__le32 flag_eop;
	__le32 flag_check;
	__le16 max_len;
	__le16 max_chain;
	__le32 offloads;
};

CDNA_ASSERT_SIZE(struct cdna_desc_format, 36);
CDNA_ASSERT_OFFSET(struct cdna_desc_format, seq, 16);

#define CDNA_DIR_TX			0
#define CDNA_DIR_RX			1
#define CDNA_NR_DIRS			2
#define CDNA_DIR_TX_BIT			(1 << CDNA_DIR_TX)
#define CDNA_DIR_RX_BIT			(1 << CDNA_DIR_RX)

#define CDNA_FORMAT_COMPACT		0
#define CDNA_FORMAT_OFFLOAD		1
#define CDNA_NR_FORMATS			2	/* that guests may choose */
#define CDNA_FORMAT_VIRTIO		2	/* made by the host; since 1.2 */
#define CDNA_NR_ALL_FORMATS		3
#define CDNA_MAX_FORMATS		4	/* room in cdna_identify */

/*
 * Descriptor flags, in all formats. Offload flags are refused in a compact
 * descriptor: it has no fields for them.
 */
#define CDNA_DESC_EOP			0x0001	/* last of its frame */
#define CDNA_DESC_CSUM			0x0002	/* insert a checksum */
#define CDNA_DESC_TSO			0x0004	/* segment; implies CSUM */
#define CDNA_DESC_VLAN			0x0008	/* insert vlan_tci */
#define CDNA_DESC_FLAGS			0x000f	/* all that are defined */

/**
 * struct cdna_desc_compact - 16 bytes, sequence number of 16 bits
 * @addr: DMA address
 * @len: bytes, 1 to CDNA_MAX_DESC_LEN
 * @flags: CDNA_DESC_EOP; ignored in a receive ring
 * @seq: sequence number
 * @reserved: zero
 */
struct cdna_desc_compact {
	__le64 addr;
	__le16 len;
	__le16 flags;
	__le16 seq;
	__le16 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_desc_compact, 16);
CDNA_ASSERT_OFFSET(struct cdna_desc_compact, seq, 12);

/**
 * struct cdna_desc_offload - 32 bytes, sequence number of 32 bits
 * @addr: DMA address
 * @len: bytes, 1 to CDNA_MAX_DESC_LEN
 * @flags: CDNA_DESC_*; offload flags and the fields below count in the first
 *	descriptor of a frame only
 * @seq: sequence number
 * @csum_start: byte of the frame where the sum starts
 * @csum_offset: where to store it, in bytes from @csum_start. The place holds
 *	the pseudo header's sum, as Linux leaves it for CHECKSUM_PARTIAL
 * @mss: payload bytes of each segment
 * @vlan_tci: tag to insert
 * @reserved: zero
 */
struct cdna_desc_offload {
	__le64 addr;
	__le16 len;
	__le16 flags;
	__le32 seq;
	__le16 csum_start;
	__le16 csum_offset;
	__le16 mss;
	__le16 vlan_tci;
	__le64 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_desc_offload, 32);
CDNA_ASSERT_OFFSET(struct cdna_desc_offload, seq, 12);
CDNA_ASSERT_OFFSET(struct cdna_desc_offload, vlan_tci, 22);

/**
 * struct cdna_desc_virtio - a piece of a virtio buffer chain
 * @addr: DMA address
 * @len: bytes, 1 to CDNA_MAX_DESC_LEN
 * @flags: CDNA_DESC_*; CDNA_DESC_EOP ends the chain, in a receive ring too
 * @seq: sequence number
 * @csum_start: as in struct cdna_desc_offload, and so are the next two
 * @csum_offset: likewise
 * @mss: likewise
 * @reserved: zero
 * @head: index of the chain's head, for the used ring; the same in the whole chain
 * @reserved2: zero
 *
 * The host makes these of a guest's virtqueue (Virtio 1.2, section 2.7): no guest
 * writes one. A transmit chain is a frame: what it began with, the guest's struct
 * cdna_virtio_hdr, became @flags and the fields behind @seq. A chain is completed by
 * an entry of the used ring, see CDNA_CMD_QUEUE_CREATE.
 */
struct cdna_desc_virtio {
	__le64 addr;
	__le16 len;
	__le16 flags;
	__le32 seq;
	__le16 csum_start;
	__le16 csum_offset;
	__le16 mss;
	__le16 reserved;
	__le16 head;
	__le16 reserved2[3];
};

CDNA_ASSERT_SIZE(struct cdna_desc_virtio, 32);
CDNA_ASSERT_OFFSET(struct cdna_desc_virtio, mss, 20);
CDNA_ASSERT_OFFSET(struct cdna_desc_virtio, head, 24);

#define CDNA_MAX_VIRTIO_CHAIN		40	/* descriptors of one virtio chain */
#define CDNA_MAX_USED_RING		1024	/* entries, powers of two */

/**
 * struct cdna_used_elem - entry of a virtio used ring
 * @id: index of the chain's head
 * @len: bytes that were written into the chain
 */
struct cdna_used_elem {
	__le32 id;
	__le32 len;
};

/**
 * struct cdna_used_ring - a virtio used ring (Virtio 1.2, section 2.7.8)
 * @flags: the host's
 * @idx: free-running index, modulo 65536, one past the last entry
 * @ring: entries; behind them is a field of the host
 *
 * The NIC writes entries, then @idx, and reads none of it: it is guest memory. It
 * is aligned to 4 bytes only: an entry may lie on two pages.
 */
struct cdna_used_ring {
	__le16 flags;
	__le16 idx;
	struct cdna_used_elem ring[];
};

CDNA_ASSERT_SIZE(struct cdna_used_ring, 4);

/**
 * struct cdna_virtio_hdr - what the NIC writes in front of a received frame
 * @flags: CDNA_VIRTIO_HDR_*
 * @gso_type: CDNA_VIRTIO_GSO_*
 * @hdr_len: bytes of Ethernet, IP and TCP header of a merged frame, else 0
 * @gso_size: largest payload of a merged frame, else 0
 * @csum_start: with CDNA_VIRTIO_HDR_NEEDS_CSUM: where the sum starts
 * @csum_offset: with CDNA_VIRTIO_HDR_NEEDS_CSUM: where it goes, from @csum_start
 * @num_buffers: chains that the frame takes
 *
 * Virtio 1.2, section 5.1.6: struct virtio_net_hdr. A merged frame has
 * NEEDS_CSUM, and the pseudo header's sum in its checksum field.
 */
struct cdna_virtio_hdr {
	__u8 flags;
	__u8 gso_type;
	__le16 hdr_len;
	__le16 gso_size;
	__le16 csum_start;
	__le16 csum_offset;
	__le16 num_buffers;
};

CDNA_ASSERT_SIZE(struct cdna_virtio_hdr, 12);
CDNA_ASSERT_OFFSET(struct cdna_virtio_hdr, num_buffers, 10);

#define CDNA_VIRTIO_HDR_NEEDS_CSUM	0x1
#define CDNA_VIRTIO_HDR_DATA_VALID	0x2
#define CDNA_VIRTIO_GSO_NONE		0
#define CDNA_VIRTIO_GSO_TCPV4		1
#define CDNA_VIRTIO_GSO_TCPV6		4
#define CDNA_VIRTIO_GSO_ECN		0x80	/* beside one of these */

/* Offloads, announced by the NIC and chosen per queue */
#define CDNA_OFFLOAD_TX_CSUM		0x0001
#define CDNA_OFFLOAD_TSO4		0x0002
#define CDNA_OFFLOAD_TSO6		0x0004
#define CDNA_OFFLOAD_TX_VLAN		0x0008	/* tag insertion */
#define CDNA_OFFLOAD_RX_CSUM		0x0010
#define CDNA_OFFLOAD_LRO		0x0020	/* receive aggregation */
#define CDNA_OFFLOAD_RX_VLAN		0x0040	/* tag removal */
#define CDNA_OFFLOAD_SG			0x0080	/* transmit chains beyond one */
#define CDNA_OFFLOAD_RX_CHAINS		0x0100	/* virtio: frames of many chains */

/**
 * struct cdna_rx_completion - one receive buffer filled
 * @index: free-running index of the receive descriptor
 * @len: bytes written into this buffer
 * @flags: CDNA_RX_*
 * @vlan_tci: removed tag, with CDNA_RX_VLAN
 * @segs: wire frames merged into this one, 1 if none were
 * @mss: largest payload of a merged frame, 0 if none were
 * @hdr_len: bytes of Ethernet, IP and TCP header of a merged frame
 * @frame_len: bytes of the whole frame, in all its buffers
 * @hash: flow hash, 0 if the frame has no flow
 * @reserved: zero
 *
 * A frame takes consecutive buffers; @flags says which is first and last, all
 * else counts in the first. The TCP checksum field of a merged frame holds
 * the pseudo header's sum, as Linux wants it for CHECKSUM_PARTIAL.
 */
struct cdna_rx_completion {
	__le32 index;
	__le16 len;
	__le16 flags;
	__le16 vlan_tci;
	__le16 segs;
	__le16 mss;
	__le16 hdr_len;
	__le32 frame_len;
	__le32 hash;
	__le64 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_rx_completion, 32);
CDNA_ASSERT_OFFSET(struct cdna_rx_completion, frame_len, 16);

#define CDNA_RX_FIRST			0x0001
#define CDNA_RX_LAST			0x0002
#define CDNA_RX_CSUM_OK			0x0004	/* TCP or UDP sum verified */
#define CDNA_RX_CSUM_BAD		0x0008
#define CDNA_RX_VLAN			0x0010
#define CDNA_RX_LRO			0x0020	/* segs > 1 */
#define CDNA_RX_IPV4			0x0040
#define CDNA_RX_IPV6			0x0080
#define CDNA_RX_TCP			0x0100
#define CDNA_RX_UDP			0x0200

/**
 * struct cdna_qp_status - what the NIC publishes to the driver of a queue pair
 * @tx_cons: free-running index one past the last transmit descriptor used
 * @rx_cons: the same for receive descriptors
 * @rx_comp_prod: free-running index one past the last completion written
 * @event: grows by one with each update; to be stored into the re-arm mailbox
 * @tx_state: enum cdna_queue_state
 * @rx_state: enum cdna_queue_state
 * @rx_missed: free-running count of frames that were dropped because too few
 *	receive buffers were posted, since the receive queue was created; always 0
 *	before version 1.1
 * @reserved: zero
 *
 * One in each 64 bytes of the context's status page, by queue pair. It is
 * guest memory: the NIC only writes it, the host never believes it.
 */
struct cdna_qp_status {
	__le32 tx_cons;
	__le32 rx_cons;
	__le32 rx_comp_prod;
	__le32 event;
	__le32 tx_state;
	__le32 rx_state;
	__le32 rx_missed;
	__le32 reserved[9];
};

CDNA_ASSERT_SIZE(struct cdna_qp_status, 64);
CDNA_ASSERT_OFFSET(struct cdna_qp_status, event, 12);

/**
 * struct cdna_host_cons - what the NIC publishes to the host of a queue pair
 * @tx_cons: as in struct cdna_qp_status
 * @rx_cons: as in struct cdna_qp_status
 *
 * Entry context * CDNA_MAX_QPS + queue pair of the host's consumer table. It
 * is written before the guest's copy and is what pages are unpinned by.
 */
struct cdna_host_cons {
	__le32 tx_cons;
	__le32 rx_cons;
};

CDNA_ASSERT_SIZE(struct cdna_host_cons, 8);

#endif /* CDNA_DESC_H */
