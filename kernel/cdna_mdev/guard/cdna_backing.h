/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of a queue: the NIC's ring, the guest's ring and completion ring,
 * and the room in the pin table that its descriptors can take.
 */
#ifndef CDNA_BACKING_H
#define CDNA_BACKING_H

struct cdna_queue;
struct cdna_queue_params;

int cdna_backing_allocate(struct cdna_queue *queue,
			  const struct cdna_queue_params *params);
void cdna_backing_free(struct cdna_queue *queue);

#endif /* CDNA_BACKING_H */
