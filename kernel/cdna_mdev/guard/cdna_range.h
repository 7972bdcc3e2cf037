/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The range of guest memory that is being unmapped: no page of it may be used.
 */
#ifndef CDNA_RANGE_H
#define CDNA_RANGE_H

#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct cdna_range - memory that is being taken away (I9)
 * @lock: protects the rest
 * @active: dma_unmap calls under way
 * @first: first page of the last such range, in guest page numbers
 * @last: last page of it
 * @rounds: how often it was taken away, the last time counted
 * @settled: time in jiffies when the IOMMU layer has certainly finished with it
 */
struct cdna_range {
	spinlock_t lock;	/* the rest */
	unsigned int active;
	unsigned long first;
	unsigned long last;
	unsigned int rounds;
	unsigned long settled;
};

void cdna_range_init(struct cdna_range *range);
bool cdna_range_begin(struct cdna_range *range, unsigned long first,
		      unsigned long last);
void cdna_range_end(struct cdna_range *range);
bool cdna_range_hits(struct cdna_range *range, unsigned long gfn);
void cdna_range_settle(struct cdna_range *range, unsigned long gfn);

#endif /* CDNA_RANGE_H */
