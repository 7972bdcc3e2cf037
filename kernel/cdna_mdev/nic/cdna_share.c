// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shares are fixed: who comes first gets no more than who comes last, and no guest
 * can take those of another (I8).
 */
#include <linux/minmax.h>

#include "nic/cdna_share.h"

/**
 * cdna_share_qps - how many queue pairs is each context offered?
 * @qps: what the NIC has of them for a context, at least 1
 * @sources: its interrupt sources, of which each pair takes one
 * @contexts: its contexts, 1 to @sources
 *
 * Return: 1 to @qps; all contexts together take at most @sources.
 */
u32 cdna_share_qps(u32 qps, u32 sources, u32 contexts)
{
	return min(qps, sources / contexts);
}
