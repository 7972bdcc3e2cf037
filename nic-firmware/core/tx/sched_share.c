// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Minimum rates. A context that has one, and has sent less, comes before the
 * round, and before those that wait for the wire. What it sends in its turns counts:
 * it gets its minimum or its part of the round, what is more, and not both. Minimum
 * rates that are more than the wire together are divided, a turn each. What a group was
 * promised is divided among its members (sched_part.c), and each comes first for its
 * part.
 */
#include "tx/sched_share.h"

#include "state.h"
#include "switch/wireq.h"
#include "tx/sched_list.h"
#include "tx/sched_part.h"
#include "tx/sched_wire.h"

/**
 * fw_sched_share_count() - is a context one of those with a minimum rate?
 * @nic: the NIC
 * @ctx: a context whose minimum rate, group, or group's minimum rate has changed
 */
void fw_sched_share_count(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	const struct fw_sched_group *group = ctx->sched.group;
	u32 *word = &nic->sched.shares[ctx->id / 32];
	u32 bit = 1u << (ctx->id % 32);

	if (ctx->sched.share.rate || (group && group->rate[FW_SCHED_MIN].rate))
		*word |= bit;
	else
		*word &= ~bit;
}

/**
 * fw_sched_set_share() - promise a context a minimum rate
 * @nic: the NIC
 * @ctx: the context
 * @mbps: 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: none
 *
 * What is missing of the last one stays missing.
 */
void fw_sched_set_share(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps)
{
	struct fw_bucket *share = &ctx->sched.share;

	fw_bucket_ready(share, nic->now);
	if (share->tokens >= share->burst)
		fw_bucket_set_mbps(share, mbps, FW_SCHED_SHARE_BURST,
				   2 * FW_SCHED_QUANTUM, nic->now);
	else
		fw_bucket_change_mbps(share, mbps, FW_SCHED_SHARE_BURST,
				      2 * FW_SCHED_QUANTUM, nic->now);
	fw_sched_share_count(nic, ctx);
}

/**
 * fw_sched_end_share() - the owner of a context has gone, and with it the promise
 * @nic: the NIC
 * @ctx: the context
 */
void fw_sched_end_share(struct fw_nic *nic, struct fw_ctx *ctx)
{
	ctx->sched.share.rate = 0;
	fw_sched_share_count(nic, ctx);
}

/* What a turn is worth: all members of a group share one, but for their own minima. */
static s32 share_turn(const struct fw_ctx *ctx)
{
	const struct fw_sched_group *group = ctx->sched.group;
	const struct fw_bucket *share = &ctx->sched.share;

	if (!group || !group->busy || (share->rate && share->tokens > 0))
		return FW_SCHED_QUANTUM;
	return FW_SCHED_QUANTUM / (s32)group->busy;
}

/**
 * fw_sched_share_take() - a context has sent something
 * @nic: the NIC
 * @ctx: the context
 * @bytes: how much
 *
 * What it gets beyond its minimum counts for a moment, no longer: it is not to be
 * missing when the others want the wire again. Who sends has begun a turn among those
 * with minimum rates; who found the wire full has not.
 */
void fw_sched_share_take(struct fw_nic *nic, struct fw_ctx *ctx, s32 bytes)
{
	struct fw_bucket *share = &ctx->sched.share;
	struct fw_sched *sched = &nic->sched;

	if (ctx->sched.promised) {
		if (sched->share_next != ctx->id || sched->share_left <= 0)
			sched->share_left = share_turn(ctx);
		sched->share_next = ctx->id;
		sched->share_left -= bytes;
	}
	fw_bucket_take(share, (u32)bytes);
	share->tokens = FW_MAX(share->tokens, -2 * FW_SCHED_QUANTUM);
}

/* Has it sent less than its minimum, or than its part of that of its group? */
static bool share_lacks(struct fw_nic *nic, struct fw_ctx *ctx)
{
	return (ctx->sched.share.rate &&
		fw_bucket_ready(&ctx->sched.share, nic->now)) ||
	       (ctx->sched.group && fw_sched_part_lacks(nic, ctx));
}

/**
 * fw_sched_share_over() - is it another one's turn?
 * @nic: the NIC
 * @ctx: a context that is sending for its minimum rate
 *
 * Return: true if it has its minimum, or has had as much as a turn is worth
 */
bool fw_sched_share_over(struct fw_nic *nic, struct fw_ctx *ctx)
{
	struct fw_sched *sched = &nic->sched;

	if (sched->share_next != ctx->id || sched->share_left > 0)
		return !share_lacks(nic, ctx);
	sched->share_next = (ctx->id + 1) % FW_MAX_CONTEXTS;
	return true;
}

/* Has it something to send that could go now, and less sent than its minimum? */
static bool share_is_due(struct fw_nic *nic, struct fw_ctx *ctx)
{
	if (ctx->sched.where != FW_SCHED_ACTIVE &&
	    (!ctx->sched.blocked || fw_wireq_full(&nic->wireq) ||
	     ctx->sched.where != FW_SCHED_BLOCKED))
		return false;
	return share_lacks(nic, ctx);
}

/**
 * fw_sched_share_due() - who has to get its minimum rate?
 * @nic: the NIC
 *
 * Return: a context in the round, after the one that was the last, or NULL
 */
struct fw_ctx *fw_sched_share_due(struct fw_nic *nic)
{
	struct fw_sched *sched = &nic->sched;
	u32 words = FW_ARRAY_SIZE(sched->shares);
	u32 next = sched->share_next;
	u32 mask = ~0u << (next % 32);
	u32 i, left;

	/* The word of the next one twice: what is before it comes last. */
	for (i = 0; i <= words; i++, mask = ~0u) {
		u32 at = (next / 32 + i) % words;

		for (left = sched->shares[at] & mask; left; left &= left - 1) {
			struct fw_ctx *ctx = &nic->ctx[at * 32 + fw_ffs32(left)];

			if (!share_is_due(nic, ctx))
				continue;
			if (ctx->sched.where == FW_SCHED_BLOCKED)
				fw_sched_put(nic, ctx, FW_SCHED_ACTIVE);
			if (!fw_wireq_full(&nic->wireq))
				fw_sched_wire_unblock(nic, ctx, ~0u);
			return ctx;
		}
	}
	return NULL;
}
