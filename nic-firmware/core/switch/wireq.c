// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * To the wire, and the frames that wait while it is busy: first come, first
 * served. There are few of them: what is for the wire stays in its ring while
 * the queue is full, so that it is the round, not this queue, that divides a slow
 * wire. A frame is counted once: as sent when the wire takes it, or as dropped.
 */
#include "switch/wireq.h"

#include "state.h"

/* More than any frame of the wire takes, at FW_CELL_BYTES each */
#define WIREQ_IOV		8

/* The context that a frame counts for, NULL if it was counted */
static struct fw_ctx *wireq_sender(struct fw_nic *nic,
				   const struct fw_frame *frame, u32 len)
{
	return len && frame->owner < FW_MAX_CONTEXTS ?
		       &nic->ctx[frame->owner] : NULL;
}

static void wireq_drop(struct fw_nic *nic, struct fw_frame *frame, u32 len)
{
	struct fw_ctx *sender = wireq_sender(nic, frame, len);

	fw_nic_count(nic, CDNA_NSTAT_WIRE_TX_DROPS, 1);
	if (sender)
		fw_ctx_drop(sender, CDNA_DROP_TX_WIRE);
	fw_pool_free(&nic->pool, frame);
}

static void wireq_sent(struct fw_nic *nic, struct fw_frame *frame, u32 len)
{
	struct fw_ctx *sender = wireq_sender(nic, frame, len);

	fw_nic_count(nic, CDNA_NSTAT_WIRE_TX_FRAMES, 1);
	fw_nic_count(nic, CDNA_NSTAT_WIRE_TX_BYTES, frame->len);
	if (sender)
		fw_ctx_sent(sender, len,
			    fw_mac_multicast(fw_frame_data(frame)));
	fw_pool_free(&nic->pool, frame);
}

/* Return: false if the wire is busy and the frame must wait */
static bool wireq_try(struct fw_nic *nic, struct fw_frame *frame, u32 len)
{
	struct fw_iov iov[WIREQ_IOV];
	u32 pieces = fw_frame_iov(frame, iov, WIREQ_IOV);
	int err = FW_EINVAL;

	if (nic->link && pieces <= WIREQ_IOV)
		err = nic->ops->wire_send(nic->board, iov, pieces);
	if (err == FW_EBUSY)
		return false;
	if (err)
		wireq_drop(nic, frame, len);
	else
		wireq_sent(nic, frame, len);
	return true;
}

/**
 * fw_wireq_send() - send a frame, or keep it until the wire has room
 * @nic: the NIC
 * @frame: the frame, which is taken
 * @len: its bytes, as it was posted, if it is still to be counted; else 0
 */
void fw_wireq_send(struct fw_nic *nic, struct fw_frame *frame, u32 len)
{
	struct fw_wireq *wireq = &nic->wireq;

	if (wireq->head == wireq->tail && !wireq->blocked &&
	    wireq_try(nic, frame, len))
		return;
	wireq->blocked = true;
	if (fw_wireq_full(wireq)) {
		wireq_drop(nic, frame, len);
		return;
	}
	wireq->len[wireq->tail % FW_WIREQ_FRAMES] = len;
	wireq->frame[wireq->tail++ % FW_WIREQ_FRAMES] = *frame;
	frame->head = NULL;
	frame->tail = NULL;
	frame->cells = 0;
}

/**
 * fw_wireq_service() - send what waits, until the wire is busy again
 * @nic: the NIC
 */
void fw_wireq_service(struct fw_nic *nic)
{
	struct fw_wireq *wireq = &nic->wireq;

	wireq->blocked = false;
	while (wireq->head != wireq->tail) {
		u32 at = wireq->head % FW_WIREQ_FRAMES;

		if (!wireq_try(nic, &wireq->frame[at], wireq->len[at])) {
			wireq->blocked = true;
			return;
		}
		wireq->head++;
	}
}

/**
 * fw_wireq_forget() - drop the frames of a context
 * @nic: the NIC
 * @owner: context
 */
void fw_wireq_forget(struct fw_nic *nic, u32 owner)
{
	struct fw_wireq *wireq = &nic->wireq;
	u32 from, to = wireq->head;

	for (from = wireq->head; from != wireq->tail; from++) {
		struct fw_frame *frame = &wireq->frame[from % FW_WIREQ_FRAMES];
		u32 len = wireq->len[from % FW_WIREQ_FRAMES];

		if (frame->owner == owner) {
			wireq_drop(nic, frame, len);
			continue;
		}
		wireq->len[to % FW_WIREQ_FRAMES] = len;
		if (to != from)
			wireq->frame[to % FW_WIREQ_FRAMES] = *frame;
		to++;
	}
	wireq->tail = to;
}
