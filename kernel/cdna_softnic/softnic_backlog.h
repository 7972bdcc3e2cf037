/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that wait for receive buffers.
 */
#ifndef SOFTNIC_BACKLOG_H
#define SOFTNIC_BACKLOG_H

#include <linux/skbuff.h>

#include "softnic.h"

void softnic_backlog_init(struct softnic_qp *qp);
u32 softnic_backlog_put(struct softnic_qp *qp, struct sk_buff **skb);
void softnic_backlog_drain(struct softnic_qp *qp, bool posted);
void softnic_backlog_purge(struct softnic_qp *qp);

#endif /* SOFTNIC_BACKLOG_H */
