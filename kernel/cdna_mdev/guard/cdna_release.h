/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ends the use of a page: the NIC's trusted consumer index (I3).
 */
#ifndef CDNA_RELEASE_H
#define CDNA_RELEASE_H

#include <linux/types.h>

struct cdna_domain;
struct cdna_queue;

u32 cdna_release_queue(struct cdna_queue *queue);
void cdna_release_all(struct cdna_domain *domain);

#endif /* CDNA_RELEASE_H */
