// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space as a permission table: each row gives a field its value
 * at power-on and the bits that a guest may change. Bytes that no row names read
 * as zero and ignore writes.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/virtio_pci.h>

#include <cdna/regs.h>
#include <cdna/vdev.h>

#include "guard/cdna_notify.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_virtio_layout.h"

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

#define CONFIG_MSIX_FLAGS(vectors) \
	{ CONFIG_MSIX_CAP + PCI_MSIX_FLAGS, 2, (vectors) - 1, \
	  PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL }

/* What both devices have */
static const struct config_field config_common[] = {
	{ PCI_COMMAND, 2, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			     PCI_COMMAND_INTX_DISABLE },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0 },
	{ PCI_CLASS_REVISION, 4,
	  CONFIG_CLASS_ETHERNET << 8 | CONFIG_REVISION, 0 },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff },
	CONFIG_BAR(CDNA_VDEV_BAR_MAILBOX, CDNA_VDEV_BAR_MAILBOX_SIZE),
	CONFIG_BAR(CDNA_VDEV_BAR_REGS, CDNA_VDEV_BAR_REGS_SIZE),
	CONFIG_BAR(CDNA_VDEV_BAR_MSIX, CDNA_VDEV_BAR_MSIX_SIZE),
	{ PCI_CAPABILITY_LIST, 1, CONFIG_MSIX_CAP, 0 },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff },

	{ CONFIG_MSIX_CAP + PCI_CAP_LIST_ID, 1, PCI_CAP_ID_MSIX, 0 },
	{ CONFIG_MSIX_CAP + PCI_MSIX_TABLE, 4,
	  CDNA_VDEV_MSIX_TABLE_OFFSET | CDNA_VDEV_BAR_MSIX, 0 },
	{ CONFIG_MSIX_CAP + PCI_MSIX_PBA, 4,
	  CDNA_VDEV_MSIX_PBA_OFFSET | CDNA_VDEV_BAR_MSIX, 0 },
};

static const struct config_field config_cdna[] = {
	{ PCI_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_DEVICE_ID, 2, CDNA_PCI_DEVICE_ID_CONTEXT, 0 },
	{ PCI_SUBSYSTEM_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_SUBSYSTEM_ID, 2, CDNA_PCI_DEVICE_ID_CONTEXT, 0 },
	CONFIG_MSIX_FLAGS(CDNA_VDEV_NR_VECTORS),
};

/* A capability of a virtio device (Virtio 1.2, section 4.1.4): its head, and where
 * the structure is that it is about
 */
#define CONFIG_CAP(at, following, bytes, type) \
	{ at, 4, PCI_CAP_ID_VNDR | (following) << 8 | (bytes) << 16 | \
		 (u32)(type) << 24, 0 }
#define CONFIG_CAP_FIELD(at, field, bytes, value) \
	{ (at) + offsetof(struct virtio_pci_notify_cap, field), bytes, value, 0 }

#define CONFIG_COMMON	0x50
#define CONFIG_ISR	0x60
#define CONFIG_DEVICE	0x70
#define CONFIG_NOTIFY	0x80
#define CONFIG_WINDOW	0x94

#define CONFIG_WINDOW_DATA \
	(CONFIG_WINDOW + offsetof(struct virtio_pci_cfg_cap, pci_cfg_data))

static const struct config_field config_virtio[] = {
	{ PCI_VENDOR_ID, 2, CDNA_VIRTIO_VENDOR_ID, 0 },
	{ PCI_DEVICE_ID, 2, CDNA_VIRTIO_DEVICE_ID, 0 },
	{ PCI_SUBSYSTEM_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_SUBSYSTEM_ID, 2, CDNA_PCI_DEVICE_ID_CONTEXT, 0 },
	{ CONFIG_MSIX_CAP + PCI_CAP_LIST_NEXT, 1, CONFIG_COMMON, 0 },
	CONFIG_MSIX_FLAGS(CDNA_VIRTIO_NR_VECTORS),

	CONFIG_CAP(CONFIG_COMMON, CONFIG_ISR, sizeof(struct virtio_pci_cap),
		   VIRTIO_PCI_CAP_COMMON_CFG),
	CONFIG_CAP_FIELD(CONFIG_COMMON, cap.bar, 1, CDNA_VDEV_BAR_REGS),
	CONFIG_CAP_FIELD(CONFIG_COMMON, cap.offset, 4, CDNA_VIRTIO_COMMON),
	CONFIG_CAP_FIELD(CONFIG_COMMON, cap.length, 4, CDNA_VIRTIO_COMMON_BYTES),

	CONFIG_CAP(CONFIG_ISR, CONFIG_DEVICE, sizeof(struct virtio_pci_cap),
		   VIRTIO_PCI_CAP_ISR_CFG),
	CONFIG_CAP_FIELD(CONFIG_ISR, cap.bar, 1, CDNA_VDEV_BAR_REGS),
	CONFIG_CAP_FIELD(CONFIG_ISR, cap.offset, 4, CDNA_VIRTIO_ISR),
	CONFIG_CAP_FIELD(CONFIG_ISR, cap.length, 4, 1),

	CONFIG_CAP(CONFIG_DEVICE, CONFIG_NOTIFY, sizeof(struct virtio_pci_cap),
		   VIRTIO_PCI_CAP_DEVICE_CFG),
	CONFIG_CAP_FIELD(CONFIG_DEVICE, cap.bar, 1, CDNA_VDEV_BAR_REGS),
	CONFIG_CAP_FIELD(CONFIG_DEVICE, cap.offset, 4, CDNA_VIRTIO_DEVICE),
	CONFIG_CAP_FIELD(CONFIG_DEVICE, cap.length, 4, CDNA_VIRTIO_DEVICE_BYTES),

	CONFIG_CAP(CONFIG_NOTIFY, CONFIG_WINDOW, sizeof(struct virtio_pci_notify_cap),
		   VIRTIO_PCI_CAP_NOTIFY_CFG),
	CONFIG_CAP_FIELD(CONFIG_NOTIFY, cap.bar, 1, CDNA_VDEV_BAR_MAILBOX),
	CONFIG_CAP_FIELD(CONFIG_NOTIFY, cap.length, 4,
			 CDNA_VDEV_BAR_MAILBOX_SIZE),
	CONFIG_CAP_FIELD(CONFIG_NOTIFY, notify_off_multiplier, 4,
			 CDNA_NOTIFY_STRIDE),

	/* Its data are where these say: see cdna_config_window(). */
	CONFIG_CAP(CONFIG_WINDOW, 0, sizeof(struct virtio_pci_cfg_cap),
		   VIRTIO_PCI_CAP_PCI_CFG),
	{ CONFIG_WINDOW + VIRTIO_PCI_CAP_BAR, 1, 0, 0xff },
	{ CONFIG_WINDOW + VIRTIO_PCI_CAP_OFFSET, 4, 0, 0xffffffff },
	{ CONFIG_WINDOW + VIRTIO_PCI_CAP_LENGTH, 4, 0, 0xffffffff },
};

/**
 * struct config_table - rows of a device
 * @field: the rows
 * @count: how many
 */
struct config_table {
	const struct config_field *field;
	u32 count;
};

static const struct config_table config_tables[][2] = {
	[CDNA_CONFIG_CDNA] = {
		{ config_common, ARRAY_SIZE(config_common) },
		{ config_cdna, ARRAY_SIZE(config_cdna) },
	},
	[CDNA_CONFIG_VIRTIO] = {
		{ config_common, ARRAY_SIZE(config_common) },
		{ config_virtio, ARRAY_SIZE(config_virtio) },
	},
};

static u8 config_writable_in(const struct config_table *table, u32 offset)
{
	const struct config_field *field;
	u32 i;

	for (i = 0; i < table->count; i++) {
		field = &table->field[i];
		if (offset - field->offset < field->bytes)
			return field->writable >> 8 * (offset - field->offset);
	}
	return 0;
}

static u8 config_writable(const struct cdna_config *config, u32 offset)
{
	const struct config_table *tables = config_tables[config->kind];

	return config_writable_in(&tables[0], offset) |
	       config_writable_in(&tables[1], offset);
}

static void config_set(struct cdna_config *config,
		       const struct config_table *table)
{
	const struct config_field *field;
	u32 i, n;

	for (i = 0; i < table->count; i++) {
		field = &table->field[i];
		for (n = 0; n < field->bytes; n++)
			config->byte[field->offset + n] = field->value >> 8 * n;
	}
}

/**
 * cdna_config_init - configuration space as it is at power-on
 * @config: filled in
 * @kind: what the guest sees
 */
void cdna_config_init(struct cdna_config *config, enum cdna_config_kind kind)
{
	memset(config, 0, sizeof(*config));
	config->kind = kind;
	config_set(config, &config_tables[kind][0]);
	config_set(config, &config_tables[kind][1]);
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
		mask = config_writable(config, offset + i);
		config->byte[offset + i] = (config->byte[offset + i] & ~mask) |
					   (in[i] & mask);
	}
	return 0;
}

static u32 config_get(const struct cdna_config *config, u32 offset)
{
	return get_unaligned_le32(&config->byte[offset]);
}

/**
 * cdna_config_window - whether an access is one of a BAR, through configuration space
 * @config: whose
 * @offset: first byte
 * @count: bytes
 * @window: filled in if so
 *
 * A virtio device has such a window (Virtio 1.2, section 4.1.4.9), for those who cannot
 * reach its BARs.
 *
 * Return: true if it is of the window's data, of as many bytes as the guest has chosen or
 * more, and the choice can be right. That such bytes are in that BAR is not looked at.
 */
bool cdna_config_window(const struct cdna_config *config, u64 offset,
			size_t count, struct cdna_config_window *window)
{
	if (config->kind != CDNA_CONFIG_VIRTIO || offset != CONFIG_WINDOW_DATA)
		return false;
	window->bar = config->byte[CONFIG_WINDOW + VIRTIO_PCI_CAP_BAR];
	window->offset = config_get(config,
				    CONFIG_WINDOW + VIRTIO_PCI_CAP_OFFSET);
	window->length = config_get(config,
				    CONFIG_WINDOW + VIRTIO_PCI_CAP_LENGTH);
	return (window->length == 1 || window->length == 2 ||
		window->length == 4) &&
	       count >= window->length && window->bar < PCI_STD_NUM_BARS &&
	       !(window->offset % window->length);
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

/**
 * cdna_config_bar - where a guest has put a BAR
 * @config: whose
 * @bar: which
 *
 * Return: its address; 0 if it is not mapped.
 */
u32 cdna_config_bar(const struct cdna_config *config, u32 bar)
{
	if (!(config->byte[PCI_COMMAND] & PCI_COMMAND_MEMORY))
		return 0;
	return get_unaligned_le32(&config->byte[PCI_BASE_ADDRESS_0 + 4 * bar]) &
	       PCI_BASE_ADDRESS_MEM_MASK;
}
