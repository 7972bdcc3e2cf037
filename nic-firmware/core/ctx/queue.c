// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One ring of a queue pair: creation, the mailbox, draining, its end.
 */
#include "ctx/queue.h"

#include "ctx/intr.h"
#include "ctx/mark.h"
#include "ctx/status.h"
#include "notify/event.h"
#include "state.h"

static void queue_wake_waiter(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
			      u32 status)
{
	struct cdna_queue_info info;

	if (!qp->queue[dir].drain.active)
		return;
	fw_queue_info(qp, dir, &info);
	fw_completion_wake(nic, &qp->queue[dir].drain, status, &info,
			   sizeof(info));
}

/* The host must not unpin by indices of the queue that was here. */
static void queue_start(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	(void)dir;
	fw_status_flush(nic, qp);
}

static void queue_begin_drain(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	(void)dir;
	nic->hooks->tx_posted(nic, qp->ctx);
}

/* The command that waits finds the indices published. */
static void queue_complete(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	fw_status_flush(nic, qp);
	queue_wake_waiter(nic, qp, dir, CDNA_SC_OK);
}

static void queue_end(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	queue_wake_waiter(nic, qp, dir, CDNA_SC_ABORTED);
}

/* What was posted before has its turn; mailboxes have more. */
static void queue_go_on(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	if (dir == CDNA_DIR_TX)
		nic->hooks->tx_posted(nic, qp->ctx);
}

/* That queue alone stops; host and driver learn why (paper 3.3). */
static void queue_report(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	const struct fw_fault *fault = &qp->queue[dir].ring.fault;

	qp->stats[CDNA_QSTAT_FAULTS]++;
	fw_ctx_count(qp->ctx, CDNA_CSTAT_FAULT + fault->reason, 1);
	fw_event_queue_fault(nic, qp->ctx->id, fw_queue_number(qp, dir), fault);
	fw_intr_now(nic, qp);
	queue_end(nic, qp, dir);
}

static void (* const queue_action[FW_NR_QUEUE_ACTIONS])(struct fw_nic *nic,
							struct fw_qp *qp,
							u32 dir) = {
	[FW_QUEUE_DO_START] = queue_start,
	[FW_QUEUE_DO_DRAIN] = queue_begin_drain,
	[FW_QUEUE_DO_COMPLETE] = queue_complete,
	[FW_QUEUE_DO_STOP] = queue_end,
	[FW_QUEUE_DO_RESUME] = queue_go_on,
	[FW_QUEUE_DO_REPORT] = queue_report,
	[FW_QUEUE_DO_END] = queue_end,
};

static bool queue_serves(const struct fw_queue *queue)
{
	return queue->state == CDNA_QUEUE_RUNNING ||
	       queue->state == CDNA_QUEUE_DRAINING;
}

/**
 * fw_queue_event() - something happens to a queue
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 * @event: what
 *
 * The one place where a queue changes its state. After DESTROY no DMA into its
 * ring or buffers starts (I6).
 */
void fw_queue_event(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		    enum fw_queue_event event)
{
	u8 *running = fw_ctx_running(qp->ctx, dir);
	struct fw_queue *queue = &qp->queue[dir];
	const struct fw_queue_transition *to;
	u8 bit = (u8)(1u << qp->id);

	to = fw_queue_transition(queue->state, event);
	if (!to->action)
		return;
	queue->state = to->next;
	if (queue->state != CDNA_QUEUE_STOPPED)
		queue->resumes = false;
	if (queue_serves(queue)) {
		*running |= bit;
	} else {
		*running &= (u8)~bit;
		nic->hooks->queue_stopped(nic, qp, dir);
	}
	fw_status_news(nic, qp, 0);
	queue_action[to->action](nic, qp, dir);
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
	if (fw_used_check(cmd, detail))
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.completions);
	if (!rx && !cmd->used_slots &&
	    (cmd->completions.addr || cmd->completions.pages ||
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

/* Writes what nothing reads while there is no queue: where its memory is. */
static u32 queue_map(struct fw_nic *nic, struct fw_qp *qp,
		     const struct cdna_admin_queue *cmd, u32 desc_bytes,
		     u16 *detail)
{
	struct fw_queue *queue = &qp->queue[cmd->dir];
	u64 slots = 1ull << cmd->size_log2;
	u32 status;
	int err;

	err = fw_ring_map(nic, queue->ring.page, FW_RING_MAX_PAGES,
			  slots * desc_bytes, &cmd->ring);
	status = queue_map_status(err, FW_ADMIN_DETAIL(queue.ring), detail);
	if (status)
		return status;
	err = fw_used_create(nic, &queue->used, cmd);
	if (!queue->used.slots && cmd->dir == CDNA_DIR_RX)
		err = fw_ring_map(nic, qp->comp_page,
				  FW_ARRAY_SIZE(qp->comp_page),
				  slots * sizeof(struct cdna_rx_completion),
				  &cmd->completions);
	return queue_map_status(err, FW_ADMIN_DETAIL(queue.completions),
				detail);
}

/* Without scatter/gather a frame is one descriptor. */
static u32 queue_max_chain(const struct cdna_admin_queue *cmd,
			   const struct cdna_desc_format *format)
{
	return fw_le32(cmd->offloads) & CDNA_OFFLOAD_SG ?
		       fw_le16(format->max_chain) : 1;
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

	if (!fw_queue_transition(queue->state, FW_QUEUE_CREATE)->action)
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
	queue->offloads = (u16)fw_le32(cmd->offloads);
	queue->max_chain = (u8)queue_max_chain(cmd, format);
	if (cmd->dir == CDNA_DIR_RX) {
		qp->comp_slots = 1u << cmd->size_log2;
		qp->comp_prod = 0;
		qp->rx_missed = 0;
	}
	qp->moderation.armed = true;
	fw_queue_event(nic, qp, cmd->dir, FW_QUEUE_CREATE);
	return CDNA_SC_OK;
}

/**
 * fw_queue_drain() - finish what was posted, then stop for good
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*; a receive queue stops immediately, its buffers unused
 */
void fw_queue_drain(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_queue *queue = &qp->queue[dir];
	bool more = queue->ring.cons != queue->ring.prod;

	queue->resumes = false;
	if (queue->state != CDNA_QUEUE_RUNNING)
		return;
	fw_queue_event(nic, qp, dir, dir == CDNA_DIR_TX && more ?
				     FW_QUEUE_DRAIN : FW_QUEUE_STOP);
}

/**
 * fw_queue_quiesce() - pause, with all that is posted
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 *
 * A drain ends here, as it does at a limit: the wire may take as long as it likes for
 * it. Such a queue is not one that goes on afterwards.
 */
void fw_queue_quiesce(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_queue *queue = &qp->queue[dir];

	if (queue->state == CDNA_QUEUE_DRAINING) {
		fw_queue_event(nic, qp, dir, FW_QUEUE_DRAINED);
	} else if (queue->state == CDNA_QUEUE_RUNNING) {
		queue->resumes = true;
		fw_queue_event(nic, qp, dir, FW_QUEUE_STOP);
	}
}

/**
 * fw_queue_resume() - go on, if it was paused with its context
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 */
void fw_queue_resume(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	if (qp->queue[dir].resumes)
		fw_queue_event(nic, qp, dir, FW_QUEUE_RESUME);
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

	if (queue->state != CDNA_QUEUE_RUNNING || !fw_queue_served(qp, dir))
		fw_ctx_count(qp->ctx, CDNA_CSTAT_MAILBOXES_IGNORED, 1);
	else if (!fw_ring_advance(&queue->ring, prod))
		fw_mark_fault_at(nic, qp, dir, CDNA_FAULT_TOO_FAR,
				 queue->ring.cons + queue->ring.slots);
	else if (dir == CDNA_DIR_TX)
		nic->hooks->tx_posted(nic, qp->ctx);
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
 * fw_queue_info() - what QUEUE_QUERY and QUEUE_DRAIN report
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
	if (queue->state == CDNA_QUEUE_FAULTED)
		info->fault = (u8)queue->ring.fault.reason;
	info->prod = fw_to_le32(queue->ring.prod);
	info->cons = fw_to_le32(queue->ring.cons);
	info->next_seq = fw_to_le32(queue_next_seq(&queue->ring));
	if (dir == CDNA_DIR_RX)
		info->comp_prod = fw_to_le32(qp->comp_prod);
}
