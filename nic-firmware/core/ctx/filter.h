/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a context may send and what it receives.
 */
#ifndef FW_FILTER_H
#define FW_FILTER_H

#include "base/port.h"

struct fw_nic;
struct fw_ctx;
struct fw_frame;

/**
 * struct fw_flood - which contexts get copies, a bit each
 * @multicast: ACTIVE contexts that take multicast or broadcast
 * @promisc: ACTIVE contexts that are promiscuous and may be
 */
struct fw_flood {
	u32 multicast[(FW_MAX_CONTEXTS + 31) / 32];
	u32 promisc[(FW_MAX_CONTEXTS + 31) / 32];
};

bool fw_filter_vlan_allowed(const struct fw_ctx *ctx, u32 vid);
bool fw_filter_source_ok(const struct fw_ctx *ctx, const u8 *src);
bool fw_filter_link_local_ok(const struct fw_ctx *ctx,
			     const struct fw_frame *frame);
bool fw_filter_wants(const struct fw_ctx *ctx, const u8 *dst, u32 mc_bit);
u32 fw_filter_mc_bit(const u8 *mac);
void fw_filter_update(struct fw_nic *nic, const struct fw_ctx *ctx);

#endif /* FW_FILTER_H */
