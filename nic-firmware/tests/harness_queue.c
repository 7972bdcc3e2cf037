// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues as the host creates them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/*
 * Pages of a ring: in one piece, or each second page of twice as many from
 * the last to the first, so that nothing works by luck.
 */
static void h_ring_alloc(struct h *h, u32 ctx, u32 bytes, bool list,
			 u64 *page, struct cdna_ring_ref *ref)
{
	u32 pages = (bytes + H_PAGE - 1) / H_PAGE;
	u64 base = fake_alloc(h->board, ctx, 2 * pages * H_PAGE, H_PAGE);
	u64 array;
	__le64 *entry;
	u32 i;

	memset(fake_ptr(h->board, base), 0xee, 2 * pages * H_PAGE);
	memset(ref, 0, sizeof(*ref));
	for (i = 0; i < pages; i++)
		page[i] = base + (list ? 2 * (pages - 1 - i) : i) * H_PAGE;
	if (!list) {
		ref->addr = fw_to_le64(base);
		return;
	}
	array = fake_alloc(h->board, FW_DMA_HOST, pages * 8, 64);
	entry = fake_ptr(h->board, array);
	for (i = 0; i < pages; i++)
		entry[i] = fw_to_le64(page[i]);
	ref->addr = fw_to_le64(array);
	ref->pages = fw_to_le16((u16)pages);
	ref->flags = fw_to_le16(CDNA_RING_PAGE_LIST);
}

static void h_queue_reset(struct h *h, u32 ctx, u32 qp, u32 dir,
			  const struct h_ring_spec *spec)
{
	struct h_queue *queue = &h->ctx[ctx].qp[qp].queue[dir];
	u32 slots = spec->slots ? spec->slots : 256;

	queue->slots = slots;
	queue->format = spec->format;
	queue->prod = 0;
	queue->seq = spec->first_seq;
	queue->buffer = fake_alloc(h->board, ctx, slots * H_PAGE, H_PAGE);
	h_used_reset(&queue->used, spec);
	if (dir != CDNA_DIR_RX)
		return;
	free(queue->len);
	queue->len = calloc(slots, sizeof(*queue->len));
	FAKE_CHECK(queue->len);
	h->ctx[ctx].qp[qp].comp_cons = 0;
	h->ctx[ctx].qp[qp].comp_slots = slots;
}

/* The guest zeroes the index; the NIC must leave all else. */
static void h_used_alloc(struct h *h, u32 ctx, struct h_used *used, bool list,
			 struct cdna_admin_queue *cmd)
{
	u32 bytes = used->offset + (u32)sizeof(struct cdna_used_ring) +
		    used->slots * (u32)sizeof(struct cdna_used_elem);

	h_ring_alloc(h, ctx, bytes, list, used->page, &cmd->completions);
	memset(h_used_at(h, used, offsetof(struct cdna_used_ring, idx)), 0,
	       sizeof(__le16));
	cmd->used_offset = fw_to_le16((u16)used->offset);
	cmd->used_slots = fw_to_le16((u16)used->slots);
	cmd->used_index = fw_to_le16((u16)used->taken);
}

/**
 * h_queue_create() - CDNA_CMD_QUEUE_CREATE
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 * @spec: the ring
 *
 * Return: enum cdna_admin_status
 */
u32 h_queue_create(struct h *h, u32 ctx, u32 qp, u32 dir,
		   const struct h_ring_spec *spec)
{
	struct h_qp *pair = &h->ctx[ctx].qp[qp];
	struct h_queue *queue = &pair->queue[dir];
	u32 offloads = spec->offloads;
	struct cdna_admin_cmd cmd;
	u32 status;

	if (dir == CDNA_DIR_TX && !spec->one_piece)
		offloads |= CDNA_OFFLOAD_SG;
	h_queue_reset(h, ctx, qp, dir, spec);
	h_cmd(&cmd, CDNA_CMD_QUEUE_CREATE, ctx);
	cmd.queue.qp = (u8)qp;
	cmd.queue.dir = (u8)dir;
	cmd.queue.format = (u8)spec->format;
	cmd.queue.size_log2 = (u8)__builtin_ctz(queue->slots);
	cmd.queue.offloads = fw_to_le32(offloads);
	cmd.queue.first_seq = fw_to_le32(spec->first_seq);
	h_ring_alloc(h, ctx, queue->slots * h_desc_bytes(spec->format),
		     spec->page_list, queue->page, &cmd.queue.ring);
	if (queue->used.slots)
		h_used_alloc(h, ctx, &queue->used, spec->page_list,
			     &cmd.queue);
	else if (dir == CDNA_DIR_RX)
		h_ring_alloc(h, ctx, queue->slots *
			     (u32)sizeof(struct cdna_rx_completion),
			     spec->page_list, pair->comp_page,
			     &cmd.queue.completions);
	status = h_admin(h, &cmd, NULL);
	queue->exists = status == CDNA_SC_OK;
	return status;
}

/**
 * h_queue_op() - CDNA_CMD_QUEUE_DESTROY, _DRAIN or _QUERY
 * @h: the NIC
 * @opcode: which
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 * @info: the result, may be NULL
 *
 * Return: enum cdna_admin_status
 */
u32 h_queue_op(struct h *h, u32 opcode, u32 ctx, u32 qp, u32 dir,
	       struct cdna_queue_info *info)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	u32 status;

	h_cmd(&cmd, opcode, ctx);
	cmd.queue.qp = (u8)qp;
	cmd.queue.dir = (u8)dir;
	status = h_admin(h, &cmd, &done);
	if (info)
		*info = done.queue;
	return status;
}

/**
 * h_qp_up() - create both rings of a queue pair and bind the source
 * @h: the NIC
 * @ctx: the context, ACTIVE
 * @qp: queue pair; its source is ctx * CDNA_MAX_QPS + qp
 * @tx_offloads: CDNA_OFFLOAD_*
 * @rx_offloads: CDNA_OFFLOAD_*
 */
void h_qp_up(struct h *h, u32 ctx, u32 qp, u32 tx_offloads, u32 rx_offloads)
{
	struct h_ring_spec tx = {
		.format = CDNA_FORMAT_OFFLOAD, .offloads = tx_offloads,
	};
	struct h_ring_spec rx = {
		.format = CDNA_FORMAT_COMPACT, .offloads = rx_offloads,
	};

	FAKE_CHECK(!h_queue_create(h, ctx, qp, CDNA_DIR_TX, &tx));
	FAKE_CHECK(!h_queue_create(h, ctx, qp, CDNA_DIR_RX, &rx));
	FAKE_CHECK(!h_bind(h, ctx, qp, ctx * CDNA_MAX_QPS + qp));
}

/**
 * h_ctx_up() - configure and activate a context, broadcast on
 * @h: the NIC
 * @ctx: the context, FREE
 */
void h_ctx_up(struct h *h, u32 ctx)
{
	FAKE_CHECK(!h_configure(h, ctx, 0, 0));
	FAKE_CHECK(!h_activate(h, ctx));
	FAKE_CHECK(!h_filter(h, ctx, CDNA_FILTER_BROADCAST, NULL));
}

/**
 * h_up() - h_ctx_up() and queue pair 0 with every transmit offload
 * @h: the NIC
 * @ctx: the context, FREE
 */
void h_up(struct h *h, u32 ctx)
{
	h_ctx_up(h, ctx);
	h_qp_up(h, ctx, 0, H_OFFLOADS_TX, 0);
}
