/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Internet checksums. Sums are 32-bit partial sums of big-endian 16-bit words.
 */
#ifndef FW_CSUM_H
#define FW_CSUM_H

#include "base/packet.h"

u32 fw_csum_add(u32 sum, const u8 *data, u32 len);
u16 fw_csum_fold(u32 sum);
u32 fw_csum_pseudo(const u8 *head, const struct fw_packet *pkt, u32 l4_len);
u32 fw_csum_frame(const struct fw_frame *frame, u32 start, u32 end);
bool fw_csum_insert(struct fw_frame *frame, u32 start, u32 offset);
void fw_csum_ipv4(u8 *ip);
int fw_csum_verify(const struct fw_frame *frame, const struct fw_packet *pkt);

#endif /* FW_CSUM_H */
