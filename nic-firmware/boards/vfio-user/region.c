// SPDX-License-Identifier: GPL-2.0-only
/*
 * The regions of the PCI function: BAR0, BAR2 and configuration space. Every
 * access is bounded here, before it goes to what is behind.
 *
 * No region can be mapped: QEMU would stop posting writes to all of them, and
 * a mailbox must be noticed when it is stored to.
 */
#include <errno.h>
#include <linux/vfio.h>

#include "nicd.h"

/**
 * region_size() - of a region of the function
 * @region: VFIO_PCI_*_REGION_INDEX
 *
 * Return: bytes, 0 if there is none.
 */
u64 region_size(u32 region)
{
	switch (region) {
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_BAR_SRAM:
		return CDNA_BAR_SRAM_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX + CDNA_BAR_MSIX:
		return CDNA_BAR_MSIX_SIZE;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return CONFIG_SPACE_BYTES;
	default:
		return 0;
	}
}

static bool region_bounded(u32 region, u64 offset, u32 len)
{
	u64 size = region_size(region);

	return len && offset < size && len <= size - offset;
}

static u8 region_msix_byte(const struct nicd *d, u32 offset)
{
	u32 pba = offset - CDNA_MSIX_PBA_OFFSET;

	if (offset < sizeof(d->msix))
		return d->msix[offset];
	if (pba < sizeof(u32))
		return (u8)(irq_pending_mask(&d->irq) >> (8 * pba));
	return 0;
}

static void region_msix_read(const struct nicd *d, u32 offset, u8 *dst, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		dst[i] = region_msix_byte(d, offset + i);
}

/* Only the table can be written; QEMU keeps its own and seldom asks. */
static void region_msix_write(struct nicd *d, u32 offset, const u8 *src,
			      u32 len)
{
	u32 i;

	for (i = 0; i < len && offset + i < sizeof(d->msix); i++)
		d->msix[offset + i] = src[i];
}

static void region_config_write(struct nicd *d, u32 offset, const u8 *src,
				u32 len)
{
	u32 did = config_space_write(&d->cs, offset, src, len);

	/* A reset leaves nothing of what else the write may have done. */
	if (did & CONFIG_SPACE_FLR)
		board_reset(d);
	else if (did & CONFIG_SPACE_COMMAND)
		board_command_changed(d);
}

/**
 * region_read() - a load from the function
 * @d: process
 * @region: VFIO_PCI_*_REGION_INDEX
 * @offset: in the region, in bytes
 * @dst: where to
 * @len: bytes
 *
 * Return: 0 or EINVAL.
 */
int region_read(struct nicd *d, u32 region, u64 offset, u8 *dst, u32 len)
{
	if (!region_bounded(region, offset, len))
		return EINVAL;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		config_space_read(&d->cs, (u32)offset, dst, len);
	else if (region == CDNA_BAR_SRAM)
		sram_guest_read(&d->sram, (u32)offset, dst, len);
	else
		region_msix_read(d, (u32)offset, dst, len);
	return 0;
}

/**
 * region_write() - a store to the function
 * @d: process
 * @region: VFIO_PCI_*_REGION_INDEX
 * @offset: in the region, in bytes
 * @src: what is stored
 * @len: bytes
 *
 * Return: 0 or EINVAL.
 */
int region_write(struct nicd *d, u32 region, u64 offset, const u8 *src, u32 len)
{
	if (!region_bounded(region, offset, len))
		return EINVAL;
	if (region == CDNA_BAR_SRAM)
		return sram_guest_write(&d->sram, (u32)offset, src, len) ?
			       0 : EINVAL;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		region_config_write(d, (u32)offset, src, len);
	else
		region_msix_write(d, (u32)offset, src, len);
	return 0;
}
