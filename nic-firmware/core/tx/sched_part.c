// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What members of a rate group have of its rates. What its limit allows is divided
 * evenly among the members that have something to send, when one of them has used up its
 * part; and so is what it was promised. Who comes first when the limit allows a frame does
 * not matter, then: one that has to wait for the wire, or that posts a few frames at a
 * time, has its part as any other. One that cannot use its part, because its own limit or
 * the wire holds it back, keeps up to PART_MOST of it, and the others have what is more.
 *
 * What a member was promised itself it may send even if it has had its part of the limit:
 * then the others have less of that.
 */
#include "tx/sched_part.h"

#include "state.h"

#define PART_MOST		(2 * FW_SCHED_QUANTUM)

/* What a member that has something to send may be given; 0: nothing */
static s32 part_room(const struct fw_sched_entry *entry,
		     enum fw_sched_part which)
{
	if (entry->where == FW_SCHED_IDLE)
		return 0;
	return FW_MAX(PART_MOST - entry->part[which], 0);
}

/* How many members may be given something? */
static s32 part_takers(const struct fw_nic *nic,
		       const struct fw_sched_group *group,
		       enum fw_sched_part which)
{
	s32 takers = 0;
	u32 i, left;

	for (i = 0; i < FW_SCHED_WORDS; i++)
		for (left = group->members[i]; left; left &= left - 1)
			takers += part_room(&nic->ctx[i * 32 +
						      fw_ffs32(left)].sched,
					    which) > 0;
	return takers;
}

/* Give each of them its part of what nobody has. */
static void part_divide(struct fw_nic *nic, struct fw_sched_group *group,
			enum fw_sched_part which)
{
	struct fw_bucket *rate = &group->rate[which];
	s32 takers = part_takers(nic, group, which);
	s32 each = takers ? rate->tokens / takers : 0;
	u32 i, left;

	for (i = 0; i < FW_SCHED_WORDS; i++) {
		for (left = group->members[i]; left; left &= left - 1) {
			struct fw_sched_entry *entry =
				&nic->ctx[i * 32 + fw_ffs32(left)].sched;
			s32 give = FW_MIN(each, part_room(entry, which));

			entry->part[which] += give;
			rate->tokens -= give;
		}
	}
}

/* Has a member a part of that rate left? */
static bool part_left(struct fw_nic *nic, struct fw_ctx *ctx,
		      enum fw_sched_part which)
{
	struct fw_sched_group *group = ctx->sched.group;

	if (ctx->sched.part[which] <= 0 && group->busy &&
	    fw_bucket_ready(&group->rate[which], nic->now) &&
	    group->rate[which].tokens >= (s32)group->busy)
		part_divide(nic, group, which);
	return ctx->sched.part[which] > 0;
}

/* Does it send what it was promised itself? That may be allowed in advance. */
static bool part_promised(const struct fw_ctx *ctx)
{
	return ctx->sched.promised && ctx->sched.share.rate &&
	       ctx->sched.share.tokens > 0 &&
	       ctx->sched.group->rate[FW_SCHED_MAX].tokens >
	       -(s32)ctx->sched.group->rate[FW_SCHED_MAX].burst;
}

/**
 * fw_sched_part_allows() - does the limit of its group let a context send?
 * @nic: the NIC
 * @ctx: the context, a member, in the round
 *
 * Return: true if so, or if there is no limit
 */
bool fw_sched_part_allows(struct fw_nic *nic, struct fw_ctx *ctx)
{
	const struct fw_sched_group *group = ctx->sched.group;

	return !group->rate[FW_SCHED_MAX].rate ||
	       part_left(nic, ctx, FW_SCHED_MAX) || part_promised(ctx);
}

/**
 * fw_sched_part_lacks() - has a context sent less than its part of what its group was
 *	promised?
 * @nic: the NIC
 * @ctx: the context, a member, which has something to send
 *
 * Return: true if so
 */
bool fw_sched_part_lacks(struct fw_nic *nic, struct fw_ctx *ctx)
{
	const struct fw_sched_group *group = ctx->sched.group;

	return group->rate[FW_SCHED_MIN].rate &&
	       part_left(nic, ctx, FW_SCHED_MIN);
}

/**
 * fw_sched_part_take() - a member of a group has sent something
 * @ctx: the context
 * @bytes: how much
 *
 * What it sends beyond its part of the minimum counts for a moment, as in
 * fw_sched_share_take(). Only what it was promised itself takes from the others' part.
 */
void fw_sched_part_take(struct fw_ctx *ctx, s32 bytes)
{
	struct fw_bucket *max = &ctx->sched.group->rate[FW_SCHED_MAX];
	struct fw_bucket *min = &ctx->sched.group->rate[FW_SCHED_MIN];
	s32 *part = ctx->sched.part;
	s32 over;

	if (part_promised(ctx))
		fw_bucket_take(max, (u32)bytes);
	else if (max->rate)
		part[FW_SCHED_MAX] -= bytes;
	if (!min->rate)
		return;
	part[FW_SCHED_MIN] -= bytes;
	over = -PART_MOST - part[FW_SCHED_MIN];
	if (over <= 0)
		return;
	part[FW_SCHED_MIN] = -PART_MOST;
	if (!ctx->sched.promised || !ctx->sched.share.rate ||
	    ctx->sched.share.tokens <= 0)
		return;
	fw_bucket_take(min, (u32)over);
	min->tokens = FW_MAX(min->tokens, -PART_MOST);
}
