// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts that the host drives itself, as sub-functions of the NIC: devices of the
 * auxiliary bus, for the network driver that guests have, too (include/linux/cdna_sf.h).
 *
 * A sub-function is a context like others, with the same registers, commands and queues,
 * and is opened as a virtual machine monitor opens one (cdna_sf_device.c). What is different:
 *
 *   memory       is the host's own. Nothing is pinned, since the driver keeps what it
 *                posts; pages are mapped for the NIC, and stay mapped until nobody has
 *                used them for a while
 *   traps        come from where packets are sent, which must not sleep: a work looks
 *                at the rings, and rings the producer mailboxes
 *   interrupts   are calls: cdna_sf_vector.c
 *   trust        it may send from any address, and receive what is for others, so that
 *                it can be a port of a bridge
 */
#include <linux/dma-direct.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_dma.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_resume.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_revoke.h"
#include "vdev/cdna_sf.h"
#include "vdev/cdna_sf_device.h"
#include "vdev/cdna_sf_vector.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"

/* Contexts and devices that are not released yet, which may be some time after their last
 * user is done (CONFIG_DEBUG_KOBJECT_RELEASE)
 */
static unsigned int sf_live;
static DEFINE_SPINLOCK(sf_live_lock);	/* sf_live */
static DECLARE_WAIT_QUEUE_HEAD(sf_released);
static struct workqueue_struct *sf_wq;

/*
 * The driver calls with rtnl held. Where contexts are interfaces of the host (softnic),
 * rtnl is taken inside a context's locks: never in the same one.
 */
static struct lock_class_key sf_ctl_key, sf_key;

/**
 * cdna_sf_hold - something needs this module until cdna_sf_drop()
 */
void cdna_sf_hold(void)
{
	spin_lock_irq(&sf_live_lock);
	sf_live++;
	spin_unlock_irq(&sf_live_lock);
}

/**
 * cdna_sf_drop - what cdna_sf_hold() announced is released
 */
void cdna_sf_drop(void)
{
	spin_lock_irq(&sf_live_lock);
	/* Inside the lock: the module may be gone after it. */
	if (!--sf_live)
		wake_up(&sf_released);
	spin_unlock_irq(&sf_live_lock);
}

/**
 * cdna_sf_begin - make it possible to have sub-functions
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_sf_begin(void)
{
	/* Storage of the host may be reached by a sub-function. */
	sf_wq = alloc_workqueue("cdna_sf", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return sf_wq ? 0 : -ENOMEM;
}

/**
 * cdna_sf_end - undo it, and wait until no sub-function needs this module
 */
void cdna_sf_end(void)
{
	spin_lock_irq(&sf_live_lock);
	wait_event_lock_irq(sf_released, !sf_live, sf_live_lock);
	spin_unlock_irq(&sf_live_lock);
	destroy_workqueue(sf_wq);
}

/* Operations of the pin table. The network driver gives addresses that are good for a
 * device which no IOMMU translates, and keeps what it posts allocated.
 */
static int sf_pin(void *owner, struct cdna_pin *pin)
{
	struct cdna_domain *domain = owner;
	struct cdna_ctx *ctx = container_of(domain, struct cdna_ctx, domain);
	struct device *dev = &ctx->sf.device->sf.aux.dev;
	phys_addr_t addr = dma_to_phys(dev, (dma_addr_t)pin->gfn << PAGE_SHIFT);
	int ret = -EFAULT;

	if (pfn_valid(PHYS_PFN(addr))) {
		pin->page = pfn_to_page(PHYS_PFN(addr));
		ret = cdna_dma_map(domain->nic->dma_dev, pin->page, pin->write,
				   &pin->dma);
	}
	trace_cdna_pin(domain->id, pin->gfn, ret);
	return ret;
}

static void sf_unpin(void *owner, struct cdna_pin *pin, bool evicted)
{
	struct cdna_domain *domain = owner;

	cdna_dma_unmap(domain->nic->dma_dev, pin->dma, pin->write);
	trace_cdna_unpin(domain->id, pin->gfn, evicted);
}

static const struct cdna_pin_ops sf_pin_ops = {
	.pin = sf_pin,
	.unpin = sf_unpin,
};

static int sf_init(struct vfio_device *vfio)
{
	struct cdna_ctx *ctx = container_of(vfio, struct cdna_ctx, vfio);

	ctx->dummy = alloc_page(GFP_KERNEL | __GFP_ZERO);
	ctx->sf.vector = cdna_sf_vector_alloc();
	if (!ctx->dummy || !ctx->sf.vector) {
		if (ctx->dummy)
			__free_page(ctx->dummy);
		cdna_sf_vector_free(ctx->sf.vector);
		return -ENOMEM;
	}
	cdna_ctx_init(ctx, cdna_trigger_source, &sf_pin_ops);
	lockdep_set_class(&ctx->domain.ctl_lock, &sf_ctl_key);
	lockdep_set_class(&ctx->domain.lock, &sf_key);
	cdna_resume_of_host(&ctx->domain, sf_wq);
	cdna_revoke_init(ctx);
	cdna_sf_hold();
	ctx->address.trusted = true;
	ctx->address.promisc = true;
	return 0;
}

static void sf_release(struct vfio_device *vfio)
{
	struct cdna_ctx *ctx = container_of(vfio, struct cdna_ctx, vfio);

	cdna_sf_vector_free(ctx->sf.vector);
	__free_page(ctx->dummy);
	cdna_sf_drop();
}

/* It is never registered: no process can open it. */
static const struct vfio_device_ops sf_vfio_ops = {
	.name = "cdna-sf",
	.init = sf_init,
	.release = sf_release,
};

/**
 * cdna_sf_create - take a context of the NIC for the host
 * @table: the NIC's contexts
 *
 * Return: the context, CONFIGURED; -ENOSPC if all are in use; or another error.
 */
struct cdna_ctx *cdna_sf_create(struct cdna_table *table)
{
	struct cdna_ctx *ctx;
	int ret;

	ctx = vfio_alloc_device(cdna_ctx, vfio, table->nic->dev, &sf_vfio_ops);
	if (IS_ERR(ctx))
		return ctx;
	ret = cdna_table_attach(table, ctx);
	if (!ret)
		return ctx;
	vfio_put_device(&ctx->vfio);
	return ERR_PTR(ret);
}

/**
 * cdna_sf_destroy - return the context to the NIC
 * @ctx: the context, without a device
 */
void cdna_sf_destroy(struct cdna_ctx *ctx)
{
	cdna_table_detach(ctx);
	vfio_put_device(&ctx->vfio);
}
