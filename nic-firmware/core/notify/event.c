// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Events to the host: faults, the link, the firmware's health. What finds the
 * ring full stays noted here, one note for each queue and context.
 */
#include "nic.h"

static u32 event_queue_number(const struct fw_qp *qp, u32 dir)
{
	return qp->id * CDNA_NR_DIRS + dir;
}

/**
 * fw_event_queue_fault() - a queue was stopped by a fault
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*
 */
void fw_event_queue_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	u32 n = event_queue_number(qp, dir);

	nic->event.faulted[qp->ctx->id] |= (u16)(1u << n);
	nic->event.fault[qp->ctx->id][n] = qp->queue[dir].ring.fault;
	nic->event.any = true;
}

/**
 * fw_event_ctx_fault() - a context was stopped by a fault
 * @nic: the NIC
 * @ctx: the context
 */
void fw_event_ctx_fault(struct fw_nic *nic, struct fw_ctx *ctx)
{
	nic->event.ctx_fault[ctx->id] = ctx->fault;
	nic->event.any = true;
}

/**
 * fw_event_link() - the link went up or down
 * @nic: the NIC
 */
void fw_event_link(struct fw_nic *nic)
{
	nic->event.link = true;
	nic->event.any = true;
}

/**
 * fw_event_health() - something is wrong that concerns no single context
 * @nic: the NIC
 * @what: CDNA_HEALTH_*
 */
void fw_event_health(struct fw_nic *nic, u32 what)
{
	struct fw_event *event = &nic->event;

	event->health |= what & ~event->told_health;
	event->any = event->any || event->health;
}

/**
 * fw_event_forget() - a context is FREE again: nothing of it is to be told
 * @nic: the NIC
 * @ctx: the context
 */
void fw_event_forget(struct fw_nic *nic, struct fw_ctx *ctx)
{
	nic->event.faulted[ctx->id] = 0;
	nic->event.ctx_fault[ctx->id] = CDNA_FAULT_NONE;
}

static bool event_push(struct fw_nic *nic, struct cdna_event *entry)
{
	struct fw_event *event = &nic->event;

	if (!fw_notify_room(&event->ring)) {
		if (!event->waited)
			fw_nic_count(nic, CDNA_NSTAT_EVENTS_DELAYED, 1);
		event->waited = true;
		return false;
	}
	entry->time_ns = fw_to_le64(nic->now);
	if (fw_notify_push(nic, &event->ring, entry))
		return false;
	event->waited = false;
	fw_nic_count(nic, CDNA_NSTAT_EVENTS, 1);
	nic->admin.raise = true;
	return true;
}

static bool event_tell_nic(struct fw_nic *nic)
{
	struct fw_event *event = &nic->event;
	struct cdna_event entry = { 0 };

	if (event->link) {
		entry.type = fw_to_le16(CDNA_EVENT_LINK);
		entry.arg = fw_to_le32(nic->link ? CDNA_LINK_UP : 0);
		if (!event_push(nic, &entry))
			return false;
		event->link = false;
	}
	if (event->health) {
		entry.type = fw_to_le16(CDNA_EVENT_FIRMWARE);
		entry.arg = fw_to_le32(event->health);
		event->told_health |= event->health;
		if (!event_push(nic, &entry))
			return false;
		event->health = 0;
	}
	return true;
}

static bool event_tell_queue(struct fw_nic *nic, u32 ctx, u32 n)
{
	const struct fw_ring_fault *fault = &nic->event.fault[ctx][n];
	struct cdna_event entry = { 0 };

	entry.type = fw_to_le16(CDNA_EVENT_QUEUE_FAULT);
	entry.context = fw_to_le16((u16)ctx);
	entry.qp = (u8)(n / CDNA_NR_DIRS);
	entry.dir = (u8)(n % CDNA_NR_DIRS);
	entry.reason = fw_to_le16((u16)fault->reason);
	entry.index = fw_to_le32(fault->index);
	entry.expected = fw_to_le32(fault->expected);
	entry.seen = fw_to_le32(fault->seen);
	return event_push(nic, &entry);
}

static bool event_tell_ctx(struct fw_nic *nic, u32 ctx)
{
	struct fw_event *event = &nic->event;
	struct cdna_event entry = { 0 };
	u32 n;

	if (event->ctx_fault[ctx]) {
		entry.type = fw_to_le16(CDNA_EVENT_CONTEXT_FAULT);
		entry.context = fw_to_le16((u16)ctx);
		entry.reason = fw_to_le16(event->ctx_fault[ctx]);
		if (!event_push(nic, &entry))
			return false;
		event->ctx_fault[ctx] = CDNA_FAULT_NONE;
	}
	while (event->faulted[ctx]) {
		n = fw_ffs32(event->faulted[ctx]);
		if (!event_tell_queue(nic, ctx, n))
			return false;
		event->faulted[ctx] &= (u16)~(1u << n);
	}
	return true;
}

/**
 * fw_event_service() - tell the host what there is room for
 * @nic: the NIC
 */
void fw_event_service(struct fw_nic *nic)
{
	struct fw_event *event = &nic->event;
	u32 i;

	if (!event->any || !event->ring.addr)
		return;
	if (!event_tell_nic(nic))
		return;
	for (i = 0; i < nic->config.contexts; i++) {
		if (!event_tell_ctx(nic, i))
			return;
	}
	event->any = false;
}
