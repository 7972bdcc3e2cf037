// SPDX-License-Identifier: GPL-2.0-only
/* What the function has: regions and interrupts. */
#include <errno.h>
#include <linux/vfio.h>

#include "vfu.h"

/* In the kernel's structs, so that they grow without us noticing */
#define VFU_INFO_DEVICE		16
#define VFU_INFO_REGION		32
#define VFU_INFO_IRQ		16

int vfu_info_device(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply)
{
	const u32 info[4] = {
		VFU_INFO_DEVICE,
		VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET,
		VFIO_PCI_NUM_REGIONS,
		VFIO_PCI_NUM_IRQS,
	};
	u32 argsz;

	(void)d;
	memcpy(&argsz, rq->body, sizeof(argsz));
	if (argsz < VFU_INFO_DEVICE)
		return EINVAL;
	vfu_reply_set(reply, info, sizeof(info));
	return 0;
}

int vfu_info_region(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply)
{
	struct vfio_region_info info;

	(void)d;
	static_assert(sizeof(info) == VFU_INFO_REGION, "the protocol's");
	memcpy(&info, rq->body, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= VFIO_PCI_NUM_REGIONS)
		return EINVAL;
	info.argsz = sizeof(info);
	info.cap_offset = 0;
	info.offset = 0;
	info.size = region_size(info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;
	vfu_reply_set(reply, &info, sizeof(info));
	return 0;
}

int vfu_info_irq(struct nicd *d, const struct vfu_request *rq,
		 struct vfu_reply *reply)
{
	struct vfio_irq_info info;

	(void)d;
	static_assert(sizeof(info) == VFU_INFO_IRQ, "the protocol's");
	memcpy(&info, rq->body, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= VFIO_PCI_NUM_IRQS)
		return EINVAL;
	info.argsz = sizeof(info);
	info.flags = 0;
	info.count = 0;
	if (info.index == VFIO_PCI_MSIX_IRQ_INDEX) {
		info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
		info.count = CDNA_NR_VECTORS;
	}
	vfu_reply_set(reply, &info, sizeof(info));
	return 0;
}
