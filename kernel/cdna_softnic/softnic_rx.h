/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reception.
 */
#ifndef SOFTNIC_RX_H
#define SOFTNIC_RX_H

#include <linux/skbuff.h>

struct softnic_ctx;
struct softnic_qp;

void softnic_rx_posted(struct softnic_qp *qp, u32 prod);
void softnic_rx_deliver(struct softnic_ctx *ctx, struct sk_buff *skb);
bool softnic_rx_merged_ok(struct softnic_ctx *ctx, const struct sk_buff *skb);

#endif /* SOFTNIC_RX_H */
