// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contexts of a NIC: which are in use, and what the NIC tells about them.
 */
#include <linux/slab.h>

#include "vdev/cdna_ctx.h"
#include "vdev/cdna_parent.h"

static int parent_configure(struct cdna_parent *parent, struct cdna_ctx *ctx)
{
	int ret = cdna_identity_make_mac(parent, ctx->id, ctx->mac);

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
	cdna_fault_end(ctx);
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

/* Callbacks of the provider: process context, one at a time */

static void parent_fault(struct cdna_provider *nic,
			 const struct cdna_event *event)
{
	struct cdna_parent *parent = nic->client_data;
	struct cdna_ctx *ctx;

	mutex_lock(&parent->lock);
	ctx = parent->ctx[le16_to_cpu(event->context)];
	if (ctx)
		cdna_fault_event(ctx, event);
	mutex_unlock(&parent->lock);
}

static void parent_link(struct cdna_provider *nic, bool up)
{
	struct cdna_parent *parent = nic->client_data;
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
	struct cdna_parent *parent = nic->client_data;
	u32 i;

	mutex_lock(&parent->lock);
	for (i = 0; i < nic->info.contexts; i++)
		if (parent->ctx[i])
			cdna_ctx_dead(parent->ctx[i]);
	mutex_unlock(&parent->lock);
}

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

static int parent_add(struct cdna_provider *nic)
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

	nic->client_data = parent;
	ret = mdev_register_parent(&parent->mdev, nic->dev, &cdna_vdev_driver,
				   parent->types, 1);
	if (ret)
		goto err_ops;
	return 0;

err_ops:
	nic->client_data = NULL;
	cdna_protection_destroy(parent);
err_free:
	kfree(parent);
	return ret;
}

static void parent_remove(struct cdna_provider *nic)
{
	struct cdna_parent *parent = nic->client_data;

	/* Removes all mediated devices, each when its user has let it go. */
	mdev_unregister_parent(&parent->mdev);
	nic->ops->mute(nic);
	cdna_protection_destroy(parent);
	kfree(parent);
}

/* What providers call of the mediated side */
const struct cdna_client cdna_parent_client = {
	.add = parent_add,
	.remove = parent_remove,
	.fault = parent_fault,
	.link = parent_link,
	.dead = parent_dead,
};

/**
 * cdna_parent_init - make it possible to create mediated devices
 *
 * Return: 0 or an error.
 */
int cdna_parent_init(void)
{
	cdna_stats_init();
	return mdev_register_driver(&cdna_vdev_driver);
}

/**
 * cdna_parent_exit - undo it; no provider is registered
 */
void cdna_parent_exit(void)
{
	mdev_unregister_driver(&cdna_vdev_driver);
}
