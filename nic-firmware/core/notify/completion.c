// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Completions of admin commands.
 */
#include "notify/completion.h"

#include "notify/health.h"
#include "state.h"

/**
 * fw_completion_push() - report to the host how a command ended
 * @nic: the NIC
 * @opcode: of the command
 * @tag: of the command
 * @status: enum cdna_admin_status
 * @detail: see struct cdna_admin_completion
 * @result: bytes of the result, or NULL
 * @result_len: how many
 */
void fw_completion_push(struct fw_nic *nic, u32 opcode, u32 tag, u32 status,
			u32 detail, const void *result, u32 result_len)
{
	struct cdna_admin_completion done = {
		.opcode = fw_to_le16((u16)opcode),
		.tag = fw_to_le16((u16)tag),
		.status = fw_to_le16((u16)status),
		.detail = fw_to_le16((u16)detail),
		.sq_head = fw_to_le32(nic->admin.sq_head),
	};

	if (result)
		memcpy(done.raw, result, FW_MIN(result_len, sizeof(done.raw)));
	if (status)
		fw_nic_count(nic, CDNA_NSTAT_ADMIN_ERRORS, 1);
	if (fw_notify_push(nic, &nic->admin.completions, &done))
		fw_health_fatal(nic, "admin completion ring");
	else
		nic->raise_admin = true;
}

/**
 * fw_completion_may_wait() - whether one more command may complete later
 * @nic: the NIC
 *
 * One slot stays free for what completes immediately: the command that ends a
 * drain must not wait for the drain.
 *
 * Return: true if it may
 */
bool fw_completion_may_wait(const struct fw_nic *nic)
{
	return nic->admin.pending + 1 < nic->admin.slots;
}

/**
 * fw_completion_wait() - a command will complete later
 * @nic: the NIC
 * @waiter: where to note it; not in use
 * @opcode: of the command
 * @tag: of the command
 */
void fw_completion_wait(struct fw_nic *nic, struct fw_waiter *waiter,
			u32 opcode, u32 tag)
{
	waiter->active = true;
	waiter->opcode = (u16)opcode;
	waiter->tag = (u16)tag;
	nic->admin.pending++;
}

/**
 * fw_completion_wake() - complete a command that waits
 * @nic: the NIC
 * @waiter: the command; nothing is done if it is not active
 * @status: enum cdna_admin_status
 * @result: bytes of the result, or NULL
 * @result_len: how many
 */
void fw_completion_wake(struct fw_nic *nic, struct fw_waiter *waiter,
			u32 status, const void *result, u32 result_len)
{
	if (!waiter->active)
		return;
	waiter->active = false;
	nic->admin.pending--;
	fw_completion_push(nic, waiter->opcode, waiter->tag, status, 0, result,
			   result_len);
}
