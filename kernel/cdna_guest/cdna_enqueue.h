/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The enqueue wrapper: how new descriptors get to the host and the NIC.
 */
#ifndef CDNA_ENQUEUE_H
#define CDNA_ENQUEUE_H

#include "cdna_queue_pair.h"

void cdna_enqueue_reset(struct cdna_qp *qp);
void cdna_enqueue_tx(struct cdna_qp *qp, u32 prod);
void cdna_enqueue_rx(struct cdna_qp *qp, u32 prod);
void cdna_enqueue_hold(struct cdna_qp *qp);
void cdna_enqueue_release(struct cdna_qp *qp);
void cdna_enqueue_rearm(struct cdna_qp *qp, u32 event);

#endif /* CDNA_ENQUEUE_H */
