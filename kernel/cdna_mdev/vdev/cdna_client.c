// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mediated side, as providers see it: offers the contexts of a NIC, and
 * passes on what the NIC reports about them.
 */
#include <linux/mdev.h>
#include <linux/slab.h>

#include "cdna_provider.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_formats.h"
#include "guard/cdna_idle.h"
#include "vdev/cdna_client.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_driver.h"
#include "vdev/cdna_fault_reporter.h"
#include "vdev/cdna_port_group.h"
#include "vdev/cdna_port_rate.h"
#include "vdev/cdna_port_sf.h"
#include "vdev/cdna_sf.h"
#include "vdev/cdna_stats.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_type.h"

/* Process context, one at a time, from here to client_dead() */

static void client_fault(struct cdna_provider *nic,
			 const struct cdna_event *event)
{
	struct cdna_table *table = nic->client_data;
	struct cdna_ctx *ctx;

	mutex_lock(&table->lock);
	ctx = table->ctx[le16_to_cpu(event->context)];
	if (ctx)
		cdna_fault_event(&ctx->domain, event);
	mutex_unlock(&table->lock);
}

static void client_link_one(struct cdna_table *table, u32 i, bool up)
{
	struct cdna_ctx *ctx = table->ctx[i];

	assign_bit(i, table->down, !up);
	if (ctx && READ_ONCE(ctx->state) != CDNA_CTX_REVOKED)
		cdna_trigger_event(ctx);
}

static void client_link(struct cdna_provider *nic, u16 ctx, bool up)
{
	struct cdna_table *table = nic->client_data;
	u32 i;

	mutex_lock(&table->lock);
	for (i = 0; i < nic->info.contexts; i++)
		if (ctx == CDNA_ALL_CONTEXTS || ctx == i)
			client_link_one(table, i, up);
	mutex_unlock(&table->lock);
}

static void client_dead(struct cdna_provider *nic)
{
	struct cdna_table *table = nic->client_data;
	u32 i;

	mutex_lock(&table->lock);
	for (i = 0; i < nic->info.contexts; i++)
		if (table->ctx[i])
			cdna_ctx_dead(table->ctx[i]);
	mutex_unlock(&table->lock);
}

static void client_init_table(struct cdna_table *table,
			      struct cdna_provider *nic)
{
	table->nic = nic;
	mutex_init(&table->lock);
}

static int client_add(struct cdna_provider *nic)
{
	struct cdna_table *table;
	int ret;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	client_init_table(table, nic);
	ret = -EPROTO;
	if (!cdna_formats_take(&table->formats, &nic->info)) {
		dev_err(nic->dev,
			"none of the NIC's %u descriptor formats can be validated; update the driver or the firmware\n",
			nic->info.formats);
		goto err_free;
	}
	ret = cdna_fault_reporter_create(table);
	if (ret)
		goto err_free;

	cdna_type_init(&table->types, table, table->formats.has_virtio);
	nic->client_data = table;
	ret = mdev_register_parent(&table->mdev, nic->dev, &cdna_driver,
				   table->types.list, table->types.count);
	if (ret)
		goto err_reporter;
	cdna_type_watch(&table->types);
	return 0;

err_reporter:
	cdna_port_sf_end(nic);
	cdna_port_group_end(nic);
	cdna_fault_reporter_destroy(table);
err_free:
	kfree(table);
	return ret;
}

static void client_remove(struct cdna_provider *nic)
{
	struct cdna_table *table = nic->client_data;

	cdna_port_sf_end(nic);
	/* Removes all mediated devices, each when its user has released it. */
	mdev_unregister_parent(&table->mdev);
	cdna_type_wait(&table->types);
	nic->ops->mute(nic);
	cdna_port_group_end(nic);
	cdna_fault_reporter_destroy(table);
	kfree(table);
}

/* What providers call of the mediated side */
const struct cdna_client cdna_client = {
	.add = client_add,
	.remove = client_remove,
	.fault = client_fault,
	.link = client_link,
	.dead = client_dead,
	.rate_max = cdna_port_rate_max,
	.rate_min = cdna_port_rate_min,
	.group_new = cdna_port_group_new,
	.group_del = cdna_port_group_del,
	.group_max = cdna_port_group_max,
	.group_min = cdna_port_group_min,
	.group_join = cdna_port_group_join,
	.sf_new = cdna_port_sf_new,
};

/**
 * cdna_client_init - make it possible to create mediated devices
 *
 * Return: 0 or an error.
 */
int cdna_client_init(void)
{
	int ret;

	cdna_stats_init();
	ret = cdna_idle_register();
	if (ret)
		return ret;
	ret = cdna_sf_begin();
	if (ret)
		goto err_idle;
	ret = mdev_register_driver(&cdna_driver);
	if (ret)
		goto err_sf;
	return 0;

err_sf:
	cdna_sf_end();
err_idle:
	cdna_idle_unregister();
	return ret;
}

/**
 * cdna_client_exit - undo it; no provider is registered
 */
void cdna_client_exit(void)
{
	mdev_unregister_driver(&cdna_driver);
	cdna_idle_unregister();
	cdna_sf_end();
}
