// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Who finds a fault is in the middle of a frame, a batch or a list, and what
 * ends a queue or a context touches all of these. So the finder leaves a mark
 * and goes on; fw_ctx_service() does the rest, as a step of its own. A mark
 * stops what must stop immediately: the queue is not served any longer, so
 * nothing more is fetched for it, sent from it or delivered to it.
 */
#include "ctx/mark.h"

#include "ctx/context_state.h"
#include "state.h"

static void mark_ctx(struct fw_nic *nic, const struct fw_ctx *ctx)
{
	nic->marks.any = true;
	nic->marks.ctx[ctx->id / 32] |= 1u << (ctx->id % 32);
}

/**
 * fw_mark_fault() - a queue cannot go on because of its ring's fault
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 */
void fw_mark_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_ctx *ctx = qp->ctx;

	if (!fw_queue_served(qp, dir))
		return;
	*fw_ctx_running(ctx, dir) &= (u8)~(1u << qp->id);
	ctx->faulted |= (u16)(1u << fw_queue_number(qp, dir));
	mark_ctx(nic, ctx);
}

/**
 * fw_mark_fault_at() - a queue cannot go on, for a reason that its ring did not
 * find
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 * @why: the reason
 * @index: free-running index of the descriptor
 */
void fw_mark_fault_at(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		      enum cdna_fault why, u32 index)
{
	if (!fw_queue_served(qp, dir))
		return;
	qp->queue[dir].ring.fault = (struct fw_fault){
		.reason = why,
		.index = index,
	};
	fw_mark_fault(nic, qp, dir);
}

/**
 * fw_mark_drained() - a draining transmit queue has nothing more to send
 * @nic: the NIC
 * @qp: its queue pair
 *
 * That may leave descriptors of a frame whose end was never posted.
 */
void fw_mark_drained(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_ctx *ctx = qp->ctx;

	ctx->tx_running &= (u8)~(1u << qp->id);
	ctx->drained |= (u8)(1u << qp->id);
	mark_ctx(nic, ctx);
}

/**
 * fw_mark_ctx_fault() - memory that a context lives by cannot be reached
 * @nic: the NIC
 * @ctx: the context
 * @why: the reason
 */
void fw_mark_ctx_fault(struct fw_nic *nic, struct fw_ctx *ctx,
		       enum cdna_fault why)
{
	if (ctx->fault ||
	    !fw_ctx_transition(ctx->state, FW_CTX_FAULT)->action)
		return;
	ctx->fault = (u8)why;
	ctx->tx_running = 0;
	ctx->rx_running = 0;
	mark_ctx(nic, ctx);
}
