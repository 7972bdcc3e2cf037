// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Admin commands about queues and their interrupts.
 */
#include "host/admin_queue.h"

#include "ctx/intr.h"
#include "ctx/queue.h"
#include "state.h"

static u32 admin_check_queue(struct fw_admin_call *call)
{
	const struct cdna_admin_queue *cmd = &call->cmd.queue;

	if (cmd->qp >= CDNA_MAX_QPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(queue.qp));
	if (cmd->dir >= CDNA_NR_DIRS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(queue.dir));
	return CDNA_SC_OK;
}

/* For commands about a queue that is there. */
static u32 admin_find_queue(struct fw_admin_call *call, struct fw_qp **qp)
{
	u32 status = admin_check_queue(call);

	if (status)
		return status;
	*qp = &call->ctx->qp[call->cmd.queue.qp];
	if ((*qp)->queue[call->cmd.queue.dir].state == CDNA_QUEUE_NONE)
		return CDNA_SC_NOT_FOUND;
	return CDNA_SC_OK;
}

/**
 * fw_admin_queue_create() - CDNA_CMD_QUEUE_CREATE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_queue_create(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 status = admin_check_queue(call);
	u16 detail = 0;

	if (status)
		return status;
	status = fw_queue_create(nic, &call->ctx->qp[call->cmd.queue.qp],
				 &call->cmd.queue, &detail);
	if (status == CDNA_SC_BAD_PARAM)
		return fw_admin_refuse(call, detail);
	return status;
}

/**
 * fw_admin_queue_destroy() - CDNA_CMD_QUEUE_DESTROY
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_queue_destroy(struct fw_nic *nic, struct fw_admin_call *call)
{
	struct fw_qp *qp;
	u32 status = admin_find_queue(call, &qp);

	if (!status)
		fw_queue_event(nic, qp, call->cmd.queue.dir, FW_QUEUE_DESTROY);
	return status;
}

/**
 * fw_admin_queue_drain() - CDNA_CMD_QUEUE_DRAIN
 * @nic: the NIC
 * @call: the command
 *
 * A queue that has stopped is drained; a faulted one never will be.
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_queue_drain(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 dir = call->cmd.queue.dir;
	struct fw_queue *queue;
	struct fw_qp *qp;
	u32 status = admin_find_queue(call, &qp);

	if (status)
		return status;
	queue = &qp->queue[dir];
	if (queue->state == CDNA_QUEUE_FAULTED || queue->drain.active)
		return CDNA_SC_BAD_STATE;
	if (dir == CDNA_DIR_TX && queue->ring.cons != queue->ring.prod &&
	    !fw_completion_may_wait(nic))
		return CDNA_SC_NO_SPACE;
	fw_queue_drain(nic, qp, dir);
	if (queue->state == CDNA_QUEUE_DRAINING) {
		call->later = true;
		fw_completion_wait(nic, &queue->drain,
				   fw_le16(call->cmd.opcode),
				   fw_le16(call->cmd.tag));
		return CDNA_SC_OK;
	}
	fw_queue_info(qp, dir, &call->done.queue);
	return CDNA_SC_OK;
}

/**
 * fw_admin_queue_query() - CDNA_CMD_QUEUE_QUERY
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_queue_query(struct fw_nic *nic, struct fw_admin_call *call)
{
	struct fw_qp *qp;
	u32 status = admin_find_queue(call, &qp);

	(void)nic;
	if (!status)
		fw_queue_info(qp, call->cmd.queue.dir, &call->done.queue);
	return status;
}

/**
 * fw_admin_source_bind() - CDNA_CMD_SOURCE_BIND
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_source_bind(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_source *cmd = &call->cmd.source;

	if (cmd->qp >= CDNA_MAX_QPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(source.qp));
	switch (fw_intr_bind(nic, &call->ctx->qp[cmd->qp],
			     fw_le32(cmd->bit))) {
	case FW_OK:
		return CDNA_SC_OK;
	case FW_EEXIST:
		return CDNA_SC_EXISTS;
	default:
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(source.bit));
	}
}

/**
 * fw_admin_source_unbind() - CDNA_CMD_SOURCE_UNBIND
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_source_unbind(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_source *cmd = &call->cmd.source;

	if (cmd->qp >= CDNA_MAX_QPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(source.qp));
	if (fw_intr_unbind(nic, &call->ctx->qp[cmd->qp]))
		return CDNA_SC_NOT_FOUND;
	return CDNA_SC_OK;
}

/**
 * fw_admin_set_coalesce() - CDNA_CMD_SET_COALESCE
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_set_coalesce(struct fw_nic *nic, struct fw_admin_call *call)
{
	const struct cdna_admin_coalesce *cmd = &call->cmd.coalesce;
	u32 usecs = fw_le32(cmd->usecs);
	u32 frames = fw_le32(cmd->frames);
	struct fw_moderation *moderation;

	(void)nic;
	if (cmd->qp >= CDNA_MAX_QPS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(coalesce.qp));
	if (usecs > CDNA_MAX_COALESCE_USECS)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(coalesce.usecs));
	if (frames > CDNA_MAX_RING)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(coalesce.frames));
	moderation = &call->ctx->qp[cmd->qp].moderation;
	moderation->usecs = usecs;
	moderation->frames = frames;
	return CDNA_SC_OK;
}
