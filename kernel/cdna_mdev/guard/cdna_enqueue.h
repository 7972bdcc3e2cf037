/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Enqueue: from a guest's shadow ring to the NIC's ring.
 */
#ifndef CDNA_ENQUEUE_H
#define CDNA_ENQUEUE_H

#include <linux/types.h>

struct cdna_domain;

void cdna_enqueue_trap(struct cdna_domain *domain);
void cdna_enqueue_begin(struct cdna_domain *domain);
void cdna_enqueue_notified(struct cdna_domain *domain, u32 offset);
void cdna_enqueue_ring(struct cdna_domain *domain);
void cdna_enqueue_resume(struct cdna_domain *domain, unsigned long queues);

#endif /* CDNA_ENQUEUE_H */
