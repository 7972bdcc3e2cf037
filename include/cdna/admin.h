/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA admin queue: commands of the host to the NIC.
 *
 * The host writes a struct cdna_admin_cmd into the submission ring and stores
 * the new tail into CDNA_MGMT_MBOX_ASQ_TAIL. Completions come in the ring at
 * ACQ_BASE, a struct cdna_ring_header and then slots, and raise
 * CDNA_VECTOR_ADMIN. Commands start in order; a drain completes when it is
 * done, later commands meanwhile.
 */
#ifndef CDNA_ADMIN_H
#define CDNA_ADMIN_H

#include "admin_group.h"
#include "admin_receive.h"
#include "admin_result.h"
#include "desc.h"
#include "types.h"

enum cdna_admin_opcode {
	CDNA_CMD_IDENTIFY = 0x01,
	CDNA_CMD_SET_RINGS = 0x02,

	CDNA_CMD_CTX_CONFIGURE = 0x10,
	CDNA_CMD_CTX_ACTIVATE = 0x11,
	CDNA_CMD_CTX_QUIESCE = 0x12,
	CDNA_CMD_CTX_RESET = 0x13,
	CDNA_CMD_CTX_REVOKE = 0x14,
	CDNA_CMD_CTX_RELEASE = 0x15,
	CDNA_CMD_CTX_QUERY = 0x16,
	CDNA_CMD_CTX_RESUME = 0x17,
	CDNA_CMD_CTX_SPREAD = 0x18,
	CDNA_CMD_CTX_RSS = 0x19,
	CDNA_CMD_CTX_GROUP = 0x1a,

	CDNA_CMD_QUEUE_CREATE = 0x20,
	CDNA_CMD_QUEUE_DESTROY = 0x21,
	CDNA_CMD_QUEUE_DRAIN = 0x22,
	CDNA_CMD_QUEUE_QUERY = 0x23,

	CDNA_CMD_SOURCE_BIND = 0x30,
	CDNA_CMD_SOURCE_UNBIND = 0x31,

	CDNA_CMD_SET_FILTER = 0x40,
	CDNA_CMD_MAC_ADD = 0x41,
	CDNA_CMD_MAC_DEL = 0x42,
	CDNA_CMD_VLAN_ADD = 0x43,
	CDNA_CMD_VLAN_DEL = 0x44,

	CDNA_CMD_SET_COALESCE = 0x50,
	CDNA_CMD_SET_LIMITS = 0x51,
	CDNA_CMD_SET_THROTTLE = 0x52,
	CDNA_CMD_GROUP_SET = 0x53,
	CDNA_CMD_GROUP_DEL = 0x54,

	CDNA_CMD_READ_STATS = 0x60,
};

/**
 * enum cdna_admin_status - how a command ended
 * @CDNA_SC_OK: done
 * @CDNA_SC_BAD_OPCODE: no such command
 * @CDNA_SC_BAD_CONTEXT: context number not below cdna_identify.contexts
 * @CDNA_SC_BAD_STATE: the state of the context, queue or group does not allow it
 * @CDNA_SC_BAD_PARAM: a field is out of bounds or a reserved one not zero
 * @CDNA_SC_EXISTS: MAC and VLAN, queue or source are in use
 * @CDNA_SC_NOT_FOUND: no such queue, address, VLAN, source or group
 * @CDNA_SC_NO_SPACE: a table is full
 * @CDNA_SC_DMA_ERROR: memory that the command names cannot be reached
 * @CDNA_SC_ABORTED: revoked, reset or destroyed before it was done
 */
enum cdna_admin_status {
	CDNA_SC_OK,
	CDNA_SC_BAD_OPCODE,
	CDNA_SC_BAD_CONTEXT,
	CDNA_SC_BAD_STATE,
	CDNA_SC_BAD_PARAM,
	CDNA_SC_EXISTS,
	CDNA_SC_NOT_FOUND,
	CDNA_SC_NO_SPACE,
	CDNA_SC_DMA_ERROR,
	CDNA_SC_ABORTED,
};

/* State of a context, on the NIC */
enum cdna_ctx_state {
	CDNA_CTX_FREE,
	CDNA_CTX_CONFIGURED,
	CDNA_CTX_ACTIVE,
	CDNA_CTX_FAULTED,
	CDNA_CTX_QUIESCED,
	CDNA_CTX_REVOKED,
	CDNA_NR_CTX_STATES,
};

/**
 * enum cdna_queue_state - state of one ring
 * @CDNA_QUEUE_NONE: not created
 * @CDNA_QUEUE_RUNNING: served
 * @CDNA_QUEUE_DRAINING: what was posted is sent, then it stops
 * @CDNA_QUEUE_STOPPED: drained or quiesced; its indices can be queried. Only one that
 *	was quiesced goes on, with CDNA_CMD_CTX_RESUME
 * @CDNA_QUEUE_FAULTED: stopped by a fault
 */
enum cdna_queue_state {
	CDNA_QUEUE_NONE,
	CDNA_QUEUE_RUNNING,
	CDNA_QUEUE_DRAINING,
	CDNA_QUEUE_STOPPED,
	CDNA_QUEUE_FAULTED,
};

/**
 * struct cdna_ring_ref - memory of a ring
 * @addr: DMA address of the ring, 64-byte aligned; or, with
 *	CDNA_RING_PAGE_LIST, of an array of @pages little-endian 64-bit page
 *	addresses that the NIC reads once
 * @pages: length of that array; 0 without CDNA_RING_PAGE_LIST
 * @flags: CDNA_RING_PAGE_LIST or 0
 * @reserved: zero
 */
struct cdna_ring_ref {
	__le64 addr;
	__le16 pages;
	__le16 flags;
	__le32 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_ring_ref, 16);

#define CDNA_RING_PAGE_LIST		0x1

/**
 * struct cdna_admin_identify - CDNA_CMD_IDENTIFY
 * @addr: where to write a struct cdna_identify, 8-byte aligned
 */
struct cdna_admin_identify {
	__le64 addr;
};

/**
 * struct cdna_admin_set_rings - CDNA_CMD_SET_RINGS
 * @bitvec_addr: bit-vector ring: header and slots, contiguous, 64-byte aligned
 * @event_addr: event ring: header and slots, contiguous, 64-byte aligned
 * @cons_addr: contexts * CDNA_MAX_QPS entries of struct cdna_host_cons
 * @bitvec_slots: CDNA_MIN_NOTIFY_RING to CDNA_MAX_NOTIFY_RING, a power of two
 * @event_slots: the same
 *
 * Once after CDNA_CONTROL_ENABLE, before any context is configured. The
 * host zeroes the headers first.
 */
struct cdna_admin_set_rings {
	__le64 bitvec_addr;
	__le64 event_addr;
	__le64 cons_addr;
	__le32 bitvec_slots;
	__le32 event_slots;
};

/**
 * struct cdna_admin_ctx_configure - CDNA_CMD_CTX_CONFIGURE
 * @mac: unicast, not zero; unique together with @access_vlan
 * @access_vlan: 1 to 4094: untagged frames of the context belong to this
 *	VLAN; 0: no such VLAN
 * @flags: CDNA_CTXF_*
 */
struct cdna_admin_ctx_configure {
	__u8 mac[6];
	__le16 access_vlan;
	__le32 flags;
};

#define CDNA_CTXF_ALLOW_PROMISC	0x1	/* guest may see frames for others */
#define CDNA_CTXF_ALLOW_SPOOF	0x2	/* any source MAC; link-local groups */
#define CDNA_CTXF_TRUNK		0x4	/* any VLAN tag; excludes access_vlan */
#define CDNA_CTXF_FLAGS		0x7

/**
 * struct cdna_admin_ctx_activate - CDNA_CMD_CTX_ACTIVATE
 * @status_addr: the status page, CDNA_PAGE_SIZE aligned: CDNA_MAX_QPS entries
 *	of struct cdna_qp_status
 */
struct cdna_admin_ctx_activate {
	__le64 status_addr;
};

/**
 * struct cdna_admin_queue - names a queue: CREATE, DESTROY, DRAIN, QUERY
 * @qp: queue pair
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @format: CREATE: which descriptor format
 * @size_log2: CREATE: slots of the ring, and of the completion ring
 * @offloads: CREATE: CDNA_OFFLOAD_* that the queue uses
 * @first_seq: CREATE: sequence number of the first descriptor
 * @used_offset: CREATE with CDNA_FORMAT_VIRTIO: where the used ring is in the first
 *	page of @completions, a multiple of 4 below CDNA_PAGE_SIZE; else zero
 * @used_slots: CREATE with CDNA_FORMAT_VIRTIO: entries of the used ring, 1 to
 *	CDNA_MAX_USED_RING, a power of two; else zero
 * @ring: CREATE: the descriptor ring
 * @completions: CREATE of a receive queue: the completion ring, of
 *	struct cdna_rx_completion. With CDNA_FORMAT_VIRTIO, in both directions: the
 *	pages of the used ring, struct cdna_used_ring
 * @used_index: CREATE with CDNA_FORMAT_VIRTIO: index that the used ring begins at, of a
 *	queue that has moved; since 1.8. Else zero
 * @reserved: zero
 *
 * A queue of CDNA_FORMAT_VIRTIO writes no struct cdna_rx_completion. When a chain's
 * last descriptor has been used, its entry is written into the used ring, which
 * begins at @used_index; then the consumer index; then the used ring's. A received
 * frame begins with a struct cdna_virtio_hdr, and takes a whole number of chains:
 * descriptors of the last one that it does not need are used as well. It takes more
 * than one only with CDNA_OFFLOAD_RX_CHAINS. A queue pair with such a queue needs no
 * re-arm mailbox: it is armed after each interrupt, and moderated.
 */
struct cdna_admin_queue {
	__u8 qp;
	__u8 dir;
	__u8 format;
	__u8 size_log2;
	__le32 offloads;
	__le32 first_seq;
	__le16 used_offset;
	__le16 used_slots;
	struct cdna_ring_ref ring;
	struct cdna_ring_ref completions;
	__le16 used_index;
	__le16 reserved[3];
};

/**
 * struct cdna_admin_source - CDNA_CMD_SOURCE_BIND, _UNBIND
 * @qp: queue pair whose news the source tells
 * @reserved: zero
 * @bit: bit of the vector, below cdna_identify.sources; ignored by UNBIND
 */
struct cdna_admin_source {
	__u8 qp;
	__u8 reserved[3];
	__le32 bit;
};

/**
 * struct cdna_admin_coalesce - CDNA_CMD_SET_COALESCE, for a queue pair
 * @qp: queue pair
 * @reserved: zero
 * @usecs: longest wait after the first news, 0 to CDNA_MAX_COALESCE_USECS
 * @frames: news that end the wait, 0: any; at most CDNA_MAX_RING
 */
struct cdna_admin_coalesce {
	__u8 qp;
	__u8 reserved[3];
	__le32 usecs;
	__le32 frames;
};

#define CDNA_MAX_COALESCE_USECS		10000

/**
 * struct cdna_admin_limits - CDNA_CMD_SET_LIMITS
 * @tx_mbps: most transmitted, in 10^6 bits per second of frames without
 *	preamble, gap and FCS; 0: no limit; at most CDNA_MAX_RATE_MBPS
 * @storm_fps: most multicast and broadcast frames transmitted per second,
 *	0: the NIC's default
 * @tx_min_mbps: what it may transmit at least whatever other contexts do, in the
 *	unit of @tx_mbps; at most that, or with 0 CDNA_MAX_RATE_MBPS; 0: as much as
 *	others have; since 1.3. The sum is up to the host
 * @rx_mbps: most received, in the unit of @tx_mbps, from the wire and from other
 *	contexts; what is beyond is dropped; 0: no limit; since 1.9
 */
struct cdna_admin_limits {
	__le32 tx_mbps;
	__le32 storm_fps;
	__le32 tx_min_mbps;
	__le32 rx_mbps;
};

#define CDNA_MAX_RATE_MBPS		200000
#define CDNA_MAX_STORM_FPS		1000000

/**
 * struct cdna_admin_throttle - CDNA_CMD_SET_THROTTLE, for the NIC; since 1.3
 * @usecs: CDNA_VECTOR_BITVEC is raised no more often than once in that time on
 *	average, whatever moderation guests choose; 0: as often as they choose; at
 *	most CDNA_MAX_COALESCE_USECS
 * @burst: how often it is raised without a wait when it was not for a while, 1 to
 *	CDNA_MAX_THROTTLE_BURST; with @usecs 0: zero
 */
struct cdna_admin_throttle {
	__le32 usecs;
	__le32 burst;
};

#define CDNA_MAX_THROTTLE_BURST		1024

/**
 * struct cdna_admin_stats - CDNA_CMD_READ_STATS
 * @addr: where to write a struct cdna_stats, 8-byte aligned
 * @what: CDNA_STATS_*
 * @qp: queue pair, for CDNA_STATS_QP
 * @reserved: zero
 */
struct cdna_admin_stats {
	__le64 addr;
	__le16 what;
	__le16 qp;
	__le32 reserved;
};

#define CDNA_STATS_NIC			0	/* enum cdna_nic_stat */
#define CDNA_STATS_CONTEXT		1	/* enum cdna_ctx_stat */
#define CDNA_STATS_QP			2	/* enum cdna_qp_stat */

/**
 * struct cdna_admin_cmd - entry of the admin submission ring
 * @opcode: enum cdna_admin_opcode
 * @tag: returned in the completion
 * @context: context that the command is about, 0 if about none
 * @reserved: zero
 * @identify: parameters of IDENTIFY
 * @set_rings: parameters of SET_RINGS
 * @configure: parameters of CTX_CONFIGURE
 * @activate: parameters of CTX_ACTIVATE
 * @spread: parameters of CTX_SPREAD
 * @rss: parameters of CTX_RSS
 * @ctx_group: parameters of CTX_GROUP
 * @queue: parameters of QUEUE_*
 * @source: parameters of SOURCE_*
 * @filter: parameters of SET_FILTER
 * @mac: parameters of MAC_*
 * @vlan: parameters of VLAN_*
 * @coalesce: parameters of SET_COALESCE
 * @limits: parameters of SET_LIMITS
 * @throttle: parameters of SET_THROTTLE
 * @group: parameters of GROUP_*
 * @stats: parameters of READ_STATS
 * @raw: all of them as bytes; those without a meaning are zero
 */
struct cdna_admin_cmd {
	__le16 opcode;
	__le16 tag;
	__le16 context;
	__le16 reserved;
	union {
		struct cdna_admin_identify identify;
		struct cdna_admin_set_rings set_rings;
		struct cdna_admin_ctx_configure configure;
		struct cdna_admin_ctx_activate activate;
		struct cdna_admin_spread spread;
		struct cdna_admin_rss rss;
		struct cdna_admin_ctx_group ctx_group;
		struct cdna_admin_queue queue;
		struct cdna_admin_source source;
		struct cdna_admin_filter filter;
		struct cdna_admin_mac mac;
		struct cdna_admin_vlan vlan;
		struct cdna_admin_coalesce coalesce;
		struct cdna_admin_limits limits;
		struct cdna_admin_throttle throttle;
		struct cdna_admin_group group;
		struct cdna_admin_stats stats;
		__u8 raw[56];
	};
};

CDNA_ASSERT_SIZE(struct cdna_admin_set_rings, 32);
CDNA_ASSERT_SIZE(struct cdna_admin_ctx_configure, 12);
CDNA_ASSERT_SIZE(struct cdna_admin_queue, 56);
CDNA_ASSERT_OFFSET(struct cdna_admin_queue, completions, 32);
CDNA_ASSERT_OFFSET(struct cdna_admin_queue, used_index, 48);
CDNA_ASSERT_SIZE(struct cdna_admin_source, 8);
CDNA_ASSERT_SIZE(struct cdna_admin_coalesce, 12);
CDNA_ASSERT_SIZE(struct cdna_admin_limits, 16);
CDNA_ASSERT_SIZE(struct cdna_admin_throttle, 8);
CDNA_ASSERT_SIZE(struct cdna_admin_stats, 16);
CDNA_ASSERT_SIZE(struct cdna_admin_cmd, 64);
CDNA_ASSERT_OFFSET(struct cdna_admin_cmd, raw, 8);

#endif /* CDNA_ADMIN_H */
