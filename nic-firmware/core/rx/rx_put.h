/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A frame into the receive buffers of a queue, and its completions.
 */
#ifndef FW_RX_PUT_H
#define FW_RX_PUT_H

#include "rx/rx_fill.h"

u32 fw_rx_room(struct fw_nic *nic, struct fw_qp *qp);
void fw_rx_put(struct fw_nic *nic, struct fw_qp *qp,
	       const struct fw_frame *frame, const struct fw_rx_meta *meta);

#endif /* FW_RX_PUT_H */
