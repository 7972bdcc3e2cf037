/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where a context waits for its turn: lists, by fw_sched_entry.next.
 */
#ifndef FW_SCHED_LIST_H
#define FW_SCHED_LIST_H

#include "tx/sched.h"

void fw_sched_put(struct fw_nic *nic, struct fw_ctx *ctx,
		  enum fw_sched_where where);
void fw_sched_return(struct fw_ctx *ctx);
void fw_sched_front(struct fw_nic *nic, struct fw_ctx *ctx);

#endif /* FW_SCHED_LIST_H */
