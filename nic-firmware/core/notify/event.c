// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Events to the host: faults, the link, the firmware's health. What finds the
 * ring full stays noted here, one note for each queue and context.
 */
#include "notify/event.h"

#include "state.h"

/**
 * fw_event_queue_fault() - a queue was stopped by a fault
 * @nic: the NIC
 * @ctx: its context
 * @queue: CDNA_NR_DIRS * queue pair + CDNA_DIR_*
 * @fault: the fault
 */
void fw_event_queue_fault(struct fw_nic *nic, u32 ctx, u32 queue,
			  const struct fw_fault *fault)
{
	nic->event.faulted[ctx] |= (u16)(1u << queue);
	nic->event.fault[ctx][queue] = *fault;
	nic->event.any = true;
}

/**
 * fw_event_ctx_fault() - a context was stopped by a fault
 * @nic: the NIC
 * @ctx: the context
 * @why: the reason
 */
void fw_event_ctx_fault(struct fw_nic *nic, u32 ctx, enum cdna_fault why)
{
	nic->event.ctx_fault[ctx] = (u8)why;
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
 * fw_event_forget() - a context is FREE again: nothing of it is to be reported
 * @nic: the NIC
 * @ctx: the context
 */
void fw_event_forget(struct fw_nic *nic, u32 ctx)
{
	nic->event.faulted[ctx] = 0;
	nic->event.ctx_fault[ctx] = CDNA_FAULT_NONE;
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
	nic->raise_admin = true;
	return true;
}

static bool event_report_nic(struct fw_nic *nic)
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
	if (nic->health) {
		entry.type = fw_to_le16(CDNA_EVENT_FIRMWARE);
		entry.arg = fw_to_le32(nic->health);
		/* A failure of this write is not one more to report. */
		nic->health_reported |= nic->health;
		if (!event_push(nic, &entry))
			return false;
		nic->health = 0;
	}
	return true;
}

static bool event_report_queue(struct fw_nic *nic, u32 ctx, u32 n)
{
	const struct fw_fault *fault = &nic->event.fault[ctx][n];
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

static bool event_report_ctx(struct fw_nic *nic, u32 ctx)
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
		if (!event_report_queue(nic, ctx, n))
			return false;
		event->faulted[ctx] &= (u16)~(1u << n);
	}
	return true;
}

/**
 * fw_event_service() - report to the host what there is room for
 * @nic: the NIC
 */
void fw_event_service(struct fw_nic *nic)
{
	struct fw_event *event = &nic->event;
	u32 i;

	if (!(event->any || nic->health) || !event->ring.addr)
		return;
	if (!event_report_nic(nic))
		return;
	for (i = 0; i < nic->config.contexts; i++) {
		if (!event_report_ctx(nic, i))
			return;
	}
	event->any = false;
}
