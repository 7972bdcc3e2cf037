/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What members of a rate group have of its rates.
 */
#ifndef FW_SCHED_PART_H
#define FW_SCHED_PART_H

#include "tx/sched.h"

bool fw_sched_part_allows(struct fw_nic *nic, struct fw_ctx *ctx);
bool fw_sched_part_lacks(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_sched_part_take(struct fw_ctx *ctx, s32 bytes);

#endif /* FW_SCHED_PART_H */
