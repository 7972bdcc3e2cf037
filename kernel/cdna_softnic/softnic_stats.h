/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a context.
 */
#ifndef SOFTNIC_STATS_H
#define SOFTNIC_STATS_H

#include "softnic.h"

void softnic_stats_clear(struct softnic_ctx *ctx);
void softnic_stats_ctx(struct softnic_ctx *ctx, u64 *to);
u64 softnic_stats_own(struct softnic_ctx *ctx, enum softnic_stat stat);
void softnic_stats_qp(struct softnic_ctx *ctx, u8 qp, u64 *to);

#endif /* SOFTNIC_STATS_H */
