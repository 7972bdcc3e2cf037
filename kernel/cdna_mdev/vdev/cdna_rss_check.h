/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bounds of receive-side scaling that a guest chooses; pure.
 */
#ifndef CDNA_RSS_CHECK_H
#define CDNA_RSS_CHECK_H

#include <linux/types.h>

#include <cdna/admin_receive.h>

bool cdna_rss_check(const struct cdna_rss *rss, u32 pairs);

#endif /* CDNA_RSS_CHECK_H */
