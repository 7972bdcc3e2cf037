/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is taken away from the machine: dma_unmap (I9).
 */
#ifndef CDNA_UNMAP_H
#define CDNA_UNMAP_H

#include <linux/types.h>

struct cdna_domain;

void cdna_unmap_range(struct cdna_domain *domain, u64 iova, u64 bytes);

#endif /* CDNA_UNMAP_H */
