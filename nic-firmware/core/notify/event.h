/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Events to the host: faults, the link, the firmware's health.
 */
#ifndef FW_EVENT_H
#define FW_EVENT_H

#include <cdna/regs.h>
#include <cdna/rings.h>

#include "base/fault.h"
#include "notify/notify.h"

struct fw_nic;

/**
 * struct fw_event - events to the host; none is lost while the ring is full
 * @ring: event ring
 * @faulted: queues whose fault is still to be reported: bit 2 * queue pair +
 *	direction, by context
 * @fault: these faults, by the same numbers; copies, because a queue may be
 *	gone before its fault is reported
 * @ctx_fault: enum cdna_fault of a context still to be reported, 0: none
 * @any: a fault or a change of the link is still to be reported
 * @link: a change of the link is
 * @waited: what is still to be reported has been counted as delayed
 */
struct fw_event {
	struct fw_notify ring;
	u16 faulted[FW_MAX_CONTEXTS];
	struct fw_fault fault[FW_MAX_CONTEXTS][CDNA_MAX_QPS * 2];
	u8 ctx_fault[FW_MAX_CONTEXTS];
	bool any;
	bool link;
	bool waited;
};

void fw_event_queue_fault(struct fw_nic *nic, u32 ctx, u32 queue,
			  const struct fw_fault *fault);
void fw_event_ctx_fault(struct fw_nic *nic, u32 ctx, enum cdna_fault why);
void fw_event_link(struct fw_nic *nic);
void fw_event_forget(struct fw_nic *nic, u32 ctx);
void fw_event_service(struct fw_nic *nic);

#endif /* FW_EVENT_H */
