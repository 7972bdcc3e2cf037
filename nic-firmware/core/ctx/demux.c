// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * MAC table: exact match on address and access VLAN, hashed, open addressing
 * with linear probing. Deletion moves later entries back instead of leaving
 * tombstones, so that a table that has seen many changes is as fast as new.
 */
#include "ctx/demux.h"

#define DEMUX_IN_USE		(1ull << 63)

/* A quarter full at most: probes stay short, and an empty slot ends them. */
static_assert(FW_DEMUX_SLOTS >= 4 * FW_MAX_CONTEXTS * CDNA_MAX_CTX_MACS,
	      "the MAC table is too small");

static u64 demux_key(const u8 *mac, u32 vlan)
{
	return DEMUX_IN_USE | (u64)(vlan & 0xfff) << 48 |
	       (u64)fw_get_be16(mac) << 32 | fw_get_be32(mac + 2);
}

static u32 demux_home(u64 key)
{
	u64 hash = (key * 0x9e3779b97f4a7c15ull) >> 32;

	return (u32)((hash * FW_DEMUX_SLOTS) >> 32);
}

static u32 demux_next(u32 at)
{
	return at + 1 < FW_DEMUX_SLOTS ? at + 1 : 0;
}

/* Where a key is, or the empty slot where it would go */
static u32 demux_probe(const struct fw_demux *demux, u64 key)
{
	u32 at = demux_home(key);

	while (demux->slot[at].key && demux->slot[at].key != key)
		at = demux_next(at);
	return at;
}

/**
 * fw_demux_add() - add an address
 * @demux: the table
 * @mac: unicast address
 * @vlan: access VLAN of the context, 0 for none
 * @ctx: the context
 *
 * Return: FW_OK; FW_EEXIST if any context has it already; FW_ENOSPC
 */
int fw_demux_add(struct fw_demux *demux, const u8 *mac, u32 vlan, u32 ctx)
{
	u64 key = demux_key(mac, vlan);
	struct fw_demux_slot *slot = &demux->slot[demux_probe(demux, key)];

	if (slot->key)
		return FW_EEXIST;
	if (demux->used >= FW_DEMUX_SLOTS / 2)
		return FW_ENOSPC;
	slot->key = key;
	slot->ctx = (u16)ctx;
	demux->used++;
	return FW_OK;
}

/* Is an entry at @at that belongs at @home behind the hole? */
static bool demux_reaches(u32 home, u32 hole, u32 at)
{
	if (hole <= at)
		return home <= hole || home > at;
	return home <= hole && home > at;
}

/**
 * fw_demux_del() - remove an address
 * @demux: the table
 * @mac: the address
 * @vlan: as it was added
 *
 * Return: FW_OK or FW_ENOENT
 */
int fw_demux_del(struct fw_demux *demux, const u8 *mac, u32 vlan)
{
	u32 hole = demux_probe(demux, demux_key(mac, vlan));
	u32 at;

	if (!demux->slot[hole].key)
		return FW_ENOENT;
	for (at = demux_next(hole); demux->slot[at].key; at = demux_next(at)) {
		if (!demux_reaches(demux_home(demux->slot[at].key), hole, at))
			continue;
		demux->slot[hole] = demux->slot[at];
		hole = at;
	}
	demux->slot[hole].key = 0;
	demux->used--;
	return FW_OK;
}

/**
 * fw_demux_find() - which context has an address
 * @demux: the table
 * @mac: the address
 * @vlan: access VLAN, 0 for contexts that have none
 *
 * Return: context, or FW_NO_CTX
 */
u32 fw_demux_find(const struct fw_demux *demux, const u8 *mac, u32 vlan)
{
	const struct fw_demux_slot *slot;

	slot = &demux->slot[demux_probe(demux, demux_key(mac, vlan))];
	return slot->key ? slot->ctx : FW_NO_CTX;
}
