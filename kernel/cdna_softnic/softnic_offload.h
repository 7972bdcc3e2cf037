/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest asks to be done to a frame.
 */
#ifndef SOFTNIC_OFFLOAD_H
#define SOFTNIC_OFFLOAD_H

#include <linux/skbuff.h>

#include "softnic_desc.h"

u32 softnic_offload_apply(struct sk_buff *skb, const struct softnic_desc *first,
			  u32 offloads, u32 mtu);

#endif /* SOFTNIC_OFFLOAD_H */
