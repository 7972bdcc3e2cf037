/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that nobody uses do not stay pinned.
 */
#ifndef CDNA_IDLE_H
#define CDNA_IDLE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/workqueue.h>

struct cdna_domain;

/**
 * struct cdna_idle - who looks for such pages in a context
 * @node: place in the list that the shrinker walks
 * @work: evicts; runs from time to time while the device is open
 * @wanted: pages that the host needs
 */
struct cdna_idle {
	struct list_head node;
	struct delayed_work work;
	atomic_t wanted;
};

int cdna_idle_register(void);
void cdna_idle_unregister(void);
void cdna_idle_init(struct cdna_domain *domain);
void cdna_idle_begin(struct cdna_domain *domain);
void cdna_idle_end(struct cdna_domain *domain);
void cdna_idle_trim(struct cdna_domain *domain);

#endif /* CDNA_IDLE_H */
