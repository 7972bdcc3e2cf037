/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive-side scaling that a guest chooses, with a driver of ours.
 */
#ifndef CDNA_GUEST_RSS_H
#define CDNA_GUEST_RSS_H

#include <linux/types.h>

#include <cdna/vdev.h>

struct cdna_ctx;

bool cdna_guest_rss_offered(const struct cdna_ctx *ctx);
enum cdna_vresult cdna_guest_rss_set(struct cdna_ctx *ctx);

#endif /* CDNA_GUEST_RSS_H */
