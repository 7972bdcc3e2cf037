/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Frames from the wire.
 */
#ifndef FW_SWITCH_RX_H
#define FW_SWITCH_RX_H

#include "base/pool.h"

struct fw_nic;

bool fw_switch_rx(struct fw_nic *nic, struct fw_frame *frame);

#endif /* FW_SWITCH_RX_H */
