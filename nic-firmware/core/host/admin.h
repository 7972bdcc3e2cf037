/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The admin queue.
 *
 * The room "host": what the host asks of the NIC, by mailboxes of the
 * management page and by admin commands, and the mailboxes of contexts. From
 * the bottom up:
 *
 *	admin_nic, admin_ctx, admin_queue   one handler for each command; and
 *	admin_rss, admin_group
 *	admin                               the table of commands, and the ring
 *	mailbox                             which mailbox was stored to
 *
 * A command is copied once; the copy is checked against the table (which fields
 * have a meaning, in which states of the context it is allowed) and executed.
 * It completes immediately, or, for a drain, when its waiter is woken
 * (notify/completion.h). None blocks, and a few are executed in each step.
 */
#ifndef FW_ADMIN_H
#define FW_ADMIN_H

#include "base/port.h"

struct fw_nic;

#define FW_ADMIN_BATCH		8	/* commands in one step */

void fw_admin_enable(struct fw_nic *nic);
void fw_admin_tail(struct fw_nic *nic, u32 tail);
bool fw_admin_service(struct fw_nic *nic);

#endif /* FW_ADMIN_H */
