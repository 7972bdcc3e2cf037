// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI configuration space: a table of what is where and what the host may
 * change. Everything else reads zero and ignores writes, so that any offset,
 * width and straddle is harmless.
 */
#include "config_space.h"

#include <cdna/regs.h>
#include <linux/pci_regs.h>

#define CS_PCIE			0x40	/* the capabilities' places */
#define CS_MSIX			0x80

#define CS_DEVCTL		(CS_PCIE + PCI_EXP_DEVCTL)
#define CS_CLASS_ETHERNET	0x020000
#define CS_LINK			(PCI_EXP_LNKSTA_CLS_2_5GB | \
				 PCI_EXP_LNKSTA_NLW_X1)

/* One register. Byte order is the bus's: little-endian. */
struct config_space_reg {
	u16 offset;
	u8 width;		/* bytes */
	u32 init;
	u32 writable;
};

static const struct config_space_reg config_space_regs[] = {
	{ PCI_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_DEVICE_ID, 2, CDNA_PCI_DEVICE_ID_NIC, 0 },
	{ PCI_COMMAND, 2, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
	  PCI_COMMAND_PARITY | PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0 },
	{ PCI_REVISION_ID, 1, 1, 0 },
	{ PCI_CLASS_PROG, 1, CS_CLASS_ETHERNET & 0xff, 0 },
	{ PCI_CLASS_DEVICE, 2, CS_CLASS_ETHERNET >> 8, 0 },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff },
	/* Writable from the size up: that is how a BAR tells its size. */
	{ PCI_BASE_ADDRESS_0, 4, 0, ~(CDNA_BAR_SRAM_SIZE - 1u) },
	{ PCI_BASE_ADDRESS_2, 4, 0, ~(CDNA_BAR_MSIX_SIZE - 1u) },
	{ PCI_SUBSYSTEM_VENDOR_ID, 2, CDNA_PCI_VENDOR_ID, 0 },
	{ PCI_SUBSYSTEM_ID, 2, CDNA_PCI_DEVICE_ID_NIC, 0 },
	{ PCI_CAPABILITY_LIST, 1, CS_PCIE, 0 },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff },

	{ CS_PCIE + PCI_CAP_LIST_ID, 1, PCI_CAP_ID_EXP, 0 },
	{ CS_PCIE + PCI_CAP_LIST_NEXT, 1, CS_MSIX, 0 },
	{ CS_PCIE + PCI_EXP_FLAGS, 2, PCI_EXP_TYPE_ENDPOINT << 4 | 2, 0 },
	{ CS_PCIE + PCI_EXP_DEVCAP, 4, PCI_EXP_DEVCAP_FLR |
	  PCI_EXP_DEVCAP_RBER, 0 },
	/* BCR_FLR reads zero: the reset is over when the write is. */
	{ CS_DEVCTL, 2, PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN |
	  PCI_EXP_DEVCTL_READRQ_512B,
	  PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE |
	  PCI_EXP_DEVCTL_URRE | PCI_EXP_DEVCTL_RELAX_EN |
	  PCI_EXP_DEVCTL_PAYLOAD | PCI_EXP_DEVCTL_NOSNOOP_EN |
	  PCI_EXP_DEVCTL_READRQ },
	{ CS_PCIE + PCI_EXP_LNKCAP, 4, CS_LINK, 0 },
	{ CS_PCIE + PCI_EXP_LNKCTL, 2, 0, PCI_EXP_LNKCTL_ASPMC |
	  PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_ES },
	{ CS_PCIE + PCI_EXP_LNKSTA, 2, CS_LINK, 0 },

	{ CS_MSIX + PCI_CAP_LIST_ID, 1, PCI_CAP_ID_MSIX, 0 },
	{ CS_MSIX + PCI_CAP_LIST_NEXT, 1, 0, 0 },
	{ CS_MSIX + PCI_MSIX_FLAGS, 2, CDNA_NR_VECTORS - 1,
	  PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL },
	{ CS_MSIX + PCI_MSIX_TABLE, 4, CDNA_MSIX_TABLE_OFFSET |
	  CDNA_BAR_MSIX, 0 },
	{ CS_MSIX + PCI_MSIX_PBA, 4, CDNA_MSIX_PBA_OFFSET |
	  CDNA_BAR_MSIX, 0 },
};

static_assert(CS_PCIE + 0x3c <= CS_MSIX, "the PCIe capability is 0x3c bytes");

/**
 * config_space_reset() - as after power-on
 * @cs: configuration space
 */
void config_space_reset(struct config_space *cs)
{
	const struct config_space_reg *r;
	u32 i;

	memset(cs, 0, sizeof(*cs));
	for (r = config_space_regs;
	     r < config_space_regs + FW_ARRAY_SIZE(config_space_regs); r++) {
		for (i = 0; i < r->width; i++) {
			cs->byte[r->offset + i] = (u8)(r->init >> (8 * i));
			cs->writable[r->offset + i] =
				(u8)(r->writable >> (8 * i));
		}
	}
}

/**
 * config_space_bus_master() - whether the host allows DMA
 * @cs: configuration space
 *
 * Return: the command register's bit.
 */
bool config_space_bus_master(const struct config_space *cs)
{
	return cs->byte[PCI_COMMAND] & PCI_COMMAND_MASTER;
}

/* The byte of Device Control that holds the reset bit, which never reads 1 */
static bool config_space_is_flr(u32 offset, u8 value)
{
	return offset == CS_DEVCTL + 1 &&
	       value & (PCI_EXP_DEVCTL_BCR_FLR >> 8);
}

/**
 * config_space_write() - a configuration write
 * @cs: configuration space
 * @offset: in bytes
 * @src: what was written
 * @len: bytes; the caller has checked that they are in it
 *
 * Return: CONFIG_SPACE_* flags: what the caller has to do now.
 */
u32 config_space_write(struct config_space *cs, u32 offset, const u8 *src,
		       u32 len)
{
	u32 i, did = 0;

	for (i = 0; i < len; i++, offset++) {
		u8 mask = cs->writable[offset];
		u8 value = (u8)((cs->byte[offset] & ~mask) | (src[i] & mask));

		if (offset / 2 == PCI_COMMAND / 2 && value != cs->byte[offset])
			did |= CONFIG_SPACE_COMMAND;
		if (config_space_is_flr(offset, src[i]))
			did |= CONFIG_SPACE_FLR;
		cs->byte[offset] = value;
	}
	return did;
}

/**
 * config_space_read() - a configuration read
 * @cs: configuration space
 * @offset: in bytes
 * @dst: where to
 * @len: bytes; the caller has checked that they are in it
 */
void config_space_read(const struct config_space *cs, u32 offset, u8 *dst,
		       u32 len)
{
	memcpy(dst, cs->byte + offset, len);
}
