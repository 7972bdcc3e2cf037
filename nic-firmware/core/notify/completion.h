/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Completions of admin commands: immediately, or once what a command waits for
 * has happened.
 */
#ifndef FW_COMPLETION_H
#define FW_COMPLETION_H

#include <cdna/admin.h>

#include "notify/notify.h"

struct fw_nic;

/* Offset of a field in the command: cdna_admin_completion.detail */
#define FW_ADMIN_DETAIL(field)	((u16)offsetof(struct cdna_admin_cmd, field))

/**
 * struct fw_admin - admin queue
 * @sq_addr: submission ring
 * @slots: of both rings
 * @sq_head: free-running: commands taken
 * @sq_tail: free-running: from the mailbox, bounded
 * @pending: commands taken whose completion is still to come
 * @completions: completion ring
 */
struct fw_admin {
	u64 sq_addr;
	u32 slots;
	u32 sq_head;
	u32 sq_tail;
	u32 pending;
	struct fw_notify completions;
};

/**
 * struct fw_waiter - an admin command that waits for a drain
 * @active: there is one
 * @opcode: of the command
 * @tag: of the command
 */
struct fw_waiter {
	bool active;
	u16 opcode;
	u16 tag;
};

void fw_completion_push(struct fw_nic *nic, u32 opcode, u32 tag, u32 status,
			u32 detail, const void *result, u32 result_len);
bool fw_completion_may_wait(const struct fw_nic *nic);
void fw_completion_wait(struct fw_nic *nic, struct fw_waiter *waiter,
			u32 opcode, u32 tag);
void fw_completion_wake(struct fw_nic *nic, struct fw_waiter *waiter,
			u32 status, const void *result, u32 result_len);

#endif /* FW_COMPLETION_H */
