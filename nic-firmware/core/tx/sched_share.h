/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Minimum rates.
 */
#ifndef FW_SCHED_SHARE_H
#define FW_SCHED_SHARE_H

#include "tx/sched.h"

void fw_sched_set_share(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps);
void fw_sched_end_share(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_sched_share_count(struct fw_nic *nic, const struct fw_ctx *ctx);
void fw_sched_share_take(struct fw_nic *nic, struct fw_ctx *ctx, s32 bytes);
bool fw_sched_share_over(struct fw_nic *nic, struct fw_ctx *ctx);
struct fw_ctx *fw_sched_share_due(struct fw_nic *nic);

#endif /* FW_SCHED_SHARE_H */
