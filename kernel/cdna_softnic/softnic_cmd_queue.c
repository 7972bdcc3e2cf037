// SPDX-License-Identifier: GPL-2.0-only
/*
 * Admin commands about queues. Addresses are physical: cdna_mdev has pinned what
 * they name, and keeps it until the queue is destroyed.
 */
#include <linux/io.h>
#include <linux/log2.h>

#include "ctx/queue_state.h"
#include "softnic_cmd_queue.h"
#include "softnic_ctx.h"
#include "softnic_desc.h"
#include "softnic_queue.h"
#include "softnic_tx.h"
#include "softnic_zc.h"

static bool queue_in_bounds(const struct cdna_admin_queue *cmd)
{
	return cmd->qp < CDNA_MAX_QPS && cmd->dir < CDNA_NR_DIRS;
}

static bool queue_acceptable(const struct cdna_admin_queue *cmd)
{
	bool rx = cmd->dir == CDNA_DIR_RX;
	const struct cdna_desc_format *format;
	u32 offloads;

	if (cmd->format >= CDNA_NR_ALL_FORMATS || cmd->size_log2 > 12 ||
	    1u << cmd->size_log2 < CDNA_MIN_RING)
		return false;
	format = &softnic_desc_formats[cmd->format];
	offloads = le32_to_cpu(format->offloads) &
		   (rx ? SOFTNIC_OFFLOADS_RX : SOFTNIC_OFFLOADS_TX);
	if (le32_to_cpu(cmd->offloads) & ~offloads)
		return false;
	if (softnic_desc_seq(cmd->format, le32_to_cpu(cmd->first_seq)) !=
	    le32_to_cpu(cmd->first_seq))
		return false;
	return cmd->ring.addr && !cmd->ring.flags &&
	       le64_to_cpu(cmd->ring.addr) % 64 == 0;
}

/* It is the guest's memory: a page here, a page there. */
static bool queue_take_pages(const struct cdna_ring_ref *ref, u32 least,
			     u32 most, void **page)
{
	u32 pages = le16_to_cpu(ref->pages);
	const __le64 *list;
	u32 i;

	if (ref->flags != cpu_to_le16(CDNA_RING_PAGE_LIST) || !ref->addr ||
	    pages < least || pages > most)
		return false;
	list = phys_to_virt(le64_to_cpu(ref->addr));
	for (i = 0; i < pages; i++)
		page[i] = phys_to_virt(le64_to_cpu(list[i]));
	return true;
}

/* Behind its entries is a field of the host, which may be on a page of its own. */
static bool queue_take_used(struct softnic_used *used,
			    const struct cdna_admin_queue *cmd)
{
	u32 offset = le16_to_cpu(cmd->used_offset);
	u32 slots = le16_to_cpu(cmd->used_slots);

	if (offset % 4 || offset >= CDNA_PAGE_SIZE || !is_power_of_2(slots) ||
	    slots > CDNA_MAX_USED_RING)
		return false;
	used->offset = offset;
	used->slots = slots;
	used->next = le16_to_cpu(cmd->used_index);
	return queue_take_pages(&cmd->completions,
				softnic_used_pages(offset, slots),
				ARRAY_SIZE(used->page), used->page);
}

/* Where it finds what was used */
static bool queue_take_comp(struct softnic_qp *qp, struct softnic_used *used,
			    const struct cdna_admin_queue *cmd)
{
	u32 bytes = sizeof(struct cdna_rx_completion) << cmd->size_log2;
	const struct cdna_ring_ref *ref = &cmd->completions;
	u32 pages = DIV_ROUND_UP(bytes, CDNA_PAGE_SIZE);

	if (cmd->format == CDNA_FORMAT_VIRTIO)
		return queue_take_used(used, cmd);
	if (cmd->used_offset || cmd->used_slots || cmd->used_index)
		return false;
	if (cmd->dir == CDNA_DIR_TX)
		return !ref->addr && !ref->pages && !ref->flags;
	return queue_take_pages(ref, pages, pages, qp->comp);
}

/**
 * softnic_cmd_queue_create - CDNA_CMD_QUEUE_CREATE
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_queue_create(struct softnic_ctx *ctx,
			     const struct cdna_admin_cmd *cmd,
			     struct cdna_admin_completion *done)
{
	const struct cdna_admin_queue *arg = &cmd->queue;
	struct softnic_used used = {};
	struct softnic_ring *ring;
	struct softnic_qp *qp;

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_SC_BAD_STATE;
	if (!queue_in_bounds(arg))
		return CDNA_SC_BAD_PARAM;
	qp = &ctx->qp[arg->qp];
	ring = &qp->ring[arg->dir];
	if (!fw_queue_transition(ring->state, FW_QUEUE_CREATE)->action)
		return CDNA_SC_EXISTS;
	if (!queue_acceptable(arg) || !queue_take_comp(qp, &used, arg))
		return CDNA_SC_BAD_PARAM;
	/* Nobody looks at a ring that is not there but for its indices. */
	spin_lock_bh(&qp->lock);
	*ring = (struct softnic_ring) {
		.format = arg->format,
		.offloads = le32_to_cpu(arg->offloads),
		.slots = 1u << arg->size_log2,
		.memory = phys_to_virt(le64_to_cpu(arg->ring.addr)),
		.first_seq = le32_to_cpu(arg->first_seq),
		.used = used,
	};
	if (arg->dir == CDNA_DIR_RX) {
		qp->comp_prod = 0;
		qp->rx_missed = 0;
	}
	spin_unlock_bh(&qp->lock);
	if (arg->dir == CDNA_DIR_TX && ring->offloads & SOFTNIC_TSO)
		softnic_zc_create(qp, ring->slots);
	softnic_queue_start(qp, arg->dir);
	return CDNA_SC_OK;
}

/* Return: NULL if there is no such queue, with its status */
static struct softnic_qp *queue_find(struct softnic_ctx *ctx,
				     const struct cdna_admin_queue *arg,
				     u16 *status)
{
	*status = CDNA_SC_BAD_PARAM;
	if (!queue_in_bounds(arg))
		return NULL;
	*status = CDNA_SC_NOT_FOUND;
	if (ctx->qp[arg->qp].ring[arg->dir].state == CDNA_QUEUE_NONE)
		return NULL;
	*status = CDNA_SC_OK;
	return &ctx->qp[arg->qp];
}

/**
 * softnic_cmd_queue_destroy - CDNA_CMD_QUEUE_DESTROY
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_queue_destroy(struct softnic_ctx *ctx,
			      const struct cdna_admin_cmd *cmd,
			      struct cdna_admin_completion *done)
{
	struct softnic_qp *qp;
	u16 status;

	qp = queue_find(ctx, &cmd->queue, &status);
	if (qp)
		softnic_queue_destroy(qp, cmd->queue.dir);
	return status;
}

/**
 * softnic_cmd_queue_drain - CDNA_CMD_QUEUE_DRAIN
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_queue_drain(struct softnic_ctx *ctx,
			    const struct cdna_admin_cmd *cmd,
			    struct cdna_admin_completion *done)
{
	u8 dir = cmd->queue.dir;
	struct softnic_qp *qp;
	u16 status;

	qp = queue_find(ctx, &cmd->queue, &status);
	if (!qp)
		return status;
	if (dir == CDNA_DIR_TX)
		softnic_tx_finish(qp);
	if (qp->ring[dir].state == CDNA_QUEUE_FAULTED)
		return CDNA_SC_BAD_STATE;
	softnic_queue_stop(qp, dir);
	softnic_queue_info(qp, dir, &done->queue);
	return CDNA_SC_OK;
}

/**
 * softnic_cmd_queue_query - CDNA_CMD_QUEUE_QUERY
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_queue_query(struct softnic_ctx *ctx,
			    const struct cdna_admin_cmd *cmd,
			    struct cdna_admin_completion *done)
{
	struct softnic_qp *qp;
	u16 status;

	qp = queue_find(ctx, &cmd->queue, &status);
	if (qp)
		softnic_queue_info(qp, cmd->queue.dir, &done->queue);
	return status;
}

/**
 * softnic_cmd_queue_coalesce - CDNA_CMD_SET_COALESCE
 * @ctx: the context
 * @cmd: the command
 * @done: its result
 *
 * Return: an enum cdna_admin_status.
 */
u16 softnic_cmd_queue_coalesce(struct softnic_ctx *ctx,
			       const struct cdna_admin_cmd *cmd,
			       struct cdna_admin_completion *done)
{
	const struct cdna_admin_coalesce *arg = &cmd->coalesce;
	u32 usecs = le32_to_cpu(arg->usecs);
	u32 frames = le32_to_cpu(arg->frames);
	struct softnic_qp *qp;

	if (arg->qp >= CDNA_MAX_QPS || usecs > CDNA_MAX_COALESCE_USECS ||
	    frames > CDNA_MAX_RING)
		return CDNA_SC_BAD_PARAM;
	qp = &ctx->qp[arg->qp];
	spin_lock_bh(&qp->lock);
	qp->intr.usecs = usecs;
	qp->intr.frames = frames;
	spin_unlock_bh(&qp->lock);
	return CDNA_SC_OK;
}
