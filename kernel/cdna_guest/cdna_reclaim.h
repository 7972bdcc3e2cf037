/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The transmit ring: its life, and frames that were sent.
 */
#ifndef CDNA_RECLAIM_H
#define CDNA_RECLAIM_H

#include "cdna_queue_pair.h"

int cdna_reclaim_alloc(struct cdna_qp *qp);
int cdna_reclaim_start(struct cdna_qp *qp);
void cdna_reclaim_run(struct cdna_qp *qp, int budget);
void cdna_reclaim_unmap(struct cdna_qp *qp, struct cdna_tx_buf *buf);
void cdna_reclaim_free(struct cdna_qp *qp);

#endif /* CDNA_RECLAIM_H */
