/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A frame into virtio buffer chains, behind its header.
 */
#ifndef FW_RX_VIRTIO_H
#define FW_RX_VIRTIO_H

#include "rx/rx_fill.h"

u32 fw_rx_virtio_room(struct fw_nic *nic, struct fw_qp *qp);
void fw_rx_virtio_put(struct fw_nic *nic, struct fw_qp *qp,
		      const struct fw_frame *frame,
		      const struct fw_rx_meta *meta);

#endif /* FW_RX_VIRTIO_H */
