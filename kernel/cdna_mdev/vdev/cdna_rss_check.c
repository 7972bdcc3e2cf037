// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bounds of receive-side scaling that a guest chooses.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "vdev/cdna_rss_check.h"

/**
 * cdna_rss_check - whether a NIC may be given this
 * @rss: from a guest
 * @pairs: queue pairs that the guest has
 *
 * A queue pair without a ring receives nothing: that is the guest's own loss.
 *
 * Return: false if a field is out of bounds.
 */
bool cdna_rss_check(const struct cdna_rss *rss, u32 pairs)
{
	u32 i;

	if (rss->types & ~cpu_to_le32(CDNA_RSS_TYPES) || rss->other >= pairs ||
	    rss->reserved[0] || rss->reserved[1] || rss->reserved[2])
		return false;
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		if (rss->table[i] >= pairs)
			return false;
	return true;
}
