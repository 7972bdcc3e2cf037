/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where the headers of a frame are, found in bytes that may be anything.
 */
#ifndef FW_PARSE_H
#define FW_PARSE_H

#include "base/packet.h"

void fw_parse(const u8 *head, u32 head_len, u32 frame_len,
	      struct fw_packet *pkt);
u32 fw_parse_hash(const u8 *head, const struct fw_packet *pkt);

#endif /* FW_PARSE_H */
