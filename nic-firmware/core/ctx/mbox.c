// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Mailboxes of a context. A context that is paused gets to what was stored
 * meanwhile when it goes on: which mailboxes is kept, and their values are read
 * then.
 */
#include "ctx/mbox.h"

#include "ctx/intr.h"
#include "ctx/queue.h"
#include "state.h"

static void mbox_act(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbox)
{
	struct fw_qp *qp = &ctx->qp[mbox / CDNA_MBOXES_PER_QP];
	u32 value = nic->ops->sram_read(nic->board, CDNA_PARTITION(ctx->id) +
					CDNA_MBOX_OFFSET(mbox));

	switch (mbox % CDNA_MBOXES_PER_QP) {
	case CDNA_MBOX_TX_PROD:
		fw_queue_posted(nic, qp, CDNA_DIR_TX, value);
		break;
	case CDNA_MBOX_RX_PROD:
		fw_queue_posted(nic, qp, CDNA_DIR_RX, value);
		break;
	case CDNA_MBOX_REARM:
		fw_intr_rearm(nic, qp, value);
		break;
	}
}

/**
 * fw_mbox_stored() - a mailbox was stored to
 * @nic: the NIC
 * @ctx: whose
 * @mbox: which, below CDNA_NR_MAILBOXES
 *
 * The firmware acts on no mailbox of a context that is not active (I5).
 */
void fw_mbox_stored(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbox)
{
	fw_ctx_count(ctx, CDNA_CSTAT_MAILBOXES, 1);
	if (ctx->state == CDNA_CTX_ACTIVE && !nic->fatal)
		mbox_act(nic, ctx, mbox);
	else if (ctx->state == CDNA_CTX_QUIESCED && !nic->fatal)
		ctx->held |= 1u << mbox;
	else
		fw_ctx_count(ctx, CDNA_CSTAT_MAILBOXES_IGNORED, 1);
}

/**
 * fw_mbox_catch_up() - deal with what was stored while a context was paused
 * @nic: the NIC
 * @ctx: the context, which goes on; its queues do already
 */
void fw_mbox_catch_up(struct fw_nic *nic, struct fw_ctx *ctx)
{
	for (; ctx->held; ctx->held &= ctx->held - 1)
		mbox_act(nic, ctx, fw_ffs32(ctx->held));
}
