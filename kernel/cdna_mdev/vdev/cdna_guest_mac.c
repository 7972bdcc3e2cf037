// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MAC address that a guest chooses instead of the one that it was given, if
 * the administrator allows it, until its device is reset.
 */
#include <linux/etherdevice.h>

#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_mac.h"
#include "vdev/cdna_table.h"

/**
 * cdna_guest_mac_allow - let the next guest choose its MAC address, or not
 * @ctx: the context, which is not open
 * @allowed: which
 */
void cdna_guest_mac_allow(struct cdna_ctx *ctx, bool allowed)
{
	lockdep_assert_held(&ctx->domain.lock);

	WRITE_ONCE(ctx->guest_mac_allowed, allowed);
}

/**
 * cdna_guest_mac_forget - end what the guest chose
 * @ctx: the context
 */
void cdna_guest_mac_forget(struct cdna_ctx *ctx)
{
	u8 mac[ETH_ALEN];

	lockdep_assert_held(&ctx->domain.lock);

	if (ctx->guest_mac) {
		u64_to_ether_addr(ctx->guest_mac, mac);
		cdna_cmd_mac_del(&ctx->domain, mac);
	}
	WRITE_ONCE(ctx->guest_mac, 0);
}

/* The new address comes before the old one goes: there is no time without. */
static enum cdna_vresult guest_mac_choose(struct cdna_ctx *ctx, const u8 *mac)
{
	u64 number = ether_addr_to_u64(mac);

	lockdep_assert_held(&ctx->domain.lock);

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_VRES_BAD_STATE;
	if (!(ctx->domain.features & CDNA_VFEAT_MAC))
		return CDNA_VRES_UNSUPPORTED;
	if (number == ctx->guest_mac)
		return CDNA_VRES_OK;
	if (ether_addr_equal(mac, ctx->address.mac))
		number = 0;
	if (number && cdna_cmd_mac_add(&ctx->domain, mac))
		return CDNA_VRES_NIC;
	cdna_guest_mac_forget(ctx);
	WRITE_ONCE(ctx->guest_mac, number);
	return CDNA_VRES_OK;
}

/* One that is revoked has only the address that it was given. */
static void guest_mac_note_claim(struct cdna_ctx *ctx, const u8 *mac)
{
	mutex_lock(&ctx->domain.lock);
	if (ctx->state != CDNA_CTX_REVOKED)
		WRITE_ONCE(ctx->guest_mac_claim, ether_addr_to_u64(mac));
	mutex_unlock(&ctx->domain.lock);
}

/**
 * cdna_guest_mac_claim - have no other context get an address until this one has it
 * @ctx: the context
 * @mac: the address
 *
 * A revocation ends the claim, and a revoked context gets none.
 *
 * Context: takes cdna_table.lock and, in that, cdna_domain.lock. A writer of a migration's
 * file calls it without cdna_domain.ctl_lock: not at the same time as
 * cdna_guest_mac_set(), because the device is paused as long as there is such a file.
 *
 * Return: false if another one has it, or the NIC.
 */
bool cdna_guest_mac_claim(struct cdna_ctx *ctx, const u8 *mac)
{
	struct cdna_table *table = ctx->table;
	bool ours;

	mutex_lock(&table->lock);
	ours = cdna_mac_find(table, mac) == ctx || cdna_mac_is_free(table, mac);
	if (ours)
		guest_mac_note_claim(ctx, mac);
	mutex_unlock(&table->lock);
	return ours;
}

/**
 * cdna_guest_mac_unclaim - others may get what was claimed, unless this context has it
 * @ctx: the context
 */
void cdna_guest_mac_unclaim(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	WRITE_ONCE(ctx->guest_mac_claim, 0);
}

/**
 * cdna_guest_mac_set - CDNA_VCMD_SET_MAC
 * @ctx: the context
 * @mac: the address, as the guest gave it
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_guest_mac_set(struct cdna_ctx *ctx, const u8 *mac)
{
	enum cdna_vresult res;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!is_valid_ether_addr(mac))
		return CDNA_VRES_BAD_PARAM;
	if (!cdna_guest_mac_claim(ctx, mac))
		return CDNA_VRES_IN_USE;
	mutex_lock(&ctx->domain.lock);
	res = guest_mac_choose(ctx, mac);
	mutex_unlock(&ctx->domain.lock);
	cdna_guest_mac_unclaim(ctx);
	return res;
}
