// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses of a guest to the regions of its device, each of which is handed to the
 * file of what is there.
 */
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include "guard/cdna_idle.h"
#include "vdev/cdna_access.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_map.h"
#include "vdev/cdna_region.h"
#include "vdev/cdna_regs.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_regs.h"

/**
 * cdna_access_size - how large a region is
 * @index: VFIO_PCI_*_REGION_INDEX
 *
 * Return: its bytes, 0 if there is none.
 */
u64 cdna_access_size(u32 index)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return CDNA_CONFIG_BYTES;
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MAILBOX:
		return CDNA_VDEV_BAR_MAILBOX_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_REGS:
		return CDNA_VDEV_BAR_REGS_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MSIX:
		return CDNA_VDEV_BAR_MSIX_SIZE;
	default:
		return 0;
	}
}

/* Registers take aligned 32-bit accesses; others have no effect and read ones. */
static bool access_is_word(u32 offset, size_t count)
{
	return count == sizeof(u32) && !(offset % sizeof(u32));
}

/* Where in the device's file an access through the window is. Return: false if it is not
 * one, or leads nowhere
 */
static bool access_window(struct cdna_ctx *ctx, u32 offset, size_t count,
			  u64 *pos, size_t *length)
{
	struct cdna_config_window window;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!cdna_config_window(&ctx->config, offset, count, &window))
		return false;
	*pos = CDNA_REGION_OFFSET(VFIO_PCI_BAR0_REGION_INDEX + window.bar) +
	       window.offset;
	*length = window.length;
	return cdna_access_inside(*pos, *length);
}

static int access_load_config(struct cdna_ctx *ctx, u32 offset, void *to,
			      size_t count)
{
	size_t length;
	bool window;
	u64 pos;
	int ret;

	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	ret = cdna_config_read(&ctx->config, offset, to, count);
	window = !ret && access_window(ctx, offset, count, &pos, &length);
	mutex_unlock(&ctx->domain.ctl_lock);
	/* A BAR: not configuration space again */
	return window ? cdna_access_load(ctx, pos, to, length) : ret;
}

static int access_load_regs(struct cdna_ctx *ctx, u32 offset, void *to,
			    size_t count)
{
	__le32 word;
	u32 value;
	int ret;

	memset(to, 0xff, count);
	if (!access_is_word(offset, count))
		return 0;
	ret = cdna_regs_read(ctx, offset, &value);
	if (ret)
		return ret;
	word = cpu_to_le32(value);
	memcpy(to, &word, sizeof(word));
	return 0;
}

/**
 * cdna_access_load - a load of the guest
 * @ctx: whose
 * @pos: where in the device's file, see cdna_access_inside()
 * @to: buffer of @count bytes
 * @count: bytes
 *
 * Return: 0 or an error.
 */
int cdna_access_load(struct cdna_ctx *ctx, u64 pos, void *to, size_t count)
{
	u32 index = CDNA_REGION_INDEX(pos), offset = CDNA_REGION_WITHIN(pos);

	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return access_load_config(ctx, offset, to, count);
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_REGS:
		return ctx->virtio ? cdna_virtio_load(ctx, offset, to, count) :
				     access_load_regs(ctx, offset, to, count);
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MAILBOX:
		cdna_map_load(ctx, offset, to, count);
		return 0;
	default:
		memset(to, 0, count);
		return 0;
	}
}

static int access_store_config(struct cdna_ctx *ctx, u32 offset,
			       const void *from, size_t count)
{
	bool mastered, window;
	size_t length;
	u64 pos;
	int ret;

	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	mastered = cdna_config_masters(&ctx->config);
	ret = cdna_config_write(&ctx->config, offset, from, count);
	if (mastered != cdna_config_masters(&ctx->config))
		cdna_ctx_set_master(ctx, !mastered);
	if (ctx->virtio)
		cdna_virtio_moved(ctx);
	window = !ret && access_window(ctx, offset, count, &pos, &length);
	mutex_unlock(&ctx->domain.ctl_lock);
	cdna_idle_trim(&ctx->domain);
	return window ? cdna_access_store(ctx, pos, from, length) : ret;
}

static int access_store_virtio(struct cdna_ctx *ctx, u32 index, u32 offset,
			       const void *from, size_t count)
{
	if (index == VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_REGS)
		return cdna_virtio_store(ctx, offset, from, count);
	if (index == VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MAILBOX)
		cdna_virtio_notify(ctx, offset);
	return 0;
}

/**
 * cdna_access_store - a store of the guest
 * @ctx: whose
 * @pos: where in the device's file, see cdna_access_inside()
 * @from: @count bytes
 * @count: bytes
 *
 * Return: 0 or an error.
 */
int cdna_access_store(struct cdna_ctx *ctx, u64 pos, const void *from,
		      size_t count)
{
	u32 index = CDNA_REGION_INDEX(pos), offset = CDNA_REGION_WITHIN(pos);
	__le32 word;

	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return access_store_config(ctx, offset, from, count);
	if (ctx->virtio)
		return access_store_virtio(ctx, index, offset, from, count);
	if (!access_is_word(offset, count))
		return 0;
	memcpy(&word, from, sizeof(word));
	if (index == VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_REGS)
		return cdna_regs_write(ctx, offset, le32_to_cpu(word));
	if (index == VFIO_PCI_BAR0_REGION_INDEX + CDNA_VDEV_BAR_MAILBOX)
		cdna_map_store(ctx, offset, le32_to_cpu(word));
	return 0;
}

/**
 * cdna_access_inside - whether an access is one of a region
 * @pos: where in the device's file
 * @count: bytes
 *
 * Return: true if all of it is in one region, and is at most CDNA_CONFIG_BYTES.
 */
bool cdna_access_inside(u64 pos, size_t count)
{
	u64 size = cdna_access_size(min_t(u64, CDNA_REGION_INDEX(pos), U32_MAX));
	u64 within = CDNA_REGION_WITHIN(pos);

	return count && count <= CDNA_CONFIG_BYTES && within < size &&
	       count <= size - within;
}
