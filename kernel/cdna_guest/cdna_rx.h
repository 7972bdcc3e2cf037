/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive.
 */
#ifndef CDNA_RX_H
#define CDNA_RX_H

#include "cdna_queue_pair.h"

int cdna_rx_poll(struct cdna_qp *qp, int budget);

#endif /* CDNA_RX_H */
