/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Queue pairs that wait for room on the wire, and whose turn is next there.
 */
#ifndef FW_SCHED_WIRE_H
#define FW_SCHED_WIRE_H

#include "tx/sched.h"

bool fw_sched_wire_waits(const struct fw_sched *sched);
void fw_sched_wire_block(struct fw_nic *nic, struct fw_ctx *ctx, u32 qp);
void fw_sched_wire_unblock(struct fw_nic *nic, struct fw_ctx *ctx, u32 mask);
void fw_sched_wire_resume(struct fw_nic *nic);
void fw_sched_wire_yield(struct fw_nic *nic, const struct fw_ctx *ctx);

#endif /* FW_SCHED_WIRE_H */
