/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA admin queue: parameters of commands about what a context receives, and where. The
 * commands are in admin.h.
 */
#ifndef CDNA_ADMIN_RECEIVE_H
#define CDNA_ADMIN_RECEIVE_H

#include "types.h"

/**
 * struct cdna_admin_spread - CDNA_CMD_CTX_SPREAD, of an ACTIVE context; since 1.5
 * @qps: bit per queue pair that may receive, not zero: flows are spread over those of
 *	these whose receive queue runs. CTX_ACTIVATE allows all
 * @reserved: zero
 *
 * A receive queue that may not receive keeps what was posted in it. When the command
 * completes, none gets a frame until it may again.
 */
struct cdna_admin_spread {
	__u8 qps;
	__u8 reserved[7];
};

#define CDNA_RSS_KEY			40	/* bytes */
#define CDNA_RSS_TABLE			128	/* entries */

/* Frames that have a hash, and what is hashed of them */
#define CDNA_RSS_IPV4			0x1	/* addresses */
#define CDNA_RSS_TCP4			0x2	/* addresses and ports */
#define CDNA_RSS_UDP4			0x4
#define CDNA_RSS_IPV6			0x8
#define CDNA_RSS_TCP6			0x10
#define CDNA_RSS_UDP6			0x20
#define CDNA_RSS_TYPES			0x3f

/**
 * struct cdna_rss - which queue pair receives which flow
 * @key: of the Toeplitz hash
 * @types: CDNA_RSS_*
 * @other: queue pair of frames that have no hash
 * @reserved: zero
 * @table: queue pair by the lowest bits of the hash
 *
 * What is hashed is the source's address, the destination's, and the ports in that order, as
 * they are in the frame. A TCP or UDP frame whose own type is not enabled, and a fragment,
 * has the hash of its addresses, if that is. Extension headers are skipped.
 */
struct cdna_rss {
	__u8 key[CDNA_RSS_KEY];
	__le32 types;
	__u8 other;
	__u8 reserved[3];
	__u8 table[CDNA_RSS_TABLE];
};

/**
 * struct cdna_admin_rss - CDNA_CMD_CTX_RSS, of an ACTIVE context; since 1.6
 * @addr: struct cdna_rss, 8-byte aligned; the NIC reads it once
 *
 * It is in force until the next CTX_SPREAD or CTX_ACTIVATE, as CTX_SPREAD is until the next
 * CTX_RSS. Only what it names may receive. A frame for a queue pair without a receive queue
 * that runs is dropped.
 */
struct cdna_admin_rss {
	__le64 addr;
};

/**
 * struct cdna_admin_filter - CDNA_CMD_SET_FILTER
 * @flags: CDNA_FILTER_*
 * @reserved: zero
 * @mc_hash: 256 bits: multicast addresses that the context takes, bit number
 *	being the top 8 bits of the address's CRC-32 (as for the FCS, not
 *	complemented, most significant bit first)
 */
struct cdna_admin_filter {
	__le32 flags;
	__le32 reserved;
	__le64 mc_hash[4];
};

#define CDNA_FILTER_BROADCAST		0x1
#define CDNA_FILTER_ALLMULTI		0x2
#define CDNA_FILTER_PROMISC		0x4	/* needs CDNA_CTXF_ALLOW_PROMISC */
#define CDNA_FILTER_FLAGS		0x7

#define CDNA_MAX_CTX_MACS		16	/* with the context's own */

/**
 * struct cdna_admin_mac - CDNA_CMD_MAC_ADD, _DEL: a secondary address
 * @mac: unicast
 * @reserved: zero
 */
struct cdna_admin_mac {
	__u8 mac[6];
	__le16 reserved;
};

/**
 * struct cdna_admin_vlan - CDNA_CMD_VLAN_ADD, _DEL
 * @vid: 1 to 4094: tag that the context may send and receives. Refused where
 *	the context has an access VLAN
 * @reserved: zero
 */
struct cdna_admin_vlan {
	__le16 vid;
	__le16 reserved[3];
};

CDNA_ASSERT_SIZE(struct cdna_admin_spread, 8);
CDNA_ASSERT_SIZE(struct cdna_rss, 176);
CDNA_ASSERT_OFFSET(struct cdna_rss, table, 48);
CDNA_ASSERT_SIZE(struct cdna_admin_rss, 8);
CDNA_ASSERT_SIZE(struct cdna_admin_filter, 40);

#endif /* CDNA_ADMIN_RECEIVE_H */
