/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Mailboxes of a context: what a store into one of them leads to.
 */
#ifndef FW_MBOX_H
#define FW_MBOX_H

#include "base/port.h"

struct fw_nic;
struct fw_ctx;

void fw_mbox_stored(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbox);
void fw_mbox_catch_up(struct fw_nic *nic, struct fw_ctx *ctx);

#endif /* FW_MBOX_H */
