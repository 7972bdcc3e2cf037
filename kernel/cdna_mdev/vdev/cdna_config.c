// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space as a permission table: each row gives a field its value
 * at power-on and the bits that a guest may change. Bytes that no row names read
 * as zero and ignore writes.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include <cdna/regs.h>
#include <cdna/vdev.h>

#include "vdev/cdna_config.h"

#define CONFIG_MSIX_CAP		0x40
#define CONFIG_CLASS_ETHERNET	0x020000
#define CONFIG_REVISION		1

/**
 * struct config_field - a row of the table
 * @offset: of its first byte
 * @bytes: 1, 2 or 4
 * @value: at power-on, little-endian
 * @writable: bits that a guest may change
 */
struct config_field {
	u16 offset;
	u16 bytes;
	u32 value;
	u32 writable;
};

/* A memory BAR of 2^n bytes keeps its low bits at zero, which shows its size */
#define CONFIG_BAR(n, size) \
	{ PCI_BASE_ADDRESS_0 + 4 * (n), 4, 0, ~((u32)(size) - 1) }

static const struct config_field config_table[] = {
	{ PCI_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_DEVICE_ID, 2, CDNA_PCI_DEVICE_ID_CONTEXT, 0 },
	{ PCI_COMMAND, 2, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			     PCI_COMMAND_INTX_DISABLE },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0 },
	{ PCI_CLASS_REVISION, 4,
	  CONFIG_CLASS_ETHERNET << 8 | CONFIG_REVISION, 0 },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff },
	CONFIG_BAR(CDNA_VDEV_BAR_MAILBOX, CDNA_VDEV_BAR_MAILBOX_SIZE),
	CONFIG_BAR(CDNA_VDEV_BAR_REGS, CDNA_VDEV_BAR_REGS_SIZE),
	CONFIG_BAR(CDNA_VDEV_BAR_MSIX, CDNA_VDEV_BAR_MSIX_SIZE),
	{ PCI_SUBSYSTEM_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_SUBSYSTEM_ID, 2, CDNA_PCI_DEVICE_ID_CONTEXT, 0 },
	{ PCI_CAPABILITY_LIST, 1, CONFIG_MSIX_CAP, 0 },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff },

	{ CONFIG_MSIX_CAP + PCI_CAP_LIST_ID, 1, PCI_CAP_ID_MSIX, 0 },
	{ CONFIG_MSIX_CAP + PCI_MSIX_FLAGS, 2, CDNA_VDEV_NR_VECTORS - 1,
	  PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL },
	{ CONFIG_MSIX_CAP + PCI_MSIX_TABLE, 4,
	  CDNA_VDEV_MSIX_TABLE_OFFSET | CDNA_VDEV_BAR_MSIX, 0 },
	{ CONFIG_MSIX_CAP + PCI_MSIX_PBA, 4,
	  CDNA_VDEV_MSIX_PBA_OFFSET | CDNA_VDEV_BAR_MSIX, 0 },
};

static u8 config_writable(u32 offset)
{
	const struct config_field *field;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(config_table); i++) {
		field = &config_table[i];
		if (offset - field->offset < field->bytes)
			return field->writable >> 8 * (offset - field->offset);
	}
	return 0;
}

/**
 * cdna_config_init - configuration space as it is at power-on
 * @config: filled in
 */
void cdna_config_init(struct cdna_config *config)
{
	const struct config_field *field;
	u32 i, n;

	memset(config, 0, sizeof(*config));
	for (i = 0; i < ARRAY_SIZE(config_table); i++) {
		field = &config_table[i];
		for (n = 0; n < field->bytes; n++)
			config->byte[field->offset + n] = field->value >> 8 * n;
	}
}

static bool config_inside(u64 offset, size_t count)
{
	return offset < CDNA_CONFIG_BYTES && count &&
	       count <= CDNA_CONFIG_BYTES - offset;
}

/**
 * cdna_config_read - read configuration space
 * @config: whose
 * @offset: first byte
 * @to: buffer of @count bytes
 * @count: bytes, of any width and alignment
 *
 * Return: 0, or -EINVAL if it is not all inside.
 */
int cdna_config_read(const struct cdna_config *config, u64 offset, void *to,
		     size_t count)
{
	if (!config_inside(offset, count))
		return -EINVAL;
	memcpy(to, config->byte + offset, count);
	return 0;
}

/**
 * cdna_config_write - write configuration space, where that is allowed
 * @config: whose
 * @offset: first byte
 * @from: @count bytes
 * @count: bytes, of any width and alignment
 *
 * Bits that are not writable stay as they are.
 *
 * Return: 0, or -EINVAL if it is not all inside.
 */
int cdna_config_write(struct cdna_config *config, u64 offset, const void *from,
		      size_t count)
{
	const u8 *in = from;
	size_t i;
	u8 mask;

	if (!config_inside(offset, count))
		return -EINVAL;
	for (i = 0; i < count; i++) {
		mask = config_writable(offset + i);
		config->byte[offset + i] = (config->byte[offset + i] & ~mask) |
					   (in[i] & mask);
	}
	return 0;
}

/**
 * cdna_config_masters - may the device reach memory?
 * @config: whose
 *
 * Return: whether the guest has enabled bus mastering.
 */
bool cdna_config_masters(const struct cdna_config *config)
{
	return config->byte[PCI_COMMAND] & PCI_COMMAND_MASTER;
}
