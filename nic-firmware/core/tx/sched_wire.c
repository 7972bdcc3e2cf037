// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A full wire stops what is for the wire and nothing else: a queue pair whose
 * next frame would go there is blocked, and a context with nothing else to send
 * leaves the round. Whenever the wire has room, those with blocked queue pairs
 * come first, in the order of their numbers and each for the rest of its turn:
 * what they post meanwhile for each other changes nothing in that order.
 */
#include "tx/sched_wire.h"

#include "state.h"
#include "tx/sched_list.h"

/* A context with blocked queue pairs, @first if possible. Return: or FW_NO_CTX */
static u32 wire_blocked(const struct fw_sched *sched, u32 first)
{
	u32 words = FW_ARRAY_SIZE(sched->blocked);
	u32 mask = ~0u << (first % 32);
	u32 i, at;

	/* The word of @first twice: what is before it comes last. */
	for (i = 0; i <= words; i++, mask = ~0u) {
		at = (first / 32 + i) % words;
		if (sched->blocked[at] & mask)
			return at * 32 + fw_ffs32(sched->blocked[at] & mask);
	}
	return FW_NO_CTX;
}

/**
 * fw_sched_wire_waits() - does a context wait for the wire?
 * @sched: the scheduler
 *
 * Return: whether one has blocked queue pairs
 */
bool fw_sched_wire_waits(const struct fw_sched *sched)
{
	return wire_blocked(sched, 0) != FW_NO_CTX;
}

/**
 * fw_sched_wire_block() - a queue pair waits for the wire
 * @nic: the NIC
 * @ctx: its context
 * @qp: its number
 *
 * The first to find the wire full is in the middle of its turn there.
 */
void fw_sched_wire_block(struct fw_nic *nic, struct fw_ctx *ctx, u32 qp)
{
	struct fw_sched *sched = &nic->sched;

	if (!fw_sched_wire_waits(sched)) {
		sched->wire_turn = ctx->id;
		sched->wire_new = false;
	}
	ctx->sched.blocked |= (u8)(1u << qp);
	sched->blocked[ctx->id / 32] |= 1u << (ctx->id % 32);
}

/**
 * fw_sched_wire_unblock() - queue pairs do not wait for the wire
 * @nic: the NIC
 * @ctx: their context
 * @mask: bit per queue pair
 */
void fw_sched_wire_unblock(struct fw_nic *nic, struct fw_ctx *ctx, u32 mask)
{
	ctx->sched.blocked &= (u8)~mask;
	if (!ctx->sched.blocked)
		nic->sched.blocked[ctx->id / 32] &= ~(1u << (ctx->id % 32));
}

/**
 * fw_sched_wire_resume() - the wire has room: whose turn is it there?
 * @nic: the NIC
 *
 * That context is put in front of the round.
 */
void fw_sched_wire_resume(struct fw_nic *nic)
{
	struct fw_sched *sched = &nic->sched;
	struct fw_ctx *ctx = sched->active.head;
	u32 id = wire_blocked(sched, sched->wire_turn);

	/* In the middle of it, where the last step ended? */
	if (id == FW_NO_CTX || (ctx && ctx->sched.in_turn &&
				ctx->id == sched->wire_turn && !sched->wire_new))
		return;
	ctx = &nic->ctx[id];
	sched->wire_turn = (u16)id;
	sched->wire_new = false;
	fw_sched_wire_unblock(nic, ctx, ~0u);
	fw_sched_front(nic, ctx);
}

/**
 * fw_sched_wire_yield() - a context's turn on the wire is over, if it had it
 * @nic: the NIC
 * @ctx: the context
 */
void fw_sched_wire_yield(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	if (nic->sched.wire_turn != ctx->id || nic->sched.wire_new)
		return;
	nic->sched.wire_turn = (ctx->id + 1) % FW_MAX_CONTEXTS;
	nic->sched.wire_new = true;
}
