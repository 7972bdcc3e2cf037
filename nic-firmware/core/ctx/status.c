// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Consumer indices: first to the host's table, which pages are unpinned by,
 * then to the guest: a used ring's index, and its status page; then the
 * interrupt. A guest never knows more than the host does: one that polls its
 * used ring may unmap a buffer as soon as it sees the index, and the host must not
 * find the buffer in use then.
 */
#include "ctx/status.h"

#include "ctx/intr.h"
#include "ctx/mark.h"
#include "ctx/used.h"
#include "notify/health.h"
#include "state.h"

/**
 * fw_status_news() - a queue pair's indices or states have moved
 * @nic: the NIC
 * @qp: the queue pair
 * @frames: frames sent or received, which count for moderation
 */
void fw_status_news(struct fw_nic *nic, struct fw_qp *qp, u32 frames)
{
	u32 n = fw_qp_number(qp);

	qp->news += frames;
	nic->status_dirty[n / 64] |= 1ull << (n % 64);
}

/**
 * fw_status_forget() - do not publish what is not published yet
 * @nic: the NIC
 * @qp: the queue pair
 */
void fw_status_forget(struct fw_nic *nic, struct fw_qp *qp)
{
	u32 n = fw_qp_number(qp);

	nic->status_dirty[n / 64] &= ~(1ull << (n % 64));
	qp->news = 0;
}

static void status_to_used(struct fw_nic *nic, struct fw_qp *qp)
{
	const struct fw_used *used;
	u32 dir;

	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		used = &qp->queue[dir].used;
		if (used->idx != used->published && fw_queue_has_used(qp, dir))
			fw_used_publish(nic, qp, dir);
	}
}

static bool status_to_host(struct fw_nic *nic, const struct fw_qp *qp)
{
	u64 addr = nic->cons_addr +
		   fw_qp_number(qp) * sizeof(struct cdna_host_cons);
	struct cdna_host_cons cons = {
		.tx_cons = fw_to_le32(qp->queue[CDNA_DIR_TX].ring.cons),
		.rx_cons = fw_to_le32(qp->queue[CDNA_DIR_RX].ring.cons),
	};

	if (!fw_dma_write(nic, FW_DMA_HOST, addr, &cons, sizeof(cons)))
		return true;
	fw_health_unreachable(nic, addr);
	return false;
}

static bool status_to_guest(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_ctx *ctx = qp->ctx;
	u64 addr = ctx->status_addr + qp->id * sizeof(struct cdna_qp_status);
	struct cdna_qp_status status = {
		.tx_cons = fw_to_le32(qp->queue[CDNA_DIR_TX].ring.cons),
		.rx_cons = fw_to_le32(qp->queue[CDNA_DIR_RX].ring.cons),
		.rx_comp_prod = fw_to_le32(qp->comp_prod),
		.event = fw_to_le32(qp->moderation.event + 1),
		.tx_state = fw_to_le32(qp->queue[CDNA_DIR_TX].state),
		.rx_state = fw_to_le32(qp->queue[CDNA_DIR_RX].state),
		.rx_missed = fw_to_le32(qp->rx_missed),
	};

	if (fw_dma_write(nic, ctx->id, addr, &status, sizeof(status)))
		return false;
	qp->moderation.event++;
	return true;
}

/* Nothing is written for a context once a write for it has failed. */
static bool status_has_page(const struct fw_ctx *ctx)
{
	return (ctx->state == CDNA_CTX_ACTIVE ||
		ctx->state == CDNA_CTX_QUIESCED) && !ctx->fault;
}

/**
 * fw_status_flush() - publish a queue pair's indices and states now
 * @nic: the NIC
 * @qp: the queue pair, which has been marked
 *
 * While the host's table cannot be written, nothing goes to the guest either.
 * A context whose status page cannot be written is marked to be stopped.
 */
void fw_status_flush(struct fw_nic *nic, struct fw_qp *qp)
{
	u32 news = qp->news;

	/* It stays marked until the host has it. */
	if (!status_to_host(nic, qp))
		return;
	fw_status_forget(nic, qp);
	if (status_has_page(qp->ctx))
		status_to_used(nic, qp);
	if (!status_has_page(qp->ctx))
		return;
	if (!status_to_guest(nic, qp))
		fw_mark_ctx_fault(nic, qp->ctx, CDNA_FAULT_DMA_STATUS);
	else if (news)
		fw_intr_news(nic, qp, news);
}

/**
 * fw_status_settle() - publish all that has moved in a context, now
 * @nic: the NIC
 * @ctx: the context: nothing more moves
 */
void fw_status_settle(struct fw_nic *nic, struct fw_ctx *ctx)
{
	u32 i, n;

	for (i = 0; i < CDNA_MAX_QPS; i++) {
		n = fw_qp_number(&ctx->qp[i]);
		if (nic->status_dirty[n / 64] >> (n % 64) & 1)
			fw_status_flush(nic, &ctx->qp[i]);
	}
}

/**
 * fw_status_publish() - publish all that has moved in this step
 * @nic: the NIC
 */
void fw_status_publish(struct fw_nic *nic)
{
	u64 left;
	u32 n;
	u32 i;

	for (i = 0; i < FW_BITVEC_WORDS; i++) {
		for (left = nic->status_dirty[i]; left; left &= left - 1) {
			n = i * 64 + fw_ffs64(left);
			fw_status_flush(nic, &nic->ctx[n / CDNA_MAX_QPS]
					.qp[n % CDNA_MAX_QPS]);
		}
	}
}
