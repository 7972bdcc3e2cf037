/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Receive-side scaling: which queue pair gets a flow, by a hash and a table that the guest
 * has chosen; pure.
 */
#ifndef FW_RSS_H
#define FW_RSS_H

#include <cdna/admin_receive.h>

#include "base/packet.h"

/* What is hashed at most: two addresses of IPv6, and two ports */
#define FW_RSS_NIBBLES		(2 * 36)

/**
 * struct fw_rss - a hash and a table
 * @types: CDNA_RSS_*: which frames have a hash
 * @qps: bit per queue pair that gets frames; 0: not set
 * @other: queue pair of frames without a hash
 * @table: queue pair by the lowest bits of the hash
 * @part: what each half of a byte contributes to the hash, by its place and value
 */
struct fw_rss {
	u32 types;
	u8 qps;
	u8 other;
	u8 table[CDNA_RSS_TABLE];
	u32 part[FW_RSS_NIBBLES][16];
};

static inline bool fw_rss_is_set(const struct fw_rss *rss)
{
	return rss->qps;
}

static inline void fw_rss_clear(struct fw_rss *rss)
{
	rss->qps = 0;
}

bool fw_rss_set(struct fw_rss *rss, const struct cdna_rss *from);
bool fw_rss_hash(const struct fw_rss *rss, const u8 *head,
		 const struct fw_packet *pkt, u32 *hash);
u32 fw_rss_pick(const struct fw_rss *rss, const u8 *head,
		const struct fw_packet *pkt);

#endif /* FW_RSS_H */
