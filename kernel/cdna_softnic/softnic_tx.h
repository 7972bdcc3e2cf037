/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmission.
 */
#ifndef SOFTNIC_TX_H
#define SOFTNIC_TX_H

#include <linux/types.h>

struct softnic_qp;

void softnic_tx_posted(struct softnic_qp *qp, u32 prod);
void softnic_tx_settle(struct softnic_qp *qp, u32 news);
void softnic_tx_finish(struct softnic_qp *qp);

#endif /* SOFTNIC_TX_H */
