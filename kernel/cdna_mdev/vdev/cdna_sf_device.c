// SPDX-License-Identifier: GPL-2.0-only
/*
 * The auxiliary device of a sub-function: what its driver calls, and how it comes and goes.
 */
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/pci_regs.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/vfio.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_resume.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_regs.h"
#include "vdev/cdna_sf.h"
#include "vdev/cdna_sf_device.h"
#include "vdev/cdna_sf_vector.h"
#include "vdev/cdna_vfio.h"

static DEFINE_IDA(device_ids);

static struct cdna_ctx *device_ctx(struct cdna_sf *sf)
{
	return container_of(sf, struct cdna_sf_device, sf)->ctx;
}

static u32 device_read(struct cdna_sf *sf, u32 reg)
{
	struct cdna_ctx *ctx = device_ctx(sf);
	u32 value;

	mutex_lock(&ctx->domain.ctl_lock);
	value = cdna_regs_load(ctx, reg);
	mutex_unlock(&ctx->domain.ctl_lock);
	return value;
}

static void device_write(struct cdna_sf *sf, u32 reg, u32 value)
{
	struct cdna_ctx *ctx = device_ctx(sf);

	mutex_lock(&ctx->domain.ctl_lock);
	cdna_regs_store(ctx, reg, value);
	mutex_unlock(&ctx->domain.ctl_lock);
	if (reg == CDNA_VREG_COMMAND)
		cdna_idle_trim(&ctx->domain);
}

static void device_trap(struct cdna_sf *sf)
{
	struct cdna_ctx *ctx = device_ctx(sf);

	atomic64_inc(&ctx->domain.traps_reg);
	trace_cdna_trap(ctx->domain.id, false);
	cdna_resume_trap(&ctx->domain);
}

/* The bit in configuration space that a guest would set, which others look at */
static void device_set_master(struct cdna_sf *sf, bool on)
{
	__le16 command = cpu_to_le16(on ? PCI_COMMAND_MASTER : 0);
	struct cdna_ctx *ctx = device_ctx(sf);

	mutex_lock(&ctx->domain.ctl_lock);
	cdna_config_write(&ctx->config, PCI_COMMAND, &command, sizeof(command));
	cdna_ctx_set_master(ctx, on);
	mutex_unlock(&ctx->domain.ctl_lock);
}

static int device_request_vector(struct cdna_sf *sf, u32 vector,
				 irq_handler_t handler, void *data)
{
	if (vector >= CDNA_VDEV_NR_VECTORS)
		return -EINVAL;
	return cdna_sf_vector_request(&device_ctx(sf)->sf.vector[vector], handler,
				      data);
}

static void device_free_vector(struct cdna_sf *sf, u32 vector)
{
	cdna_sf_vector_release(&device_ctx(sf)->sf.vector[vector]);
}

static const struct cdna_sf_ops device_ops = {
	.read = device_read,
	.write = device_write,
	.trap = device_trap,
	.set_master = device_set_master,
	.request_vector = device_request_vector,
	.free_vector = device_free_vector,
};

/* The same that the devlink port shows, so that one finds the other */
static ssize_t sfnum_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct cdna_sf *sf = to_cdna_sf(to_auxiliary_dev(dev));

	return sysfs_emit(buf, "%u\n", device_ctx(sf)->domain.id);
}
static DEVICE_ATTR_RO(sfnum);

static struct attribute *device_attrs[] = {
	&dev_attr_sfnum.attr,
	NULL
};
ATTRIBUTE_GROUPS(device);

static void device_release(struct device *dev)
{
	struct cdna_sf *sf = to_cdna_sf(to_auxiliary_dev(dev));

	ida_free(&device_ids, sf->aux.id);
	kfree(container_of(sf, struct cdna_sf_device, sf));
	cdna_sf_drop();
}

/* The mailbox page, as the driver stores into it */
static int device_map(struct cdna_ctx *ctx, struct cdna_sf *sf)
{
	struct cdna_provider *nic = ctx->domain.nic;
	unsigned long pfn;
	int ret;

	ret = nic->ops->mailbox_page(nic, ctx->domain.id, &pfn);
	if (ret)
		return ret;
	sf->mailboxes = ioremap(PFN_PHYS(pfn), PAGE_SIZE);
	return sf->mailboxes ? 0 : -ENOMEM;
}

/* Addresses of the driver have to be physical ones. */
static bool device_is_direct(struct cdna_sf_device *device)
{
	if (!get_dma_ops(&device->sf.aux.dev))
		return true;
	dev_err(device->sf.aux.dev.parent,
		"this host translates addresses of all devices, so it can have no sub-function\n");
	return false;
}

static void device_limits(struct cdna_sf_device *device)
{
	struct device *dev = &device->sf.aux.dev;

	dev->dma_mask = &dev->coherent_dma_mask;
	dev->dma_parms = &device->dma_limits;
	set_dev_node(dev, dev_to_node(dev->parent));
}

/* From here on, putting the device frees it. */
static struct cdna_sf_device *device_alloc(struct cdna_ctx *ctx)
{
	struct cdna_sf_device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	struct auxiliary_device *aux;
	int id = -ENOMEM;

	if (device)
		id = ida_alloc(&device_ids, GFP_KERNEL);
	if (id < 0) {
		kfree(device);
		return ERR_PTR(id);
	}
	device->ctx = ctx;
	device->sf.version = CDNA_SF_VERSION;
	device->sf.ops = &device_ops;
	aux = &device->sf.aux;
	aux->name = CDNA_SF_NAME;
	aux->id = id;
	aux->dev.parent = ctx->domain.nic->dev;
	aux->dev.groups = device_groups;
	aux->dev.release = device_release;
	/* It fails only without a name, a parent or a release(). */
	if (WARN_ON(auxiliary_device_init(aux))) {
		ida_free(&device_ids, id);
		kfree(device);
		return ERR_PTR(-EINVAL);
	}
	cdna_sf_hold();
	device_limits(device);
	return device;
}

/* Registering it has a driver probe it, if there is one already. */
static int device_open(struct cdna_ctx *ctx, struct cdna_sf_device *device)
{
	int ret;

	ret = cdna_vfio_ops.open_device(&ctx->vfio);
	if (ret)
		return ret;
	ctx->sf.device = device;
	ret = auxiliary_device_add(&device->sf.aux);
	if (!ret)
		return 0;
	cdna_vfio_ops.close_device(&ctx->vfio);
	ctx->sf.device = NULL;
	return ret;
}

/**
 * cdna_sf_device_add - make the context's auxiliary device
 * @ctx: the context, without a device
 *
 * Context: devlink's lock is held.
 *
 * Return: 0 or an error.
 */
int cdna_sf_device_add(struct cdna_ctx *ctx)
{
	struct cdna_sf_device *device = device_alloc(ctx);
	int ret;

	if (IS_ERR(device))
		return PTR_ERR(device);
	ret = device_is_direct(device) ? device_map(ctx, &device->sf) :
					 -EOPNOTSUPP;
	if (ret)
		goto err_uninit;
	ret = device_open(ctx, device);
	if (ret)
		goto err_unmap;
	return 0;

err_unmap:
	iounmap(device->sf.mailboxes);
err_uninit:
	auxiliary_device_uninit(&device->sf.aux);
	return ret;
}

/**
 * cdna_sf_device_driven - whether the network driver has the sub-function
 * @ctx: the context, with a device
 *
 * Context: devlink's lock is held.
 *
 * Return: true if so.
 */
bool cdna_sf_device_driven(struct cdna_ctx *ctx)
{
	return device_is_bound(&ctx->sf.device->sf.aux.dev);
}

/**
 * cdna_sf_device_del - take the context's auxiliary device away
 * @ctx: the context; may have none
 *
 * When it returns, there is no network interface, and no DMA.
 *
 * Context: devlink's lock is held; may sleep. Takes rtnl.
 */
void cdna_sf_device_del(struct cdna_ctx *ctx)
{
	struct cdna_sf_device *device = ctx->sf.device;

	if (!device)
		return;
	auxiliary_device_delete(&device->sf.aux);
	cdna_vfio_ops.close_device(&ctx->vfio);
	ctx->sf.device = NULL;
	iounmap(device->sf.mailboxes);
	auxiliary_device_uninit(&device->sf.aux);
}
