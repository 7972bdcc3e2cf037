// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contexts of a NIC: which are in use, their MAC addresses, and what the
 * NIC tells about them.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "cdna_ctx.h"

#define PARENT_MAC_TRIES	100

/* The context that has a MAC address, or NULL */
static struct cdna_ctx *parent_find_mac(struct cdna_parent *parent,
					const u8 *mac)
{
	u32 i;

	lockdep_assert_held(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		if (parent->ctx[i] &&
		    ether_addr_equal(parent->ctx[i]->mac, mac))
			return parent->ctx[i];
	return NULL;
}

static bool parent_mac_is_free(struct cdna_parent *parent, const u8 *mac)
{
	return !ether_addr_equal(mac, parent->nic->info.mac) &&
	       !parent_find_mac(parent, mac);
}

/* The NIC's address, made local, plus the context's number plus one; a random
 * one if that is taken.
 */
static int parent_make_mac(struct cdna_parent *parent, u32 id, u8 *mac)
{
	u64 base = ether_addr_to_u64(parent->nic->info.mac) + id + 1;
	u32 tries;

	u64_to_ether_addr(base, mac);
	mac[0] |= 2;
	for (tries = 0; tries < PARENT_MAC_TRIES; tries++) {
		if (is_valid_ether_addr(mac) && parent_mac_is_free(parent, mac))
			return 0;
		eth_random_addr(mac);
	}
	return -EADDRNOTAVAIL;
}

static int parent_configure(struct cdna_parent *parent, struct cdna_ctx *ctx)
{
	int ret = parent_make_mac(parent, ctx->id, ctx->mac);

	if (ret)
		return ret;
	mutex_lock(&ctx->lock);
	ret = cdna_ctx_configure(ctx);
	mutex_unlock(&ctx->lock);
	return ret;
}

/**
 * cdna_parent_attach - give a new mediated device a context of the NIC
 * @parent: the NIC's contexts
 * @ctx: FREE; CONFIGURED afterwards, with a MAC address of its own
 *
 * Return: 0, -ENOSPC if all are in use, or what the NIC says.
 */
int cdna_parent_attach(struct cdna_parent *parent, struct cdna_ctx *ctx)
{
	int ret = -ENOSPC;
	u32 i;

	ctx->parent = parent;
	mutex_lock(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		if (!parent->ctx[i])
			break;
	if (i < parent->nic->info.contexts) {
		ctx->id = i;
		ret = parent_configure(parent, ctx);
		if (!ret)
			parent->ctx[i] = ctx;
	}
	mutex_unlock(&parent->lock);
	return ret;
}

/**
 * cdna_parent_detach - give the context back
 * @ctx: nobody has it open; FREE afterwards
 */
void cdna_parent_detach(struct cdna_ctx *ctx)
{
	struct cdna_parent *parent = ctx->parent;

	mutex_lock(&parent->lock);
	mutex_lock(&ctx->lock);
	cdna_ctx_release(ctx);
	mutex_unlock(&ctx->lock);
	parent->ctx[ctx->id] = NULL;
	mutex_unlock(&parent->lock);
}

/**
 * cdna_parent_free - how many mediated devices can still be made
 * @parent: the NIC's contexts
 *
 * Return: contexts that are not in use.
 */
unsigned int cdna_parent_free(struct cdna_parent *parent)
{
	unsigned int n = 0;
	u32 i;

	mutex_lock(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		n += !parent->ctx[i];
	mutex_unlock(&parent->lock);
	return cdna_provider_is_dead(parent->nic) ? 0 : n;
}

/* What the NIC knows a context by */
struct parent_identity {
	u8 mac[ETH_ALEN];
	u16 access_vlan;
	bool trunk;
};

static struct parent_identity parent_get_identity(const struct cdna_ctx *ctx)
{
	struct parent_identity identity = {
		.access_vlan = ctx->access_vlan,
		.trunk = ctx->trunk,
	};

	ether_addr_copy(identity.mac, ctx->mac);
	return identity;
}

static int parent_try_identity(struct cdna_ctx *ctx,
			       const struct parent_identity *identity)
{
	ether_addr_copy(ctx->mac, identity->mac);
	ctx->access_vlan = identity->access_vlan;
	ctx->trunk = identity->trunk;
	return cdna_ctx_configure(ctx);
}

/* Tell the NIC by way of FREE, and go back to what was if it refuses. */
static int parent_change(struct cdna_ctx *ctx,
			 const struct parent_identity *identity)
{
	struct parent_identity old = parent_get_identity(ctx);
	int ret;

	if (ctx->state != CDNA_CTX_CONFIGURED)
		return -EBUSY;
	cdna_ctx_release(ctx);
	ret = parent_try_identity(ctx, identity);
	if (ret && parent_try_identity(ctx, &old))
		dev_err(ctx->vdev.dev,
			"the NIC takes the context back no more; see its health reporter\n");
	return ret;
}

static int parent_set_identity(struct cdna_ctx *ctx,
			       const struct parent_identity *identity)
{
	int ret;

	if (ctx->opened) {
		dev_err(ctx->vdev.dev,
			"MAC address and VLAN cannot change while a guest uses the context; shut the guest down\n");
		return -EBUSY;
	}
	mutex_lock(&ctx->lock);
	ret = parent_change(ctx, identity);
	mutex_unlock(&ctx->lock);
	return ret;
}

static int parent_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	struct cdna_ctx *other = parent_find_mac(ctx->parent, mac);
	struct parent_identity identity = parent_get_identity(ctx);

	if (other == ctx)
		return 0;
	if (other) {
		dev_err(ctx->vdev.dev,
			"MAC address %pM is in use by context %u; choose another\n",
			mac, other->id);
		return -EEXIST;
	}
	ether_addr_copy(identity.mac, mac);
	return parent_set_identity(ctx, &identity);
}

/**
 * cdna_parent_set_mac - change a context's MAC address
 * @ctx: the context; nobody has it open
 * @mac: a unicast address
 *
 * Return: 0, -EEXIST if another context of the NIC has it, -EBUSY if the
 * context is in use or revoked, or what the NIC says.
 */
int cdna_parent_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	int ret;

	mutex_lock(&ctx->ctl_lock);
	mutex_lock(&ctx->parent->lock);
	ret = parent_set_mac(ctx, mac);
	mutex_unlock(&ctx->parent->lock);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

/**
 * cdna_parent_set_vlan - change the VLANs that a context is part of
 * @ctx: the context; nobody has it open
 * @access_vlan: VLAN of its untagged frames, 1 to 4094; 0: of none
 * @trunk: it may use any tag; needs an @access_vlan of 0
 *
 * Return: 0, -EBUSY if the context is in use or revoked, or what the NIC says.
 */
int cdna_parent_set_vlan(struct cdna_ctx *ctx, u16 access_vlan, bool trunk)
{
	struct parent_identity identity;
	int ret = 0;

	mutex_lock(&ctx->ctl_lock);
	mutex_lock(&ctx->parent->lock);
	identity = parent_get_identity(ctx);
	if (identity.access_vlan != access_vlan || identity.trunk != trunk) {
		identity.access_vlan = access_vlan;
		identity.trunk = trunk;
		ret = parent_set_identity(ctx, &identity);
	}
	mutex_unlock(&ctx->parent->lock);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

/* Callbacks of the provider: process context, one at a time */

static void parent_fault(struct cdna_provider *nic,
			 const struct cdna_event *event)
{
	struct cdna_parent *parent = nic->parent;
	struct cdna_ctx *ctx;

	mutex_lock(&parent->lock);
	ctx = parent->ctx[le16_to_cpu(event->context)];
	if (ctx)
		cdna_fault_event(ctx, event);
	mutex_unlock(&parent->lock);
}

static void parent_link(struct cdna_provider *nic, bool up)
{
	struct cdna_parent *parent = nic->parent;
	struct cdna_ctx *ctx;
	u32 i;

	mutex_lock(&parent->lock);
	WRITE_ONCE(parent->link, up);
	for (i = 0; i < nic->info.contexts; i++) {
		ctx = parent->ctx[i];
		if (ctx && READ_ONCE(ctx->state) != CDNA_CTX_REVOKED)
			cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_EVENT);
	}
	mutex_unlock(&parent->lock);
}

static void parent_dead(struct cdna_provider *nic)
{
	struct cdna_parent *parent = nic->parent;
	u32 i;

	mutex_lock(&parent->lock);
	for (i = 0; i < nic->info.contexts; i++)
		if (parent->ctx[i])
			cdna_ctx_dead(parent->ctx[i]);
	mutex_unlock(&parent->lock);
}

static const struct cdna_parent_ops parent_ops = {
	.fault = parent_fault,
	.link = parent_link,
	.dead = parent_dead,
};

/* Formats that the host can validate; a NIC may announce others too. */
static int parent_take_formats(struct cdna_parent *parent)
{
	const struct cdna_nic_info *info = &parent->nic->info;
	u32 i;

	for (i = 0; i < info->formats; i++) {
		if (cdna_verdict_layout(&parent->layout[parent->formats],
					&info->format[i]))
			continue;
		parent->format[parent->formats++] = info->format[i];
	}
	if (parent->formats)
		return 0;
	dev_err(parent->nic->dev,
		"none of the NIC's %u descriptor formats can be validated; update the driver or the firmware\n",
		info->formats);
	return -EPROTO;
}

int cdna_parent_add(struct cdna_provider *nic)
{
	struct cdna_parent *parent;
	int ret;

	parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return -ENOMEM;
	parent->nic = nic;
	mutex_init(&parent->lock);
	parent->link = true;
	parent->type.sysfs_name = "context";
	parent->type.pretty_name = "CDNA NIC context";
	parent->types[0] = &parent->type;
	ret = parent_take_formats(parent);
	if (ret)
		goto err_free;

	ret = cdna_protection_create(parent);
	if (ret)
		goto err_free;

	nic->parent = parent;
	nic->parent_ops = &parent_ops;
	ret = mdev_register_parent(&parent->mdev, nic->dev, &cdna_vdev_driver,
				   parent->types, 1);
	if (ret)
		goto err_ops;
	return 0;

err_ops:
	nic->parent_ops = NULL;
	nic->parent = NULL;
	cdna_protection_destroy(parent);
err_free:
	kfree(parent);
	return ret;
}

void cdna_parent_remove(struct cdna_provider *nic)
{
	struct cdna_parent *parent = nic->parent;

	/* Removes all mediated devices, each when its user has let it go. */
	mdev_unregister_parent(&parent->mdev);
	nic->ops->mute(nic);
	cdna_protection_destroy(parent);
	kfree(parent);
}

int cdna_parent_init(void)
{
	cdna_stats_init();
	return mdev_register_driver(&cdna_vdev_driver);
}

void cdna_parent_exit(void)
{
	mdev_unregister_driver(&cdna_vdev_driver);
}
