// SPDX-License-Identifier: GPL-2.0-only
/*
 * MAC addresses of a NIC's contexts: no two have the same, whether an
 * administrator or a guest chose it.
 */
#include <linux/etherdevice.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_mac.h"
#include "vdev/cdna_table.h"

#define MAC_TRIES	100

/* By the administrator's choice, or by its guest's, which may be beginning or
 * ending at the moment
 */
static bool mac_is_of(const struct cdna_ctx *ctx, const u8 *mac)
{
	u64 number = ether_addr_to_u64(mac);

	return ether_addr_equal(ctx->address.mac, mac) ||
	       READ_ONCE(ctx->guest_mac_claim) == number ||
	       READ_ONCE(ctx->guest_mac) == number;
}

/**
 * cdna_mac_find - the context that has a MAC address
 * @table: the NIC's contexts
 * @mac: the address
 *
 * Return: the context, or NULL.
 */
struct cdna_ctx *cdna_mac_find(struct cdna_table *table, const u8 *mac)
{
	u32 i;

	lockdep_assert_held(&table->lock);

	for (i = 0; i < table->nic->info.contexts; i++)
		if (table->ctx[i] && mac_is_of(table->ctx[i], mac))
			return table->ctx[i];
	return NULL;
}

/**
 * cdna_mac_is_free - whether a context may get a MAC address
 * @table: the NIC's contexts
 * @mac: the address
 *
 * Return: false if the NIC or a context has it.
 */
bool cdna_mac_is_free(struct cdna_table *table, const u8 *mac)
{
	return !ether_addr_equal(mac, table->nic->info.mac) &&
	       !cdna_mac_find(table, mac);
}

/**
 * cdna_mac_make - a MAC address for a new context
 * @table: the NIC's contexts
 * @id: number of the context
 * @mac: gets the NIC's address, made local, plus @id plus one; a random one if
 *	that is taken
 *
 * Return: 0, or -EADDRNOTAVAIL.
 */
int cdna_mac_make(struct cdna_table *table, u32 id, u8 *mac)
{
	u64 base = ether_addr_to_u64(table->nic->info.mac) + id + 1;
	u32 tries;

	u64_to_ether_addr(base, mac);
	mac[0] |= 2;
	for (tries = 0; tries < MAC_TRIES; tries++) {
		if (is_valid_ether_addr(mac) && cdna_mac_is_free(table, mac))
			return 0;
		eth_random_addr(mac);
	}
	return -EADDRNOTAVAIL;
}
