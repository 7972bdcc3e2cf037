/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Frames from a context.
 */
#ifndef FW_SWITCH_TX_H
#define FW_SWITCH_TX_H

#include "base/pool.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

bool fw_switch_needs_wire(const struct fw_nic *nic, struct fw_ctx *ctx,
			  struct fw_frame *frame);
u32 fw_switch_tx(struct fw_nic *nic, struct fw_qp *qp, struct fw_frame *frame);

#endif /* FW_SWITCH_TX_H */
