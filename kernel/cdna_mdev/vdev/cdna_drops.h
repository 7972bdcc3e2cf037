/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why frames of a context were dropped.
 */
#ifndef CDNA_DROPS_H
#define CDNA_DROPS_H

#include <linux/types.h>

#include <cdna/stats.h>

struct cdna_ctx;

int cdna_drops_read(struct cdna_ctx *ctx, u64 drops[CDNA_NR_DROPS]);
void cdna_drops_keep(struct cdna_ctx *ctx);

#endif /* CDNA_DROPS_H */
