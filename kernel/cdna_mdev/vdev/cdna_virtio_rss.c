// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling as a virtio driver says it (Virtio 1.2, section 5.1.6.5.7), and as
 * the NIC takes it: pure. The data is a copy.
 *
 *	le32 types; le16 mask; le16 other; le16 table[mask + 1];
 *	le16 transmitting pairs; u8 bytes of the key; the key
 */
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/virtio_net.h>

#include "vdev/cdna_virtio_rss.h"

#define RSS_TABLE_AT	offsetof(struct virtio_net_rss_config, indirection_table)
#define RSS_TAIL	(sizeof(__le16) + sizeof(u8))	/* in front of the key */

static_assert(VIRTIO_NET_RSS_HASH_TYPE_IPv4 == CDNA_RSS_IPV4);
static_assert(VIRTIO_NET_RSS_HASH_TYPE_TCPv4 == CDNA_RSS_TCP4);
static_assert(VIRTIO_NET_RSS_HASH_TYPE_UDPv4 == CDNA_RSS_UDP4);
static_assert(VIRTIO_NET_RSS_HASH_TYPE_IPv6 == CDNA_RSS_IPV6);
static_assert(VIRTIO_NET_RSS_HASH_TYPE_TCPv6 == CDNA_RSS_TCP6);
static_assert(VIRTIO_NET_RSS_HASH_TYPE_UDPv6 == CDNA_RSS_UDP6);

/* A shorter table is repeated: the lowest bits of the hash choose the same. */
static bool rss_table(struct cdna_rss *rss, const u8 *data, u32 entries,
		      u32 pairs)
{
	u32 i, pair;

	for (i = 0; i < CDNA_RSS_TABLE; i++) {
		pair = get_unaligned_le16(data + i % entries * sizeof(__le16));
		if (pair >= pairs)
			return false;
		rss->table[i] = pair;
	}
	return true;
}

/* What follows the table. A shorter key ends with zeros. All pairs may transmit anyway.
 * Linux' driver may send the padding of its structure, behind the key.
 */
static bool rss_tail(struct cdna_rss *rss, const u8 *data, u32 len, u32 pairs)
{
	u32 sending = get_unaligned_le16(data);
	u32 bytes = data[sizeof(__le16)];

	if (!sending || sending > pairs || bytes > CDNA_RSS_KEY ||
	    len < RSS_TAIL + bytes || (rss->types && !bytes))
		return false;
	memcpy(rss->key, data + RSS_TAIL, bytes);
	return true;
}

/**
 * cdna_virtio_rss_parse - check what a driver wants
 * @data: struct virtio_net_rss_config
 * @len: bytes; what is behind the key is not looked at
 * @pairs: queue pairs that there are
 * @rss: filled in
 *
 * Return: false if a field is out of bounds.
 */
bool cdna_virtio_rss_parse(const u8 *data, u32 len, u32 pairs,
			   struct cdna_rss *rss)
{
	u32 entries, other, table;

	if (len < RSS_TABLE_AT)
		return false;
	*rss = (struct cdna_rss) {
		.types = cpu_to_le32(get_unaligned_le32(data)),
	};
	entries = get_unaligned_le16(data + 4) + 1;
	other = get_unaligned_le16(data + 6);
	table = entries * sizeof(__le16);
	if (rss->types & ~cpu_to_le32(CDNA_VIRTIO_RSS_TYPES) ||
	    entries > CDNA_RSS_TABLE || entries & (entries - 1) ||
	    other >= pairs || len < RSS_TABLE_AT + table + RSS_TAIL)
		return false;
	rss->other = other;
	data += RSS_TABLE_AT;
	return rss_table(rss, data, entries, pairs) &&
	       rss_tail(rss, data + table, len - RSS_TABLE_AT - table, pairs);
}
