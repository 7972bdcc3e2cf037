/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The health reporter "protection": faults of all contexts of a NIC.
 */
#ifndef CDNA_FAULT_REPORTER_H
#define CDNA_FAULT_REPORTER_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <cdna/vdev.h>

#include "cdna_provider.h"
#include "guard/cdna_ctrlq.h"

struct cdna_ctx;
struct cdna_queue;
struct cdna_table;
struct devlink_health_reporter;

/**
 * struct cdna_fault_record - the last fault of a queue; outlives its reset
 * @fault: the fault
 * @count: how many the queue had since its mediated device was made
 */
struct cdna_fault_record {
	struct cdna_fault_info fault;
	u32 count;
};

/**
 * struct cdna_fault_log - faults of a context
 * @reasons: how many, by enum cdna_vfault
 * @last: the last one of each queue, by CDNA_VQUEUE(), and of the control queue
 *
 * Protected by cdna_fault_reporter.lock.
 */
struct cdna_fault_log {
	u64 reasons[CDNA_NR_VFAULTS];
	struct cdna_fault_record last[CDNA_CTRLQ_NUMBER + 1];
};

/**
 * struct cdna_fault_reporter - what devlink gets to know about faults
 * @devlink: the health reporter
 * @work: reports to it, without any lock held
 * @lock: protects the rest, and cdna_ctx.fault_log; innermost
 * @total: faults so far
 * @reported: how many of these were reported
 * @reasons: faults by enum cdna_vfault
 * @last: the last one
 * @last_ctx: number of its context
 * @last_queue: its queue, CDNA_VQUEUE() or CDNA_CTRLQ_NUMBER
 */
struct cdna_fault_reporter {
	struct devlink_health_reporter *devlink;
	struct delayed_work work;
	spinlock_t lock;	/* the rest, and logs of faults */
	u64 total;
	u64 reported;
	u64 reasons[CDNA_NR_VFAULTS];
	struct cdna_fault_info last;
	u16 last_ctx;
	u8 last_queue;
};

int cdna_fault_reporter_create(struct cdna_table *table);
void cdna_fault_reporter_destroy(struct cdna_table *table);
void cdna_fault_reporter_record(struct cdna_ctx *ctx,
				const struct cdna_queue *queue,
				const struct cdna_fault_info *fault);

#endif /* CDNA_FAULT_REPORTER_H */
