/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The MAC table: which context has an address.
 */
#ifndef FW_DEMUX_H
#define FW_DEMUX_H

#include <cdna/admin.h>

#include "base/port.h"

#define FW_DEMUX_SLOTS		(FW_MAX_CONTEXTS * CDNA_MAX_CTX_MACS * 4)
#define FW_NO_CTX		0xffffu

/**
 * struct fw_demux_slot - a slot of the MAC table
 * @key: MAC in bits 47..0, access VLAN in bits 59..48, bit 63 set if in use
 * @ctx: the context that has the address
 */
struct fw_demux_slot {
	u64 key;
	u16 ctx;
};

/**
 * struct fw_demux - MAC table: hashed, open addressing
 * @used: slots in use
 * @slot: the table
 */
struct fw_demux {
	u32 used;
	struct fw_demux_slot slot[FW_DEMUX_SLOTS];
};

int fw_demux_add(struct fw_demux *demux, const u8 *mac, u32 vlan, u32 ctx);
int fw_demux_del(struct fw_demux *demux, const u8 *mac, u32 vlan);
u32 fw_demux_find(const struct fw_demux *demux, const u8 *mac, u32 vlan);

#endif /* FW_DEMUX_H */
