/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that are sent from the guest's own pages.
 */
#ifndef SOFTNIC_ZC_H
#define SOFTNIC_ZC_H

#include <linux/types.h>

struct sk_buff;
struct softnic_ctx;
struct softnic_qp;

void softnic_zc_create(struct softnic_qp *qp, u32 slots);
bool softnic_zc_wait(struct softnic_qp *qp);
void softnic_zc_destroy(struct softnic_qp *qp);
bool softnic_zc_room(struct softnic_qp *qp, u32 bytes);
void softnic_zc_add(struct softnic_qp *qp, struct sk_buff *skb);
void softnic_zc_settle(struct softnic_qp *qp, u32 news);

#endif /* SOFTNIC_ZC_H */
