/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receive ring: its life, and its buffers.
 */
#ifndef CDNA_REFILL_H
#define CDNA_REFILL_H

#include "cdna_queue_pair.h"

int cdna_refill_alloc(struct cdna_qp *qp);
int cdna_refill_start(struct cdna_qp *qp);
void cdna_refill_quiesce(struct cdna_qp *qp);
void cdna_refill_run(struct cdna_qp *qp);
void cdna_refill_free(struct cdna_qp *qp);

#endif /* CDNA_REFILL_H */
