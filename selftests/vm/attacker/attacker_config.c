// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks by configuration: of the card, of its interrupts, and of the host
 * bridge, which decides where the machine has memory.
 */
#include <linux/array_size.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "attacker_attacks.h"

#define CONFIG_BURST	32

/* The BAR of the MSI-X table stays where it is. Behind another one's address, the table
 * would get what other threads store there, and a message is stored wherever it says: the
 * rest of this machine's memory is spared, see attacker_dice.c.
 */
static void config_store(struct pci_dev *pdev, u32 offset, u32 width, u32 value)
{
	if ((offset & ~3u) == PCI_BASE_ADDRESS_0 + 4 * CDNA_VDEV_BAR_MSIX)
		return;
	switch (width) {
	case 1:
		pci_write_config_byte(pdev, offset, value);
		break;
	case 2:
		pci_write_config_word(pdev, offset & ~1u, value);
		break;
	default:
		pci_write_config_dword(pdev, offset & ~3u, value);
	}
}

/**
 * attack_config - write all bytes of configuration space, in any width
 * @card: any
 * @dice: choices
 *
 * The interrupts that this enables are those of attack_msix().
 *
 * Return: how many writes.
 */
u32 attack_config(struct card *card, struct dice *dice)
{
	u32 size = card->pdev->cfg_size, i, offset;

	down_read(&card->calm);
	for (i = 0; i < CONFIG_BURST; i++) {
		offset = dice_below(dice, dice_below(dice, 2) ? 0x60 : size);
		config_store(card->pdev, offset, 1 << dice_below(dice, 3),
			     dice_word(dice));
	}
	up_read(&card->calm);
	down_write(&card->calm);
	card_restore(card);
	up_write(&card->calm);
	return i;
}

/* Not that of the MSI-X table, see config_store() */
#define CONFIG_BARS	4

/**
 * attack_bars - move BARs, onto each other and onto memory, under use
 * @card: any
 * @dice: choices
 *
 * Return: how many moves.
 */
u32 attack_bars(struct card *card, struct dice *dice)
{
	u32 i, bar;

	down_read(&card->calm);
	for (i = 0; i < CONFIG_BURST / 4; i++) {
		bar = PCI_BASE_ADDRESS_0 + 4 * dice_below(dice, CONFIG_BARS);
		pci_write_config_dword(card->pdev, bar,
				       dice_below(dice, 2) ?
				       card->at[dice_below(dice, CARD_BARS)] :
				       lower_32_bits(dice_page(dice)));
		writel(dice_word(dice), card->bar[CARD_MAILBOX]);
		card_write(card, CDNA_VREG_TRAP, 1);
		if (dice_one_in(dice, 4))
			card_restore(card);
	}
	up_read(&card->calm);
	down_write(&card->calm);
	card_restore(card);
	up_write(&card->calm);
	return i;
}

/* Vectors that a Linux machine has for devices, delivered as such: whatever
 * else a message says (NMI, INIT, an exception), it says to this machine only,
 * which it ends.
 */
static u32 config_message(struct dice *dice)
{
	static const u32 modes[] = { 0, 1 << 8, 3 << 8 };

	return (0x81 + dice_below(dice, 0x6a)) |
	       modes[dice_below(dice, ARRAY_SIZE(modes))] |
	       dice_below(dice, 4) << 14;
}

/* A message that is not for a local APIC is stored, four bytes of it: not behind the pool,
 * which is other memory of this machine.
 */
static u32 config_target(const struct card *card, struct dice *dice)
{
	u64 address = dice_address(dice);
	u64 left = card->pool_at + CARD_POOL_BYTES - address;

	if (left && left < sizeof(u32))
		address -= sizeof(u32);
	return lower_32_bits(address);
}

/**
 * attack_msix - write the vector table and masks, with interrupts
 * @card: any
 * @dice: choices
 *
 * Return: how many writes.
 */
u32 attack_msix(struct card *card, struct dice *dice)
{
	void __iomem *table = card->bar[CARD_MSIX], *entry;
	u32 i;

	down_write(&card->calm);
	card_revive(card, dice);
	for (i = 0; i < CONFIG_BURST; i++) {
		entry = table + PCI_MSIX_ENTRY_SIZE *
			dice_below(dice, CDNA_VDEV_NR_VECTORS + 2);
		writel(config_message(dice), entry + PCI_MSIX_ENTRY_DATA);
		writel(dice_below(dice, 4) ?
		       0xfee00000 | dice_below(dice, 1 << 20) :
		       config_target(card, dice),
		       entry + PCI_MSIX_ENTRY_LOWER_ADDR);
		writel(dice_below(dice, 4) ? 0 : dice_word(dice),
		       entry + PCI_MSIX_ENTRY_UPPER_ADDR);
		writel(dice_below(dice, 2), entry + PCI_MSIX_ENTRY_VECTOR_CTRL);
		writel(dice_u32(dice), table + CDNA_VDEV_MSIX_PBA_OFFSET);
		pci_write_config_word(card->pdev,
				      card->pdev->msix_cap + PCI_MSIX_FLAGS,
				      dice_below(dice, 4) << 14);
		card_ring(card, CDNA_VQUEUE(0, dice_below(dice, CDNA_NR_DIRS)));
	}
	card_restore(card);
	up_write(&card->calm);
	return i * 5;
}

/* Have the device stop, in one of the ways that there are. */
static void config_stop(struct card *card, struct dice *dice)
{
	switch (dice_below(dice, 3)) {
	case 0:
		card_command(card, CDNA_VCMD_RESET);
		break;
	case 1:
		pci_write_config_word(card->pdev, PCI_COMMAND,
				      PCI_COMMAND_MEMORY);
		break;
	default:
		card_bus_reset(card);
	}
}

/**
 * attack_reset - a device that was reset under load must no longer reach memory
 * @card: any
 * @dice: choices
 *
 * Return: how many resets.
 */
u32 attack_reset(struct card *card, struct dice *dice)
{
	u8 mark = dice_u32(dice);
	u32 i;

	down_write(&card->calm);
	for (i = 0; i < 4; i++) {
		if (card_revive(card, dice))
			card_ring(card, CDNA_VQUEUE(0, CDNA_DIR_TX));
		config_stop(card, dice);
		memset(card->pool, mark, CARD_POOL_BYTES);
		usleep_range(1000, 3000);
		if (memchr_inv(card->pool, mark, CARD_POOL_BYTES))
			card_harm(card, "memory was written after a reset");
	}
	/* A storm of them, with nothing between */
	for (; i < 8; i++)
		config_stop(card, dice);
	card_restore(card);
	up_write(&card->calm);
	return i;
}

#define BRIDGE_DEVICE_Q35	0x29c0
#define BRIDGE_PAM		0x91	/* of 0xc0000 to 0xeffff */
#define BRIDGE_PAMS		6
#define BRIDGE_SMRAM		0x9d
#define BRIDGE_SMRAM_OPEN	0x68	/* all bits but that which locks it */

static DEFINE_MUTEX(bridge_lock);

/* Buffers and, maybe, the status page where memory comes and goes */
static void bridge_post(struct card *card, struct dice *dice)
{
	const u32 queue = CDNA_VQUEUE(0, CDNA_DIR_RX);
	struct cdna_desc_compact *ring;
	u32 i;

	card_revive(card, dice);
	card_create(card, queue);
	ring = card_memory(card, card_ring_page(queue));
	for (i = 0; i < CARD_SLOTS / 2; i++)
		ring[i] = (struct cdna_desc_compact) {
			.addr = cpu_to_le64(0xc0000 + dice_below(dice, 48) *
					    CDNA_PAGE_SIZE),
			.len = cpu_to_le16(2048),
		};
	card->tail[queue] = i;
	card_ring(card, queue);
}

/**
 * attack_host_bridge - take memory below 1 MiB away while it is in use
 * @card: any
 * @dice: choices
 *
 * Return: how many changes.
 */
u32 attack_host_bridge(struct card *card, struct dice *dice)
{
	struct pci_dev *bridge = pci_get_domain_bus_and_slot(0, 0, 0);
	u8 pam[BRIDGE_PAMS], smram;
	u32 i;

	if (!bridge || bridge->device != BRIDGE_DEVICE_Q35) {
		pci_dev_put(bridge);
		return 0;
	}
	mutex_lock(&bridge_lock);
	down_write(&card->calm);
	pci_read_config_byte(bridge, BRIDGE_SMRAM, &smram);
	for (i = 0; i < BRIDGE_PAMS; i++) {
		pci_read_config_byte(bridge, BRIDGE_PAM + i, &pam[i]);
		pci_write_config_byte(bridge, BRIDGE_PAM + i, 0x33);
	}
	bridge_post(card, dice);
	up_write(&card->calm);
	for (i = 0; i < BRIDGE_PAMS; i++)
		pci_write_config_byte(bridge, BRIDGE_PAM +
				      dice_below(dice, BRIDGE_PAMS),
				      dice_u32(dice) & 0x33);
	pci_write_config_byte(bridge, BRIDGE_SMRAM,
			      dice_u32(dice) & BRIDGE_SMRAM_OPEN);
	for (i = 0; i < BRIDGE_PAMS; i++)
		pci_write_config_byte(bridge, BRIDGE_PAM + i, pam[i]);
	pci_write_config_byte(bridge, BRIDGE_SMRAM, smram);
	mutex_unlock(&bridge_lock);
	pci_dev_put(bridge);
	return 3 * BRIDGE_PAMS + 2;
}
