/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA admin queue: completions of commands, and what IDENTIFY writes. Commands,
 * statuses and states are in admin.h.
 */
#ifndef CDNA_ADMIN_RESULT_H
#define CDNA_ADMIN_RESULT_H

#include "desc.h"
#include "types.h"

/**
 * struct cdna_queue_info - result of QUEUE_QUERY and QUEUE_DRAIN
 * @state: enum cdna_queue_state
 * @fault: enum cdna_fault
 * @reserved: zero
 * @prod: mailbox value that the firmware has accepted
 * @cons: consumer index, final once the queue does not run
 * @next_seq: sequence number that is due next
 * @comp_prod: completions written, receive only
 */
struct cdna_queue_info {
	__u8 state;
	__u8 fault;
	__le16 reserved;
	__le32 prod;
	__le32 cons;
	__le32 next_seq;
	__le32 comp_prod;
};

CDNA_ASSERT_SIZE(struct cdna_queue_info, 20);

/**
 * struct cdna_ctx_info - result of CTX_QUERY
 * @state: enum cdna_ctx_state
 * @fault: enum cdna_fault that stopped it
 * @tx_queues: bit per queue pair: a transmit queue exists
 * @rx_queues: the same for receive
 */
struct cdna_ctx_info {
	__u8 state;
	__u8 fault;
	__u8 tx_queues;
	__u8 rx_queues;
};

CDNA_ASSERT_SIZE(struct cdna_ctx_info, 4);

/**
 * struct cdna_admin_completion - entry of the admin completion ring
 * @opcode: from the command
 * @tag: from the command
 * @status: enum cdna_admin_status
 * @detail: CDNA_SC_BAD_PARAM: byte of the command that was refused
 * @sq_head: free-running: commands taken so far
 * @reserved: zero
 * @queue: result of QUEUE_QUERY and QUEUE_DRAIN
 * @ctx: result of CTX_QUERY
 * @raw: the result as bytes
 */
struct cdna_admin_completion {
	__le16 opcode;
	__le16 tag;
	__le16 status;
	__le16 detail;
	__le32 sq_head;
	__le32 reserved;
	union {
		struct cdna_queue_info queue;
		struct cdna_ctx_info ctx;
		__u8 raw[48];
	};
};

CDNA_ASSERT_SIZE(struct cdna_admin_completion, 64);
CDNA_ASSERT_OFFSET(struct cdna_admin_completion, raw, 16);

/**
 * struct cdna_identify - what the NIC is
 * @abi: CDNA_ABI_VERSION
 * @fw_version: as CDNA_REG_FW_VERSION
 * @contexts: contexts that are alive
 * @qps: queue pairs of a context
 * @sources: interrupt sources: bits of a vector
 * @bitvec_words: 64-bit words of a bit-vector slot
 * @min_ring: slots
 * @max_ring: slots
 * @mtu: of the wire, in bytes
 * @max_macs: addresses per context, with its own
 * @speed: link speed in Mb/s, 0 when not known
 * @offloads: CDNA_OFFLOAD_*, of all formats together
 * @max_coalesce_usecs: see struct cdna_admin_coalesce
 * @max_rate_mbps: see struct cdna_admin_limits
 * @fw_bytes: memory that the firmware's state takes
 * @formats: how many descriptor formats follow
 * @mac: the NIC's own address: contexts without a MAC derive theirs from it
 * @groups: rate groups, see struct cdna_admin_group; 0 before 1.7
 * @reserved: zero
 * @reserved2: zero
 * @format: descriptor layouts
 */
struct cdna_identify {
	__le32 abi;
	__le32 fw_version;
	__le16 contexts;
	__le16 qps;
	__le16 sources;
	__le16 bitvec_words;
	__le16 min_ring;
	__le16 max_ring;
	__le16 mtu;
	__le16 max_macs;
	__le32 speed;
	__le32 offloads;
	__le32 max_coalesce_usecs;
	__le32 max_rate_mbps;
	__le32 fw_bytes;
	__le16 formats;
	__u8 mac[6];
	__le32 groups;
	__le32 reserved[2];
	struct cdna_desc_format format[CDNA_MAX_FORMATS];
	__u8 reserved2[48];
};

CDNA_ASSERT_SIZE(struct cdna_identify, 256);
CDNA_ASSERT_OFFSET(struct cdna_identify, mac, 46);
CDNA_ASSERT_OFFSET(struct cdna_identify, format, 64);

#endif /* CDNA_ADMIN_RESULT_H */
