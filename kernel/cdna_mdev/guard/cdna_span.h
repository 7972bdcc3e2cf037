/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest pages through VFIO, and runs of them.
 */
#ifndef CDNA_SPAN_H
#define CDNA_SPAN_H

#include <linux/gfp.h>
#include <linux/types.h>

#include <cdna/vdev.h>

struct cdna_domain;
struct cdna_pin;
struct cdna_pin_ops;

/* A guest chooses how much it is, and must not cause a warning. */
#define CDNA_SPAN_GFP	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/**
 * struct cdna_span - guest memory that a queue has for as long as it lives
 * @pages: how many
 * @pin: references to them
 */
struct cdna_span {
	u32 pages;
	struct cdna_pin **pin;
};

extern const struct cdna_pin_ops cdna_span_pin_ops;

struct cdna_pin *cdna_span_get(struct cdna_domain *domain, u64 addr, bool write,
			       u64 *hits);
struct cdna_pin *cdna_span_page(struct cdna_domain *domain, u64 addr, bool write);
enum cdna_vfault cdna_span_fault(int error);
bool cdna_span_may_come(const struct cdna_domain *domain, int error);
enum cdna_vresult cdna_span_result(int error);
int cdna_span_pin(struct cdna_domain *domain, struct cdna_span *span, u64 addr,
		  size_t bytes, bool write);
void cdna_span_unpin(struct cdna_span *span);
void *cdna_span_map(const struct cdna_span *span);
bool cdna_span_uses(const struct cdna_span *span, unsigned long first,
		    unsigned long last);

#endif /* CDNA_SPAN_H */
