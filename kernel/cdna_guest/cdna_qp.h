/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a queue pair.
 *
 * cdna_qp_init() is called once, at probe. cdna_qp_alloc() allocates rings of
 * dev->tx_slots and dev->rx_slots. cdna_qp_start() creates the queues of an
 * active device, posts buffers and enables NAPI and the interrupt.
 * cdna_qp_quiesce() disables both and stops the transmit queue. After the
 * device was reset, so that no DMA is left, cdna_qp_free() releases buffers and
 * memory.
 */
#ifndef CDNA_QP_H
#define CDNA_QP_H

#include "cdna_queue_pair.h"

void cdna_qp_init(struct cdna_qp *qp, struct cdna_dev *dev, u32 id);
int cdna_qp_alloc(struct cdna_qp *qp);
int cdna_qp_start(struct cdna_qp *qp);
void cdna_qp_quiesce(struct cdna_qp *qp);
void cdna_qp_free(struct cdna_qp *qp);

#endif /* CDNA_QP_H */
