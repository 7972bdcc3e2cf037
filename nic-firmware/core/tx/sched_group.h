/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Rate groups: contexts with limits that they share.
 */
#ifndef FW_SCHED_GROUP_H
#define FW_SCHED_GROUP_H

#include "tx/sched.h"

struct fw_sched_group *fw_sched_group(struct fw_nic *nic, u32 number);
void fw_sched_group_set(struct fw_nic *nic, struct fw_sched_group *group,
			u32 mbps, u32 min);
bool fw_sched_group_empty(const struct fw_sched_group *group);
void fw_sched_group_del(struct fw_sched_group *group);
void fw_sched_group_join(struct fw_nic *nic, struct fw_ctx *ctx,
			 struct fw_sched_group *group);

#endif /* FW_SCHED_GROUP_H */
