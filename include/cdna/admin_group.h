/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA admin queue: parameters of commands about rate groups, contexts that have
 * limits together. Opcodes and the rest of the queue are in admin.h.
 */
#ifndef CDNA_ADMIN_GROUP_H
#define CDNA_ADMIN_GROUP_H

#include "types.h"

#define CDNA_MAX_GROUPS			32
#define CDNA_NO_GROUP			0

/**
 * struct cdna_admin_group - CDNA_CMD_GROUP_SET, _DEL; since 1.7
 * @group: 1 to cdna_identify.groups. SET makes the group if there is none of that
 *	number; DEL is refused with CDNA_SC_BAD_STATE while it has members
 * @reserved: zero
 * @tx_mbps: SET: most that its members transmit together, as cdna_admin_limits.tx_mbps;
 *	0: no limit
 * @tx_min_mbps: SET: what they may transmit together at least whatever contexts that
 *	are not members do; at most @tx_mbps, or with 0 CDNA_MAX_RATE_MBPS; 0: nothing.
 *	The sum is up to the host
 *
 * Limits of the members themselves hold as well.
 */
struct cdna_admin_group {
	__le16 group;
	__le16 reserved;
	__le32 tx_mbps;
	__le32 tx_min_mbps;
};

/**
 * struct cdna_admin_ctx_group - CDNA_CMD_CTX_GROUP; since 1.7
 * @group: one that there is: the context is a member of this one and of no other;
 *	CDNA_NO_GROUP: of none, as it is after CTX_CONFIGURE and CTX_RELEASE
 */
struct cdna_admin_ctx_group {
	__le16 group;
};

CDNA_ASSERT_SIZE(struct cdna_admin_group, 12);
CDNA_ASSERT_SIZE(struct cdna_admin_ctx_group, 2);

#endif /* CDNA_ADMIN_GROUP_H */
