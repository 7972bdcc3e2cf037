// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds between any two steps of the firmware, whatever was done to it.
 */
#include "harness.h"

static u32 h_check_frame(const struct fw_frame *frame)
{
	const struct fw_cell *cell = frame->head;
	u32 cells = 0;
	u32 len = 0;

	for (; cell; cell = cell->next) {
		FAKE_CHECK(cell->start + cell->len <= FW_CELL_BYTES);
		len += cell->len;
		cells++;
		if (cell == frame->tail)
			break;
	}
	FAKE_CHECK(cell == frame->tail);
	FAKE_CHECK(cells == frame->cells);
	FAKE_CHECK(len == frame->len);
	return cells;
}

/* Cells are free, or in a frame that is kept; each counted once. */
static void h_check_pool(const struct fw_nic *nic)
{
	const struct fw_pool *pool = &nic->pool;
	const struct fw_cell *cell;
	u32 held[FW_NR_BUDGETS] = { 0 };
	u32 kept = 0;
	u32 free = 0;
	u32 i;
	u32 b;

	for (cell = pool->free; cell; cell = cell->next) {
		FAKE_CHECK(cell >= pool->cell &&
			   cell < pool->cell + FW_NR_CELLS);
		FAKE_CHECK(++free <= FW_NR_CELLS);
	}
	for (b = 0; b < FW_NR_BUDGETS; b++) {
		for (i = 0; i < FW_NR_OWNERS; i++)
			held[b] += pool->held[b][i];
		FAKE_CHECK(held[b] == pool->used[b]);
	}
	FAKE_CHECK(free + held[FW_BUDGET_TX] + held[FW_BUDGET_RX] ==
		   FW_NR_CELLS);
	for (i = nic->wireq.head; i != nic->wireq.tail; i++)
		kept += h_check_frame(&nic->wireq.frame[i % FW_WIREQ_FRAMES]);
	if (nic->landed) {
		FAKE_CHECK(nic->landing.owner == FW_OWNER_WIRE);
		kept += h_check_frame(&nic->landing);
	}
	/* Aggregation does not outlive a step: there are no other keepers. */
	FAKE_CHECK(kept == held[FW_BUDGET_TX] + held[FW_BUDGET_RX]);
}

static void h_check_queue(const struct fw_qp *qp, u32 dir, bool running)
{
	const struct fw_queue *queue = &qp->queue[dir];
	const struct fw_ring *ring = &queue->ring;

	FAKE_CHECK(queue->state <= CDNA_QUEUE_FAULTED);
	FAKE_CHECK(ring->fault.reason < CDNA_NR_FAULTS);
	FAKE_CHECK(running == (queue->state == CDNA_QUEUE_RUNNING ||
			       queue->state == CDNA_QUEUE_DRAINING));
	if (queue->state == CDNA_QUEUE_NONE)
		return;
	FAKE_CHECK(ring->prod - ring->cons <= ring->slots);
	FAKE_CHECK(ring->fetched - ring->cons <= FW_RING_CACHE);
	FAKE_CHECK(ring->prod - ring->fetched <= ring->slots);
	FAKE_CHECK(queue->state != CDNA_QUEUE_FAULTED ||
		   ring->fault.reason != CDNA_FAULT_NONE);
}

static void h_check_ctx(const struct fw_nic *nic, const struct fw_ctx *ctx)
{
	u32 i;

	FAKE_CHECK(ctx->state < CDNA_NR_CTX_STATES);
	FAKE_CHECK(ctx->sched.where <= FW_SCHED_BLOCKED);
	FAKE_CHECK(!ctx->sched.blocked ==
		   !(nic->sched.blocked[ctx->id / 32] >> ctx->id % 32 & 1));
	FAKE_CHECK(ctx->sched.group || (!ctx->sched.part[FW_SCHED_MAX] &&
					!ctx->sched.part[FW_SCHED_MIN]));
	FAKE_CHECK(!(nic->sched.shares[ctx->id / 32] >> ctx->id % 32 & 1) ==
		   (!ctx->sched.share.rate &&
		    (!ctx->sched.group ||
		     !ctx->sched.group->rate[FW_SCHED_MIN].rate)));
	FAKE_CHECK(!ctx->lro.used);
	FAKE_CHECK(!ctx->faulted && !ctx->drained);
	FAKE_CHECK(ctx->nr_macs <= CDNA_MAX_CTX_MACS);
	for (i = 0; i < CDNA_MAX_QPS; i++) {
		h_check_queue(&ctx->qp[i], CDNA_DIR_TX,
			      ctx->tx_running >> i & 1);
		h_check_queue(&ctx->qp[i], CDNA_DIR_RX,
			      ctx->rx_running >> i & 1);
	}
	if (ctx->state == CDNA_CTX_ACTIVE || ctx->state == CDNA_CTX_QUIESCED)
		return;
	FAKE_CHECK(!ctx->tx_running && !ctx->rx_running);
	FAKE_CHECK(ctx->sched.where == FW_SCHED_IDLE);
	if (ctx->state == CDNA_CTX_FAULTED)
		return;
	FAKE_CHECK(!nic->pool.held[FW_BUDGET_TX][ctx->id]);
	FAKE_CHECK(!nic->pool.held[FW_BUDGET_RX][ctx->id]);
}

/* Those that wait are in the list of what they wait for, and none else is. */
static void h_check_list(const struct fw_nic *nic,
			 const struct fw_sched_list *list,
			 enum fw_sched_where where)
{
	const struct fw_ctx *at, *last = NULL;
	u32 waiting = 0;
	u32 found = 0;
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS; i++)
		waiting += nic->ctx[i].sched.where == where;
	for (at = list->head; at; at = at->sched.next) {
		FAKE_CHECK(at->sched.where == where);
		FAKE_CHECK(++found <= waiting);
		last = at;
	}
	FAKE_CHECK(found == waiting);
	FAKE_CHECK(list->tail == last);
}

/* Members of a group and the group know each other. */
static void h_check_groups(const struct fw_nic *nic)
{
	u32 g, i;

	for (g = 0; g < CDNA_MAX_GROUPS; g++) {
		const struct fw_sched_group *group = &nic->sched.group[g];

		u32 busy = 0;

		for (i = 0; i < FW_MAX_CONTEXTS; i++) {
			const struct fw_sched_entry *entry = &nic->ctx[i].sched;
			bool is_member = entry->group == group;

			FAKE_CHECK(is_member ==
				   (group->members[i / 32] >> i % 32 & 1));
			FAKE_CHECK(!is_member || group->exists);
			busy += is_member && entry->where != FW_SCHED_IDLE;
		}
		FAKE_CHECK(busy == group->busy);
	}
}

/* I7: no slot is overwritten before it is consumed. */
static void h_check_notify(const struct fw_notify *ring)
{
	FAKE_CHECK(ring->prod - ring->cons <= ring->slots);
}

/**
 * h_check() - check the firmware's state
 * @h: the NIC, between two steps
 *
 * Packet memory is conserved, every state is one, queues keep their bounds,
 * and nothing of a context that is not active is left to do DMA.
 */
void h_check(struct h *h)
{
	u32 i;

	h_check_pool(h->nic);
	h_check_list(h->nic, &h->nic->sched.active, FW_SCHED_ACTIVE);
	h_check_list(h->nic, &h->nic->sched.limited, FW_SCHED_LIMITED);
	h_check_list(h->nic, &h->nic->sched.starved, FW_SCHED_STARVED);
	h_check_groups(h->nic);
	h_check_notify(&h->nic->admin.completions);
	h_check_notify(&h->nic->event.ring);
	h_check_notify(&h->nic->bitvec.ring);
	for (i = 0; i < h->nic->config.contexts; i++)
		h_check_ctx(h->nic, &h->nic->ctx[i]);
}
