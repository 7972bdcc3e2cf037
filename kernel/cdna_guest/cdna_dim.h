/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adaptive interrupt moderation.
 */
#ifndef CDNA_DIM_H
#define CDNA_DIM_H

#include "cdna_queue_pair.h"

void cdna_dim_init(struct cdna_qp *qp);
int cdna_dim_apply(struct cdna_qp *qp);
void cdna_dim_sample(struct cdna_qp *qp);
void cdna_dim_quiesce(struct cdna_qp *qp);
void cdna_dim_set(struct cdna_qp *qp, bool adaptive);

#endif /* CDNA_DIM_H */
