/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts that may have the same pages pinned.
 */
#ifndef CDNA_SHARERS_H
#define CDNA_SHARERS_H

#include <linux/list.h>
#include <linux/types.h>

struct cdna_domain;
struct mm_struct;
struct page;

/**
 * struct cdna_sharer - a context among them
 * @node: place in the list of those that are open
 * @opener: the memory of the process that opened the device; held, and only compared
 * @visits: threads that look at its pages
 */
struct cdna_sharer {
	struct list_head node;
	struct mm_struct *opener;
	unsigned int visits;
};

void cdna_sharers_join(struct cdna_domain *domain);
void cdna_sharers_leave(struct cdna_domain *domain);
int cdna_sharers_renew(struct cdna_domain *domain, unsigned long gfn,
		       const struct page *page, bool wait);

#endif /* CDNA_SHARERS_H */
