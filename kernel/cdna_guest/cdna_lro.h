/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that the NIC has merged.
 */
#ifndef CDNA_LRO_H
#define CDNA_LRO_H

#include <linux/skbuff.h>

bool cdna_lro_accept(struct sk_buff *skb, u32 hdr_len, u32 mss, u32 segs);

#endif /* CDNA_LRO_H */
