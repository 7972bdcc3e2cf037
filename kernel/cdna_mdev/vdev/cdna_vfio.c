// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a VFIO device: regions, interrupts, open and close. Every
 * access is bounded here, before it is interpreted.
 */
#include <linux/gfp.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "cdna_compat.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_resume.h"
#include "guard/cdna_sharers.h"
#include "guard/cdna_span.h"
#include "guard/cdna_unmap.h"
#include "vdev/cdna_access.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_map.h"
#include "vdev/cdna_migrate.h"
#include "vdev/cdna_region.h"
#include "vdev/cdna_regs.h"
#include "vdev/cdna_revoke.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_type.h"
#include "vdev/cdna_vfio.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_ctrl.h"

static struct cdna_ctx *vfio_ctx(struct vfio_device *core_vdev)
{
	return container_of(core_vdev, struct cdna_ctx, vfio);
}

static int vfio_init_virtio(struct cdna_ctx *ctx)
{
	ctx->virtio = kzalloc(sizeof(*ctx->virtio), GFP_KERNEL);
	if (!ctx->virtio)
		return -ENOMEM;
	if (cdna_ctrlq_create(&ctx->domain, &cdna_virtio_ctrl_ops)) {
		kfree(ctx->virtio);
		return -ENOMEM;
	}
	return 0;
}

static int vfio_init(struct vfio_device *core_vdev)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);

	ctx->dummy = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!ctx->dummy)
		return -ENOMEM;
	if (cdna_type_is_virtio(core_vdev->dev) && vfio_init_virtio(ctx)) {
		__free_page(ctx->dummy);
		return -ENOMEM;
	}
	cdna_ctx_init(ctx, ctx->virtio ? cdna_virtio_source :
					 cdna_trigger_source, &cdna_span_pin_ops);
	cdna_revoke_init(ctx);
	return 0;
}

static void vfio_release(struct vfio_device *core_vdev)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);

	cdna_ctrlq_free(&ctx->domain);
	kfree(ctx->virtio);
	__free_page(ctx->dummy);
}

static void vfio_power_on(struct cdna_ctx *ctx)
{
	cdna_config_init(&ctx->config, ctx->virtio ? CDNA_CONFIG_VIRTIO :
						     CDNA_CONFIG_CDNA);
	cdna_trigger_mute(ctx, CDNA_MUTE_MASTER);
	cdna_regs_reset(ctx);
	if (ctx->virtio)
		cdna_virtio_reset(ctx);
}

static int vfio_open(struct vfio_device *core_vdev)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);
	int ret = mutex_lock_killable(&ctx->domain.ctl_lock);

	if (ret)
		return ret;
	cdna_ctx_set_opened(ctx, true);
	cdna_sharers_join(&ctx->domain);
	vfio_power_on(ctx);
	cdna_map_clean(ctx);
	cdna_idle_begin(&ctx->domain);
	cdna_resume_open(&ctx->domain);
	cdna_doorbell_open(&ctx->domain);
	mutex_unlock(&ctx->domain.ctl_lock);
	return 0;
}

/* May run in a kernel thread, after the machine's process died. dma_unmap is not
 * called then: what is pinned is unpinned here (I10).
 */
static void vfio_close(struct vfio_device *core_vdev)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);

	mutex_lock(&ctx->domain.ctl_lock);
	cdna_ctx_reset(ctx);
	cdna_migrate_reset(ctx);
	cdna_doorbell_close(&ctx->domain);
	cdna_resume_close(&ctx->domain);
	cdna_revoke_end(ctx);
	cdna_idle_end(&ctx->domain);
	cdna_sharers_leave(&ctx->domain);
	cdna_trigger_release(ctx);
	cdna_ctx_renew(ctx);
	cdna_ctx_set_opened(ctx, false);
	mutex_unlock(&ctx->domain.ctl_lock);
}

static ssize_t vfio_read(struct vfio_device *core_vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	u8 data[CDNA_CONFIG_BYTES];
	u64 pos = *ppos;
	int ret;

	if (!cdna_access_inside(pos, count))
		return -EINVAL;
	ret = cdna_access_load(vfio_ctx(core_vdev), pos, data, count);
	if (ret)
		return ret;
	if (copy_to_user(buf, data, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t vfio_write(struct vfio_device *core_vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	u8 data[CDNA_CONFIG_BYTES];
	u64 pos = *ppos;
	int ret;

	if (!cdna_access_inside(pos, count))
		return -EINVAL;
	if (copy_from_user(data, buf, count))
		return -EFAULT;
	ret = cdna_access_store(vfio_ctx(core_vdev), pos, data, count);
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

/* A notify page that nobody watches is passed on by the machine's monitor. */
static bool vfio_may_map(const struct cdna_ctx *ctx, u32 index)
{
	return index == VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MAILBOX &&
	       (!ctx->virtio || cdna_doorbell_offered(&ctx->domain));
}

static int vfio_region_info(const struct cdna_ctx *ctx,
			    struct vfio_region_info *info)
{
	if (info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info->offset = CDNA_REGION_OFFSET(info->index);
	info->size = cdna_access_size(info->index);
	info->flags = 0;
	if (info->size)
		info->flags = VFIO_REGION_INFO_FLAG_READ |
			      VFIO_REGION_INFO_FLAG_WRITE;
	if (vfio_may_map(ctx, info->index))
		info->flags |= VFIO_REGION_INFO_FLAG_MMAP;
	return 0;
}

#if CDNA_VFIO_REGION_INFO_OP
static int vfio_region_info_op(struct vfio_device *core_vdev,
			       struct vfio_region_info *info,
			       struct vfio_info_cap *caps)
{
	return vfio_region_info(vfio_ctx(core_vdev), info);
}
#else
static int vfio_ioctl_region(const struct cdna_ctx *ctx, void __user *arg)
{
	size_t bytes = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, arg, bytes))
		return -EFAULT;
	if (info.argsz < bytes)
		return -EINVAL;
	ret = vfio_region_info(ctx, &info);
	if (ret)
		return ret;
	info.cap_offset = 0;
	return copy_to_user(arg, &info, bytes) ? -EFAULT : 0;
}
#endif

static int vfio_ioctl_info(void __user *arg)
{
	size_t bytes = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, bytes))
		return -EFAULT;
	if (info.argsz < bytes)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, bytes) ? -EFAULT : 0;
}

/* Vectors may be given more eventfds later: no NORESIZE. */
static int vfio_ioctl_irq(struct cdna_ctx *ctx, void __user *arg)
{
	size_t bytes = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, bytes))
		return -EFAULT;
	if (info.argsz < bytes || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.count = cdna_trigger_count(ctx, info.index);
	info.flags = info.count ? VFIO_IRQ_INFO_EVENTFD : 0;
	return copy_to_user(arg, &info, bytes) ? -EFAULT : 0;
}

static int vfio_ioctl_set_irqs(struct cdna_ctx *ctx, void __user *arg)
{
	size_t bytes = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	void *data = NULL;
	size_t more = 0;
	int ret;

	if (copy_from_user(&set, arg, bytes))
		return -EFAULT;
	if (set.index >= VFIO_PCI_NUM_IRQS ||
	    !cdna_trigger_count(ctx, set.index))
		return -EINVAL;
	ret = vfio_set_irqs_validate_and_prepare(&set,
						 cdna_trigger_count(ctx, set.index),
						 VFIO_PCI_NUM_IRQS, &more);
	if (ret)
		return ret;
	if (more) {
		data = memdup_user(arg + bytes, more);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = cdna_trigger_set(ctx, &set, data);
	kfree(data);
	return ret;
}

static int vfio_reset(struct cdna_ctx *ctx)
{
	int ret = mutex_lock_killable(&ctx->domain.ctl_lock);

	if (ret)
		return ret;
	ret = cdna_ctx_reset(ctx);
	cdna_migrate_reset(ctx);
	if (!ret)
		vfio_power_on(ctx);
	mutex_unlock(&ctx->domain.ctl_lock);
	cdna_idle_trim(&ctx->domain);
	return ret;
}

static long vfio_ioctl(struct vfio_device *core_vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return vfio_ioctl_info(user);
#if !CDNA_VFIO_REGION_INFO_OP
	case VFIO_DEVICE_GET_REGION_INFO:
		return vfio_ioctl_region(ctx, user);
#endif
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_ioctl_irq(ctx, user);
	case VFIO_DEVICE_SET_IRQS:
		return vfio_ioctl_set_irqs(ctx, user);
	case VFIO_DEVICE_RESET:
		return vfio_reset(ctx);
	default:
		return -ENOTTY;
	}
}

static int vfio_mmap(struct vfio_device *core_vdev, struct vm_area_struct *vma)
{
	return cdna_map_mmap(vfio_ctx(core_vdev), vma);
}

static void vfio_dma_unmap(struct vfio_device *core_vdev, u64 iova, u64 length)
{
	cdna_unmap_range(&vfio_ctx(core_vdev)->domain, iova, length);
}

/* Called every 10 s while the core waits for the device to be released. */
static void vfio_request(struct vfio_device *core_vdev, unsigned int count)
{
	struct cdna_ctx *ctx = vfio_ctx(core_vdev);

	if (!cdna_trigger_request(ctx) && !count)
		dev_notice(core_vdev->dev,
			   "in use by a process that cannot be asked to release it; end that process\n");
}

const struct vfio_device_ops cdna_vfio_ops = {
	.name = "vfio-cdna",
	.init = vfio_init,
	.release = vfio_release,
	.open_device = vfio_open,
	.close_device = vfio_close,
	.read = vfio_read,
	.write = vfio_write,
	.ioctl = vfio_ioctl,
	.mmap = vfio_mmap,
	.dma_unmap = vfio_dma_unmap,
	.request = vfio_request,
#if CDNA_VFIO_REGION_INFO_OP
	.get_region_info_caps = vfio_region_info_op,
#endif
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
