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
CDNA_ASSERT_SIZE(struct cdna_admin_filter, 40);

#endif /* CDNA_ADMIN_RECEIVE_H */
