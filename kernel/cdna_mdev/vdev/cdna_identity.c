// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context is known by on the wire: its MAC address and its VLANs, as an
 * administrator sets them; and the address that its guest chooses instead, if
 * the administrator lets it, until its device is reset.
 */
#include <linux/etherdevice.h>
#include <linux/unaligned.h>

#include "vdev/cdna_ctx.h"

#define IDENTITY_MAC_TRIES	100

/* By the administrator's choice, or by its guest's, which may just be beginning
 * or ending
 */
static bool identity_has_mac(const struct cdna_ctx *ctx, const u8 *mac)
{
	u64 number = ether_addr_to_u64(mac);

	return ether_addr_equal(ctx->mac, mac) ||
	       READ_ONCE(ctx->guest_mac_claim) == number ||
	       READ_ONCE(ctx->guest_mac) == number;
}

/* The context that has a MAC address, or NULL */
static struct cdna_ctx *identity_find_mac(struct cdna_parent *parent,
					  const u8 *mac)
{
	u32 i;

	lockdep_assert_held(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		if (parent->ctx[i] && identity_has_mac(parent->ctx[i], mac))
			return parent->ctx[i];
	return NULL;
}

static bool identity_mac_is_free(struct cdna_parent *parent, const u8 *mac)
{
	return !ether_addr_equal(mac, parent->nic->info.mac) &&
	       !identity_find_mac(parent, mac);
}

/**
 * cdna_identity_make_mac - a MAC address for a new context
 * @parent: the NIC's contexts
 * @id: number of the context
 * @mac: gets the NIC's address, made local, plus @id plus one; a random one if
 *	that is taken
 *
 * Return: 0, or -EADDRNOTAVAIL.
 */
int cdna_identity_make_mac(struct cdna_parent *parent, u32 id, u8 *mac)
{
	u64 base = ether_addr_to_u64(parent->nic->info.mac) + id + 1;
	u32 tries;

	u64_to_ether_addr(base, mac);
	mac[0] |= 2;
	for (tries = 0; tries < IDENTITY_MAC_TRIES; tries++) {
		if (is_valid_ether_addr(mac) &&
		    identity_mac_is_free(parent, mac))
			return 0;
		eth_random_addr(mac);
	}
	return -EADDRNOTAVAIL;
}

/* What the NIC knows a context by */
struct identity {
	u8 mac[ETH_ALEN];
	u16 access_vlan;
	bool trunk;
};

static struct identity identity_get(const struct cdna_ctx *ctx)
{
	struct identity identity = {
		.access_vlan = ctx->access_vlan,
		.trunk = ctx->trunk,
	};

	ether_addr_copy(identity.mac, ctx->mac);
	return identity;
}

static int identity_try(struct cdna_ctx *ctx, const struct identity *identity)
{
	ether_addr_copy(ctx->mac, identity->mac);
	ctx->access_vlan = identity->access_vlan;
	ctx->trunk = identity->trunk;
	return cdna_ctx_configure(ctx);
}

/* Tell the NIC by way of FREE, and go back to what was if it refuses. */
static int identity_change(struct cdna_ctx *ctx,
			   const struct identity *identity)
{
	struct identity old = identity_get(ctx);
	int ret;

	if (ctx->state != CDNA_CTX_CONFIGURED)
		return -EBUSY;
	cdna_ctx_release(ctx);
	ret = identity_try(ctx, identity);
	if (ret && identity_try(ctx, &old))
		dev_err(ctx->vdev.dev,
			"the NIC takes the context back no more; see its health reporter\n");
	return ret;
}

static int identity_set(struct cdna_ctx *ctx, const struct identity *identity)
{
	int ret;

	if (ctx->opened) {
		dev_err(ctx->vdev.dev,
			"MAC address and VLAN cannot change while a guest uses the context; shut the guest down\n");
		return -EBUSY;
	}
	mutex_lock(&ctx->lock);
	ret = identity_change(ctx, identity);
	mutex_unlock(&ctx->lock);
	return ret;
}

static int identity_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	struct cdna_ctx *other = identity_find_mac(ctx->parent, mac);
	struct identity identity = identity_get(ctx);

	if (ether_addr_equal(mac, ctx->mac))
		return 0;
	if (other && other != ctx) {
		dev_err(ctx->vdev.dev,
			"MAC address %pM is in use by context %u; choose another\n",
			mac, other->id);
		return -EEXIST;
	}
	ether_addr_copy(identity.mac, mac);
	return identity_set(ctx, &identity);
}

/**
 * cdna_identity_set_mac - change a context's MAC address
 * @ctx: the context; nobody has it open
 * @mac: a unicast address
 *
 * Return: 0, -EEXIST if another context of the NIC has it, -EBUSY if the
 * context is in use or revoked, or what the NIC says.
 */
int cdna_identity_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	int ret;

	mutex_lock(&ctx->ctl_lock);
	mutex_lock(&ctx->parent->lock);
	ret = identity_set_mac(ctx, mac);
	mutex_unlock(&ctx->parent->lock);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

/**
 * cdna_identity_set_vlan - change the VLANs that a context is part of
 * @ctx: the context; nobody has it open
 * @access_vlan: VLAN of its untagged frames, 1 to 4094; 0: of none
 * @trunk: it may use any tag; needs an @access_vlan of 0
 *
 * Return: 0, -EBUSY if the context is in use or revoked, or what the NIC says.
 */
int cdna_identity_set_vlan(struct cdna_ctx *ctx, u16 access_vlan, bool trunk)
{
	struct identity identity;
	int ret = 0;

	mutex_lock(&ctx->ctl_lock);
	mutex_lock(&ctx->parent->lock);
	identity = identity_get(ctx);
	if (identity.access_vlan != access_vlan || identity.trunk != trunk) {
		identity.access_vlan = access_vlan;
		identity.trunk = trunk;
		ret = identity_set(ctx, &identity);
	}
	mutex_unlock(&ctx->parent->lock);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

/**
 * cdna_identity_allow - let the next guest choose its MAC address, or not
 * @ctx: the context
 * @allowed: which
 *
 * Return: 0, or -EBUSY while the device is open.
 */
int cdna_identity_allow(struct cdna_ctx *ctx, bool allowed)
{
	int ret = 0;

	mutex_lock(&ctx->ctl_lock);
	if (ctx->opened)
		ret = -EBUSY;
	else
		WRITE_ONCE(ctx->guest_mac_allowed, allowed);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

static int identity_tell(struct cdna_ctx *ctx, u16 opcode, u64 mac)
{
	struct cdna_admin_cmd cmd = { .opcode = cpu_to_le16(opcode) };

	u64_to_ether_addr(mac, cmd.mac.mac);
	return cdna_ctx_command(ctx, &cmd, NULL);
}

/**
 * cdna_identity_forget - end what the guest chose
 * @ctx: the context
 */
void cdna_identity_forget(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->lock);

	if (ctx->guest_mac)
		identity_tell(ctx, CDNA_CMD_MAC_DEL, ctx->guest_mac);
	WRITE_ONCE(ctx->guest_mac, 0);
}

/* The new address comes before the old one goes: there is no time without. */
static enum cdna_vresult identity_choose(struct cdna_ctx *ctx, u64 mac)
{
	lockdep_assert_held(&ctx->lock);

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_VRES_BAD_STATE;
	if (!(ctx->features & CDNA_VFEAT_MAC))
		return CDNA_VRES_UNSUPPORTED;
	if (mac == ctx->guest_mac)
		return CDNA_VRES_OK;
	if (mac == ether_addr_to_u64(ctx->mac))
		mac = 0;
	if (mac && identity_tell(ctx, CDNA_CMD_MAC_ADD, mac))
		return CDNA_VRES_NIC;
	cdna_identity_forget(ctx);
	WRITE_ONCE(ctx->guest_mac, mac);
	return CDNA_VRES_OK;
}

/* From here on nobody else gets it. Return: false if somebody has it. */
static bool identity_claim(struct cdna_ctx *ctx, const u8 *mac)
{
	struct cdna_parent *parent = ctx->parent;
	bool ours;

	mutex_lock(&parent->lock);
	ours = identity_find_mac(parent, mac) == ctx ||
	       identity_mac_is_free(parent, mac);
	if (ours)
		WRITE_ONCE(ctx->guest_mac_claim, ether_addr_to_u64(mac));
	mutex_unlock(&parent->lock);
	return ours;
}

/**
 * cdna_identity_command - CDNA_VCMD_SET_MAC
 * @ctx: the context; the arguments are in its registers
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_identity_command(struct cdna_ctx *ctx)
{
	u8 mac[2 * sizeof(u32)];
	enum cdna_vresult res;

	put_unaligned_le32(cdna_ctx_arg(ctx, CDNA_VREG_ARG_MAC_LO), mac);
	put_unaligned_le32(cdna_ctx_arg(ctx, CDNA_VREG_ARG_MAC_HI), mac + 4);
	if (!is_valid_ether_addr(mac) || get_unaligned_le16(mac + ETH_ALEN))
		return CDNA_VRES_BAD_PARAM;

	if (!identity_claim(ctx, mac))
		return CDNA_VRES_IN_USE;
	mutex_lock(&ctx->lock);
	res = identity_choose(ctx, ether_addr_to_u64(mac));
	mutex_unlock(&ctx->lock);
	WRITE_ONCE(ctx->guest_mac_claim, 0);
	return res;
}
