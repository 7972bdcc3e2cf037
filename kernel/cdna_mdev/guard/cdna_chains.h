/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a guest's virtqueue to the NIC's ring.
 */
#ifndef CDNA_CHAINS_H
#define CDNA_CHAINS_H

#include <linux/types.h>

struct cdna_queue;

void cdna_chains_look(struct cdna_queue *queue, bool once);

#endif /* CDNA_CHAINS_H */
