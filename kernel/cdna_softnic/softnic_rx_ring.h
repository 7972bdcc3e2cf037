/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frame in a receive ring.
 */
#ifndef SOFTNIC_RX_RING_H
#define SOFTNIC_RX_RING_H

#include <linux/skbuff.h>

#include "softnic.h"

u32 softnic_rx_ring_put(struct softnic_qp *qp, struct sk_buff *skb);

#endif /* SOFTNIC_RX_RING_H */
