// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev driver: contexts as mediated devices that administrators create.
 */
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/sysfs.h>
#include <linux/vfio.h>

#include "cdna_provider.h"
#include "vdev/cdna_attrs.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_driver.h"
#include "vdev/cdna_link_state.h"
#include "vdev/cdna_migrate.h"
#include "vdev/cdna_port.h"
#include "vdev/cdna_port_rate.h"
#include "vdev/cdna_rate_attrs.h"
#include "vdev/cdna_stats.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trust.h"
#include "vdev/cdna_type.h"
#include "vdev/cdna_vfio.h"

static int driver_probe(struct mdev_device *mdev)
{
	struct cdna_table *table = cdna_type_table(mdev->type);
	struct cdna_ctx *ctx;
	int ret;

	ctx = vfio_alloc_device(cdna_ctx, vfio, &mdev->dev, &cdna_vfio_ops);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	ret = cdna_table_attach(table, ctx);
	if (ret)
		goto err_put;
	cdna_migrate_offer(ctx);
	dev_set_drvdata(&mdev->dev, ctx);
	ret = cdna_port_create(ctx);
	if (ret)
		goto err_detach;
	ret = cdna_port_rate_create(ctx);
	if (ret)
		goto err_port;
	ret = vfio_register_emulated_iommu_dev(&ctx->vfio);
	if (ret)
		goto err_rate;
	return 0;

err_rate:
	cdna_port_rate_destroy(ctx);
err_port:
	cdna_port_destroy(ctx);
err_detach:
	cdna_table_detach(ctx);
err_put:
	vfio_put_device(&ctx->vfio);
	return ret;
}

static void driver_remove(struct mdev_device *mdev)
{
	struct cdna_ctx *ctx = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ctx->vfio);
	cdna_port_rate_destroy(ctx);
	cdna_port_destroy(ctx);
	cdna_table_detach(ctx);
	vfio_put_device(&ctx->vfio);
}

static unsigned int driver_available(struct mdev_type *type)
{
	return cdna_table_free(cdna_type_table(type));
}

static ssize_t driver_description(struct mdev_type *type, char *buf)
{
	const struct cdna_nic_info *info =
		&cdna_type_table(type)->nic->info;

	return sysfs_emit(buf, "%u queue pairs, rings to %u, MTU %u\n",
			  info->qps, info->max_ring, info->mtu);
}

static const struct attribute_group *driver_groups[] = {
	&cdna_attrs_group,
	&cdna_trust_group,
	&cdna_rate_group,
	&cdna_link_state_group,
	&cdna_stats_group,
	&cdna_stats_fault_group,
	&cdna_stats_drop_group,
	NULL
};

struct mdev_driver cdna_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.probe = driver_probe,
	.remove = driver_remove,
	.get_available = driver_available,
	.show_description = driver_description,
	.driver = {
		.name = "cdna_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = driver_groups,
	},
};
