// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Rate groups: contexts with limits that they share, and which contexts these are. All
 * that members send counts for the group (sched_part.c). Their limits hold as well, and in
 * the round each has its turn as a context without a group has.
 */
#include "tx/sched_group.h"

#include "state.h"
#include "tx/sched_list.h"
#include "tx/sched_share.h"

/**
 * fw_sched_group() - a group by its number
 * @nic: the NIC
 * @number: from the host
 *
 * Return: its place, whether it exists or not; NULL if it cannot
 */
struct fw_sched_group *fw_sched_group(struct fw_nic *nic, u32 number)
{
	if (number == CDNA_NO_GROUP || number > CDNA_MAX_GROUPS)
		return NULL;
	return &nic->sched.group[number - 1];
}

/*
 * What a member has, or owes, is the group's. What was sent beyond the minimum counts for a
 * moment only, as in fw_sched_part_take().
 */
static void group_settle(struct fw_ctx *ctx)
{
	struct fw_bucket *rate = ctx->sched.group->rate;
	s32 *part = ctx->sched.part;
	u32 i;

	fw_sched_return(ctx);
	for (i = 0; i < FW_SCHED_NR_PARTS; i++) {
		fw_bucket_take(&rate[i], (u32)-part[i]);
		part[i] = 0;
	}
	rate[FW_SCHED_MIN].tokens = FW_MAX(rate[FW_SCHED_MIN].tokens,
					   -2 * FW_SCHED_QUANTUM);
}

/* What waits for a limit looks at the new one. */
static void group_changed(struct fw_nic *nic, struct fw_ctx *ctx)
{
	fw_sched_share_count(nic, ctx);
	if (ctx->sched.where == FW_SCHED_LIMITED)
		fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
}

/**
 * fw_sched_group_set() - make a group, or change its limits
 * @nic: the NIC
 * @group: its place
 * @mbps: maximum, 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: none
 * @min: minimum, the same
 */
void fw_sched_group_set(struct fw_nic *nic, struct fw_sched_group *group,
			u32 mbps, u32 min)
{
	u32 i, left;

	for (i = 0; i < FW_SCHED_WORDS; i++)
		for (left = group->members[i]; left; left &= left - 1)
			group_settle(&nic->ctx[i * 32 + fw_ffs32(left)]);
	group->exists = true;
	fw_bucket_change_mbps(&group->rate[FW_SCHED_MAX], mbps, FW_SCHED_BURST,
			      2 * FW_SCHED_QUANTUM, nic->now);
	fw_bucket_change_mbps(&group->rate[FW_SCHED_MIN], min,
			      FW_SCHED_SHARE_BURST, 2 * FW_SCHED_QUANTUM,
			      nic->now);
	for (i = 0; i < FW_SCHED_WORDS; i++)
		for (left = group->members[i]; left; left &= left - 1)
			group_changed(nic, &nic->ctx[i * 32 + fw_ffs32(left)]);
}

/**
 * fw_sched_group_empty() - has a group no members?
 * @group: the group
 *
 * Return: whether it has none
 */
bool fw_sched_group_empty(const struct fw_sched_group *group)
{
	u32 any = 0;
	u32 i;

	for (i = 0; i < FW_SCHED_WORDS; i++)
		any |= group->members[i];
	return !any;
}

/**
 * fw_sched_group_del() - a group is no longer needed
 * @group: it has no members
 */
void fw_sched_group_del(struct fw_sched_group *group)
{
	memset(group, 0, sizeof(*group));
}

/**
 * fw_sched_group_join() - a context becomes a member of a group
 * @nic: the NIC
 * @ctx: the context, a member of another one or not
 * @group: it exists; NULL: of none
 */
void fw_sched_group_join(struct fw_nic *nic, struct fw_ctx *ctx,
			 struct fw_sched_group *group)
{
	struct fw_sched_entry *entry = &ctx->sched;
	bool is_busy = entry->where != FW_SCHED_IDLE;
	u32 bit = 1u << (ctx->id % 32);

	if (entry->group == group)
		return;
	if (entry->group) {
		group_settle(ctx);
		entry->group->members[ctx->id / 32] &= ~bit;
		entry->group->busy -= is_busy;
	}
	entry->group = group;
	if (group) {
		group->members[ctx->id / 32] |= bit;
		group->busy += is_busy;
	}
	group_changed(nic, ctx);
}
