/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of queues: found by the host, or reported by the NIC.
 */
#ifndef CDNA_FAULT_H
#define CDNA_FAULT_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <cdna/admin.h>
#include <cdna/vdev.h>

struct cdna_domain;
struct cdna_fault_info;
struct cdna_queue;

/* One of each queue, by CDNA_VQUEUE(), and one of the context itself */
#define CDNA_NR_FAULT_EVENTS	(CDNA_VDEV_NR_QUEUES + 1)

/**
 * struct cdna_faults - what the NIC reported of a context
 * @work: deals with it
 * @lock: protects the rest
 * @pending: bit per entry of @event that is new
 * @event: the last one of each queue, and of the context
 */
struct cdna_faults {
	struct work_struct work;
	spinlock_t lock;	/* the rest */
	unsigned long pending;
	struct cdna_event event[CDNA_NR_FAULT_EVENTS];
};

void cdna_fault_init(struct cdna_domain *domain);
void cdna_fault_queue(struct cdna_queue *queue, const struct cdna_fault_info *fault);
void cdna_fault_all(struct cdna_domain *domain, u32 reason);
void cdna_fault_event(struct cdna_domain *domain,
		      const struct cdna_event *event);
void cdna_fault_end(struct cdna_domain *domain);

#endif /* CDNA_FAULT_H */
