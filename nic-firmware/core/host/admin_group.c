// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Admin commands about rate groups: what they are limited to, and which contexts are
 * their members.
 */
#include "host/admin_group.h"

#include "state.h"
#include "tx/sched_group.h"

/**
 * fw_admin_group_set() - CDNA_CMD_GROUP_SET
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_group_set(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_group *cmd = &call->cmd.group;
	struct fw_sched_group *group = fw_sched_group(nic, fw_le16(cmd->group));
	u32 mbps = fw_le32(cmd->tx_mbps);
	u32 min = fw_le32(cmd->tx_min_mbps);

	if (!group)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(group.group));
	if (mbps > CDNA_MAX_RATE_MBPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(group.tx_mbps));
	if (min > (mbps ? mbps : CDNA_MAX_RATE_MBPS))
		return fw_admin_refuse(call,
				       FW_ADMIN_DETAIL(group.tx_min_mbps));
	fw_sched_group_set(nic, group, mbps, min);
	return CDNA_SC_OK;
}

/**
 * fw_admin_group_del() - CDNA_CMD_GROUP_DEL
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_group_del(struct fw_nic *nic, struct fw_admin_call *call)
{
	struct fw_sched_group *group;

	group = fw_sched_group(nic, fw_le16(call->cmd.group.group));
	if (!group)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(group.group));
	if (!group->exists)
		return CDNA_SC_NOT_FOUND;
	if (!fw_sched_group_empty(group))
		return CDNA_SC_BAD_STATE;
	fw_sched_group_del(group);
	return CDNA_SC_OK;
}

/**
 * fw_admin_ctx_group() - CDNA_CMD_CTX_GROUP
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_group(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 number = fw_le16(call->cmd.ctx_group.group);
	struct fw_sched_group *group = fw_sched_group(nic, number);

	if (!group && number != CDNA_NO_GROUP)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(ctx_group.group));
	if (group && !group->exists)
		return CDNA_SC_NOT_FOUND;
	fw_sched_group_join(nic, call->ctx, group);
	return CDNA_SC_OK;
}
