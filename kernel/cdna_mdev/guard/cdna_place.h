/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far virtqueues are, for a device that goes on elsewhere.
 */
#ifndef CDNA_PLACE_H
#define CDNA_PLACE_H

struct cdna_domain;
struct cdna_queue;
struct cdna_vring_place;

int cdna_place_queue(struct cdna_queue *queue, struct cdna_vring_place *place);
void cdna_place_ctrlq(struct cdna_domain *domain, struct cdna_vring_place *place);

#endif /* CDNA_PLACE_H */
