// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One ring of a queue pair: creation, the mailbox, draining, faults.
 */
#include "nic.h"

static bool queue_serves(const struct fw_queue *queue)
{
	return queue->state == CDNA_QUEUE_RUNNING ||
	       queue->state == CDNA_QUEUE_DRAINING;
}

static u8 *queue_running(struct fw_qp *qp, u32 dir)
{
	return dir == CDNA_DIR_TX ? &qp->ctx->tx_running : &qp->ctx->rx_running;
}

/* The one place where a queue changes its state. */
static void queue_set(struct fw_nic *nic, struct fw_qp *qp, u32 dir, u32 state)
{
	struct fw_queue *queue = &qp->queue[dir];
	u8 *running = queue_running(qp, dir);
	u8 bit = (u8)(1u << qp->id);

	queue->state = (u8)state;
	if (queue_serves(queue)) {
		*running |= bit;
	} else {
		*running &= (u8)~bit;
		if (dir == CDNA_DIR_TX)
			fw_tx_abort(nic, qp);
		else
			fw_lro_abort(nic, qp->ctx, qp);
		if (!qp->ctx->tx_running)
			fw_sched_remove(nic, qp->ctx);
	}
	fw_status_news(nic, qp, 0);
}

static void queue_wake_waiter(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
			      u32 status)
{
	struct cdna_queue_info info;

	if (!qp->queue[dir].drain.active)
		return;
	fw_queue_info(qp, dir, &info);
	fw_admin_wake(nic, &qp->queue[dir].drain, status, &info, sizeof(info));
}

static u32 queue_check(const struct cdna_admin_queue *cmd,
		       const struct cdna_desc_format *format, u16 *detail)
{
	bool rx = cmd->dir == CDNA_DIR_RX;
	u32 offloads = fw_le32(format->offloads) &
		       (rx ? FW_OFFLOADS_RX : FW_OFFLOADS_TX);
	u32 seq_bits = format->seq.bits;

	*detail = FW_ADMIN_DETAIL(queue.format);
	if (!(fw_le16(format->dirs) & (1u << cmd->dir)))
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.size_log2);
	if (cmd->size_log2 > 12 || 1u << cmd->size_log2 < CDNA_MIN_RING ||
	    1u << cmd->size_log2 > CDNA_MAX_RING)
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.offloads);
	if (fw_le32(cmd->offloads) & ~offloads)
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.first_seq);
	if (seq_bits < 32 && fw_le32(cmd->first_seq) >> seq_bits)
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.completions);
	if (!rx && (cmd->completions.addr || cmd->completions.pages ||
		    cmd->completions.flags))
		return CDNA_SC_BAD_PARAM;
	*detail = 0;
	return CDNA_SC_OK;
}

static u32 queue_map_status(int err, u32 where, u16 *detail)
{
	if (!err)
		return CDNA_SC_OK;
	if (err == FW_EFAULT)
		return CDNA_SC_DMA_ERROR;
	*detail = (u16)where;
	return CDNA_SC_BAD_PARAM;
}

/* Writes page lists only, which nothing reads while there is no queue. */
static u32 queue_map(struct fw_nic *nic, struct fw_qp *qp,
		     const struct cdna_admin_queue *cmd, u32 desc_bytes,
		     u16 *detail)
{
	u64 slots = 1ull << cmd->size_log2;
	u64 *page = qp->queue[cmd->dir].ring.page;
	u32 status;
	int err;

	err = fw_ring_map(nic, page, FW_RING_MAX_PAGES, slots * desc_bytes,
			  &cmd->ring);
	status = queue_map_status(err, FW_ADMIN_DETAIL(queue.ring), detail);
	if (status || cmd->dir == CDNA_DIR_TX)
		return status;
	err = fw_ring_map(nic, qp->comp_page, FW_ARRAY_SIZE(qp->comp_page),
			  slots * sizeof(struct cdna_rx_completion),
			  &cmd->completions);
	return queue_map_status(err, FW_ADMIN_DETAIL(queue.completions),
				detail);
}

/**
 * fw_queue_create() - create one ring of a queue pair
 * @nic: the NIC
 * @qp: the queue pair, of an ACTIVE context
 * @cmd: the command, its qp and dir being in bounds
 * @detail: offset of the field that was refused
 *
 * Return: enum cdna_admin_status
 */
u32 fw_queue_create(struct fw_nic *nic, struct fw_qp *qp,
		    const struct cdna_admin_queue *cmd, u16 *detail)
{
	const struct cdna_desc_format *format = fw_ring_format(cmd->format);
	struct fw_queue *queue = &qp->queue[cmd->dir];
	u32 status;

	if (queue->state != CDNA_QUEUE_NONE)
		return CDNA_SC_EXISTS;
	*detail = FW_ADMIN_DETAIL(queue.format);
	if (!format)
		return CDNA_SC_BAD_PARAM;
	status = queue_check(cmd, format, detail);
	if (status)
		return status;
	fw_ring_init(&queue->ring, qp->ctx->id, cmd->dir, cmd->format,
		     1u << cmd->size_log2, fw_le32(cmd->first_seq));
	status = queue_map(nic, qp, cmd, format->size, detail);
	if (status)
		return status;
	queue->fault = CDNA_FAULT_NONE;
	queue->offloads = (u16)fw_le32(cmd->offloads);
	if (cmd->dir == CDNA_DIR_RX) {
		qp->comp_slots = 1u << cmd->size_log2;
		qp->comp_prod = 0;
	}
	qp->moderation.armed = true;
	queue_set(nic, qp, cmd->dir, CDNA_QUEUE_RUNNING);
	/* The host must not unpin by indices of the queue that was here. */
	fw_status_flush(nic, qp);
	return CDNA_SC_OK;
}

/**
 * fw_queue_destroy() - end a queue at once
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * No DMA into its ring or buffers starts afterwards. Does nothing if there is
 * no such queue.
 */
void fw_queue_destroy(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	if (qp->queue[dir].state == CDNA_QUEUE_NONE)
		return;
	queue_set(nic, qp, dir, CDNA_QUEUE_NONE);
	queue_wake_waiter(nic, qp, dir, CDNA_SC_ABORTED);
	if (dir == CDNA_DIR_TX)
		fw_ctx_drained(nic, qp->ctx);
}

/**
 * fw_queue_drain() - finish what was posted, then stop
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*; a receive queue stops at once, its buffers unused
 */
void fw_queue_drain(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_queue *queue = &qp->queue[dir];

	if (queue->state != CDNA_QUEUE_RUNNING)
		return;
	if (dir == CDNA_DIR_RX || queue->ring.cons == queue->ring.prod) {
		fw_queue_stop(nic, qp, dir);
		return;
	}
	queue_set(nic, qp, dir, CDNA_QUEUE_DRAINING);
	fw_sched_wake(nic, qp->ctx);
}

/**
 * fw_queue_drained() - a draining transmit queue has nothing more to send
 * @nic: the NIC
 * @qp: its queue pair
 *
 * That may leave descriptors of a frame whose end was never posted.
 */
void fw_queue_drained(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_queue *queue = &qp->queue[CDNA_DIR_TX];

	if (queue->state != CDNA_QUEUE_DRAINING)
		return;
	queue_set(nic, qp, CDNA_DIR_TX, CDNA_QUEUE_STOPPED);
	/* Who waits finds the indices published. */
	fw_status_flush(nic, qp);
	queue_wake_waiter(nic, qp, CDNA_DIR_TX, CDNA_SC_OK);
	fw_ctx_drained(nic, qp->ctx);
}

/**
 * fw_queue_stop() - stop a queue where it stands
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 */
void fw_queue_stop(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	if (!queue_serves(&qp->queue[dir]))
		return;
	queue_set(nic, qp, dir, CDNA_QUEUE_STOPPED);
	queue_wake_waiter(nic, qp, dir, CDNA_SC_ABORTED);
}

/**
 * fw_queue_fault() - stop a queue because of its ring's fault
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * That queue alone stops; the host and the driver are told (paper 3.3).
 */
void fw_queue_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_queue *queue = &qp->queue[dir];

	if (!queue_serves(queue))
		return;
	queue->fault = (u8)queue->ring.fault.reason;
	qp->stats[CDNA_QSTAT_FAULTS]++;
	fw_ctx_count(qp->ctx, CDNA_CSTAT_FAULT + queue->fault, 1);
	queue_set(nic, qp, dir, CDNA_QUEUE_FAULTED);
	fw_event_queue_fault(nic, qp, dir);
	fw_intr_now(nic, qp);
	queue_wake_waiter(nic, qp, dir, CDNA_SC_ABORTED);
	if (dir == CDNA_DIR_TX)
		fw_ctx_drained(nic, qp->ctx);
}

/**
 * fw_queue_fault_at() - stop a queue for a reason that its ring did not find
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 * @why: the reason
 * @index: free-running index of the descriptor
 */
void fw_queue_fault_at(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		       enum cdna_fault why, u32 index)
{
	struct fw_ring_fault *fault = &qp->queue[dir].ring.fault;

	if (!queue_serves(&qp->queue[dir]))
		return;
	fault->reason = why;
	fault->index = index;
	fault->expected = 0;
	fault->seen = 0;
	fw_queue_fault(nic, qp, dir);
}

/**
 * fw_queue_posted() - a producer mailbox was stored to
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 * @prod: what it holds: guests write it
 *
 * The value is believed only as far as sequence numbers prove it, when the
 * descriptors are fetched (I5).
 */
void fw_queue_posted(struct fw_nic *nic, struct fw_qp *qp, u32 dir, u32 prod)
{
	struct fw_queue *queue = &qp->queue[dir];

	if (queue->state != CDNA_QUEUE_RUNNING)
		fw_ctx_count(qp->ctx, CDNA_CSTAT_MAILBOXES_IGNORED, 1);
	else if (!fw_ring_advance(&queue->ring, prod))
		fw_queue_fault_at(nic, qp, dir, CDNA_FAULT_TOO_FAR,
				  queue->ring.cons + queue->ring.slots);
	else if (dir == CDNA_DIR_TX)
		fw_sched_wake(nic, qp->ctx);
}

/* Sequence number due at the consumer, behind what was fetched ahead */
static u32 queue_next_seq(const struct fw_ring *ring)
{
	const struct cdna_desc_format *format = fw_ring_format(ring->format);
	u32 seq = ring->next_seq - (ring->fetched - ring->cons);

	return format->seq.bits < 32 ? seq & ((1u << format->seq.bits) - 1) :
				       seq;
}

/**
 * fw_queue_info() - what QUEUE_QUERY and QUEUE_DRAIN tell
 * @qp: the queue pair
 * @dir: CDNA_DIR_*
 * @info: filled
 */
void fw_queue_info(const struct fw_qp *qp, u32 dir,
		   struct cdna_queue_info *info)
{
	const struct fw_queue *queue = &qp->queue[dir];

	memset(info, 0, sizeof(*info));
	info->state = queue->state;
	info->fault = queue->fault;
	info->prod = fw_to_le32(queue->ring.prod);
	info->cons = fw_to_le32(queue->ring.cons);
	info->next_seq = fw_to_le32(queue_next_seq(&queue->ring));
	if (dir == CDNA_DIR_RX)
		info->comp_prod = fw_to_le32(qp->comp_prod);
}
