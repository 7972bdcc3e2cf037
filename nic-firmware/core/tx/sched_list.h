/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lists of contexts, by fw_sched_entry.next.
 */
#ifndef FW_SCHED_LIST_H
#define FW_SCHED_LIST_H

#include "tx/sched.h"

void fw_sched_append(struct fw_sched_list *list, struct fw_ctx *ctx);
void fw_sched_prepend(struct fw_sched_list *list, struct fw_ctx *ctx);
void fw_sched_unlink(struct fw_sched_list *list, const struct fw_ctx *ctx);
void fw_sched_insert(struct fw_sched_list *list, struct fw_ctx *ctx);

#endif /* FW_SCHED_LIST_H */
