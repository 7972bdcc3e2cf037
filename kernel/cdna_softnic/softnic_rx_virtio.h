/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frame in the receive ring of a virtio queue.
 */
#ifndef SOFTNIC_RX_VIRTIO_H
#define SOFTNIC_RX_VIRTIO_H

#include <linux/skbuff.h>

#include "softnic.h"

bool softnic_rx_virtio_partial(struct sk_buff *skb);
u32 softnic_rx_virtio_put(struct softnic_ring *ring, struct sk_buff *skb);

#endif /* SOFTNIC_RX_VIRTIO_H */
