/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Transmit: frames out of descriptor chains.
 */
#ifndef FW_TX_H
#define FW_TX_H

#include "base/port.h"

struct fw_nic;
struct fw_qp;

s32 fw_tx_one(struct fw_nic *nic, struct fw_qp *qp);

#endif /* FW_TX_H */
