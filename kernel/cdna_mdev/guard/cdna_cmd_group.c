// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about rate groups of a NIC, and their members.
 */
#include <linux/kernel.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"

/**
 * cdna_cmd_group_set - make a group, or change its limits
 * @nic: the NIC
 * @group: its number, 1 to cdna_nic_info.groups
 * @max_mbps: most that its members transmit together; 0: no limit
 * @min_mbps: what they can count on; 0: nothing
 *
 * Return: 0 or an error.
 */
int cdna_cmd_group_set(struct cdna_provider *nic, u16 group, u32 max_mbps,
		       u32 min_mbps)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_GROUP_SET),
		.group = {
			.group = cpu_to_le16(group),
			.tx_mbps = cpu_to_le32(max_mbps),
			.tx_min_mbps = cpu_to_le32(min_mbps),
		},
	};

	might_sleep();
	return nic->ops->command(nic, &cmd, NULL);
}

/**
 * cdna_cmd_group_del - a group is not needed any longer
 * @nic: the NIC
 * @group: its number; it has no members
 *
 * Return: 0 or an error.
 */
int cdna_cmd_group_del(struct cdna_provider *nic, u16 group)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_GROUP_DEL),
		.group.group = cpu_to_le16(group),
	};

	might_sleep();
	return nic->ops->command(nic, &cmd, NULL);
}

/**
 * cdna_cmd_ctx_group - make a context a member of a group
 * @domain: the context, not FREE to the NIC
 * @group: the group's number; CDNA_NO_GROUP: it is a member of none
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_group(struct cdna_domain *domain, u16 group)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_GROUP),
		.context = cpu_to_le16(domain->id),
		.ctx_group.group = cpu_to_le16(group),
	};

	might_sleep();
	return domain->nic->ops->command(domain->nic, &cmd, NULL);
}
