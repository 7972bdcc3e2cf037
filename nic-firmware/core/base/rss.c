// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Receive-side scaling. The Toeplitz hash of some bytes is the exclusive or of windows of
 * 32 bits into the key, one for each bit that is set, beginning at that bit's place. It
 * is linear: when the key is set, all 16 contributions of each 4 bits are computed, so that
 * a frame takes 24 to 72 loads.
 */
#include "base/rss.h"

#include <cdna/regs.h>

#define RSS_PORTS		4	/* bytes */

/* The key's 32 bits that begin at one of them */
static u32 rss_window(const u8 *key, u32 bit)
{
	const u8 *at = key + bit / 8;
	u32 window = fw_get_be32(at);

	return bit % 8 ? window << bit % 8 | at[4] >> (8 - bit % 8) : window;
}

/* A value contributes what its highest bit and the rest of it do. */
static void rss_expand(u32 part[16], const u8 *key, u32 bit)
{
	u32 high, rest, window;

	part[0] = 0;
	for (high = 1; high < 16; high *= 2) {
		window = rss_window(key, bit + 3 - fw_ffs32(high));
		for (rest = 0; rest < high; rest++)
			part[high + rest] = part[rest] ^ window;
	}
}

static bool rss_is_good(const struct cdna_rss *from)
{
	u32 i;

	if (fw_le32(from->types) & ~CDNA_RSS_TYPES ||
	    from->other >= CDNA_MAX_QPS ||
	    from->reserved[0] | from->reserved[1] | from->reserved[2])
		return false;
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		if (from->table[i] >= CDNA_MAX_QPS)
			return false;
	return true;
}

/**
 * fw_rss_set() - take over what was chosen
 * @rss: filled
 * @from: what; a copy that does not change
 *
 * Return: false if a field is out of bounds: nothing has changed then
 */
bool fw_rss_set(struct fw_rss *rss, const struct cdna_rss *from)
{
	u32 i;

	if (!rss_is_good(from))
		return false;
	rss->types = fw_le32(from->types);
	rss->other = from->other;
	rss->qps = (u8)(1u << from->other);
	for (i = 0; i < CDNA_RSS_TABLE; i++) {
		rss->table[i] = from->table[i];
		rss->qps |= (u8)(1u << from->table[i]);
	}
	for (i = 0; i < FW_RSS_NIBBLES; i++)
		rss_expand(rss->part[i], from->key, i * 4);
	return true;
}
EXPORT_SYMBOL_GPL(fw_rss_set);

/* @at: how many bytes were hashed before */
static u32 rss_bytes(const struct fw_rss *rss, u32 at, const u8 *data, u32 len)
{
	const u32 (*part)[16] = &rss->part[2 * at];
	u32 hash = 0;

	for (; len; len--, data++, part += 2)
		hash ^= part[0][*data >> 4] ^ part[1][*data & 15];
	return hash;
}

/* Which types a frame is of: with its ports, and without */
static const struct rss_kind {
	u8 ports;
	u8 addresses;
} rss_kind[16] = {
	[FW_PKT_IPV4] = { 0, CDNA_RSS_IPV4 },
	[FW_PKT_IPV6] = { 0, CDNA_RSS_IPV6 },
	[FW_PKT_IPV4 | FW_PKT_TCP] = { CDNA_RSS_TCP4, CDNA_RSS_IPV4 },
	[FW_PKT_IPV6 | FW_PKT_TCP] = { CDNA_RSS_TCP6, CDNA_RSS_IPV6 },
	[FW_PKT_IPV4 | FW_PKT_UDP] = { CDNA_RSS_UDP4, CDNA_RSS_IPV4 },
	[FW_PKT_IPV6 | FW_PKT_UDP] = { CDNA_RSS_UDP6, CDNA_RSS_IPV6 },
};

/**
 * fw_rss_hash() - hash a frame
 * @rss: how
 * @head: its first bytes, as fw_parse() had them
 * @pkt: its headers
 * @hash: filled
 *
 * Return: false if it has no hash
 */
bool fw_rss_hash(const struct fw_rss *rss, const u8 *head,
		 const struct fw_packet *pkt, u32 *hash)
{
	const struct rss_kind *kind = &rss_kind[pkt->flags & 15];
	u32 len = 8, at = pkt->l3 + 12u;

	if (!(rss->types & (kind->ports | kind->addresses)))
		return false;
	if (pkt->flags & FW_PKT_IPV6) {
		len = 32;
		at = pkt->l3 + 8u;
	}
	*hash = rss_bytes(rss, 0, head + at, len);
	if (rss->types & kind->ports)
		*hash ^= rss_bytes(rss, len, head + pkt->l4, RSS_PORTS);
	return true;
}

/**
 * fw_rss_pick() - which queue pair gets a frame
 * @rss: set
 * @head: its first bytes, as fw_parse() had them
 * @pkt: its headers
 *
 * Return: 0 to CDNA_MAX_QPS - 1
 */
u32 fw_rss_pick(const struct fw_rss *rss, const u8 *head,
		const struct fw_packet *pkt)
{
	u32 hash;

	if (!(rss->qps & (rss->qps - 1)))
		return fw_ffs32(rss->qps);
	if (!fw_rss_hash(rss, head, pkt, &hash))
		return rss->other;
	return rss->table[hash % CDNA_RSS_TABLE];
}
EXPORT_SYMBOL_GPL(fw_rss_pick);
