// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a driver that an attack needs: a card comes to life again,
 * whatever was done to it, and is left as it was found.
 */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/unaligned.h>

#include "attacker_card.h"

static atomic_t card_harmed;

static const u8 card_bar_numbers[CARD_BARS] = {
	[CARD_MAILBOX] = CDNA_VDEV_BAR_MAILBOX,
	[CARD_REGS] = CDNA_VDEV_BAR_REGS,
	[CARD_MSIX] = CDNA_VDEV_BAR_MSIX,
};

/**
 * card_harm - count something that must not happen
 * @card: where it did
 * @what: it
 */
void card_harm(struct card *card, const char *what)
{
	if (atomic_inc_return(&card_harmed) < 10)
		pr_err("cdna_attacker: card of BAR %pa: %s\n", &card->at[0],
		       what);
}

/**
 * card_harms - what card_harm() has counted
 *
 * Return: how much.
 */
int card_harms(void)
{
	return atomic_read(&card_harmed);
}

static void card_unmap(struct card *card)
{
	u32 i;

	for (i = 0; i < CARD_BARS; i++)
		if (card->bar[i])
			iounmap(card->bar[i]);
}

static int card_map(struct card *card)
{
	u32 i;

	for (i = 0; i < CARD_BARS; i++) {
		card->at[i] = pci_resource_start(card->pdev,
						 card_bar_numbers[i]);
		card->bar[i] = pci_ioremap_bar(card->pdev, card_bar_numbers[i]);
		if (!card->bar[i])
			return -ENOMEM;
	}
	return 0;
}

/**
 * card_take - take a card that no driver has
 * @card: filled in
 * @pdev: the device; a reference to it is the card's from now on
 *
 * Return: 0 or an error.
 */
int card_take(struct card *card, struct pci_dev *pdev)
{
	int ret = pdev->bus->self ? pci_enable_device(pdev) : -ENXIO;

	card->pdev = pdev;
	init_rwsem(&card->calm);
	if (ret)
		goto put;
	pci_set_master(pdev);
	pci_save_state(pdev);
	ret = card_map(card);
	card->pool = (u8 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO,
					    CARD_POOL_ORDER);
	if (!ret && card->pool) {
		card->pool_at = virt_to_phys(card->pool);
		card->qps = clamp_t(u32, card_read(card, CDNA_VREG_QPS), 1,
				    CDNA_MAX_QPS);
		put_unaligned_le32(card_read(card, CDNA_VREG_MAC_LO),
				   card->mac);
		put_unaligned_le16(card_read(card, CDNA_VREG_MAC_HI),
				   card->mac + 4);
		return 0;
	}
	card_unmap(card);
	free_pages((unsigned long)card->pool, CARD_POOL_ORDER);
	pci_disable_device(pdev);
	ret = -ENOMEM;
put:
	pci_dev_put(pdev);
	return ret;
}

/**
 * card_release - leave a card as it was, with a device that reaches no memory
 * @card: taken; no attack goes on
 *
 * Return: 0; -EIO if the device cannot be stopped. Then it keeps its memory.
 */
int card_release(struct card *card)
{
	int ret = 0;

	card_bus_reset(card);
	pci_restore_state(card->pdev);
	card_restore(card);
	if (card_command(card, CDNA_VCMD_RESET) != CDNA_VRES_OK ||
	    card_read(card, CDNA_VREG_STATE) != CDNA_CTX_CONFIGURED)
		ret = -EIO;
	else
		free_pages((unsigned long)card->pool, CARD_POOL_ORDER);
	card_unmap(card);
	pci_clear_master(card->pdev);
	pci_disable_device(card->pdev);
	pci_dev_put(card->pdev);
	return ret;
}

/**
 * card_restore - have the BARs where they were, and the device on
 * @card: in any state
 */
void card_restore(struct card *card)
{
	struct pci_dev *pdev = card->pdev;
	u32 i;

	for (i = 0; i < CARD_BARS; i++)
		pci_write_config_dword(pdev, PCI_BASE_ADDRESS_0 +
				       4 * card_bar_numbers[i],
				       lower_32_bits(card->at[i]));
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, 0);
	pci_write_config_word(pdev, PCI_COMMAND,
			      PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/**
 * card_bus_reset - reset the device by the port that it is in
 * @card: in any state; its BARs are gone then
 */
void card_bus_reset(struct card *card)
{
	struct pci_dev *port = card->pdev->bus->self;
	u16 control;

	pci_read_config_word(port, PCI_BRIDGE_CONTROL, &control);
	control &= ~PCI_BRIDGE_CTL_BUS_RESET;
	pci_write_config_word(port, PCI_BRIDGE_CONTROL,
			      control | PCI_BRIDGE_CTL_BUS_RESET);
	pci_write_config_word(port, PCI_BRIDGE_CONTROL, control);
}

/**
 * card_read - read a register
 * @card: any
 * @reg: CDNA_VREG_*
 *
 * Return: it.
 */
u32 card_read(struct card *card, u32 reg)
{
	return readl(card->bar[CARD_REGS] + reg);
}

/**
 * card_write - write a register
 * @card: any
 * @reg: CDNA_VREG_*
 * @value: what
 */
void card_write(struct card *card, u32 reg, u32 value)
{
	writel(value, card->bar[CARD_REGS] + reg);
}

/**
 * card_write64 - write a pair of registers
 * @card: any
 * @reg: CDNA_VREG_*_LO
 * @value: what
 */
void card_write64(struct card *card, u32 reg, u64 value)
{
	card_write(card, reg, lower_32_bits(value));
	card_write(card, reg + sizeof(u32), upper_32_bits(value));
}

/**
 * card_command - run a command whose arguments are in the registers
 * @card: any
 * @command: which
 *
 * Return: enum cdna_vresult; what it is depends on who else runs one.
 */
u32 card_command(struct card *card, enum cdna_vcommand command)
{
	card_write(card, CDNA_VREG_COMMAND, command);
	return card_read(card, CDNA_VREG_RESULT);
}

/**
 * card_page - the address of a page of the pool
 * @card: any
 * @page: its number
 *
 * Return: as the device sees it.
 */
u64 card_page(const struct card *card, u32 page)
{
	return card->pool_at + page * CDNA_PAGE_SIZE;
}

/**
 * card_memory - the same page
 * @card: any
 * @page: its number
 *
 * Return: as this machine sees it.
 */
void *card_memory(const struct card *card, u32 page)
{
	return card->pool + page * CDNA_PAGE_SIZE;
}

/**
 * card_ring_page - where the ring of a queue is
 * @queue: CDNA_VQUEUE()
 *
 * A pair of queues has three pages: both rings, and the ring of completions.
 *
 * Return: the number of a page.
 */
u32 card_ring_page(u32 queue)
{
	return CARD_RINGS + queue / CDNA_NR_DIRS * 3 + queue % CDNA_NR_DIRS;
}

/**
 * card_create - make a queue of CARD_SLOTS slots, as a driver would
 * @card: active
 * @queue: CDNA_VQUEUE()
 *
 * Return: enum cdna_vresult.
 */
u32 card_create(struct card *card, u32 queue)
{
	u32 page = card_ring_page(queue);
	bool rx = queue % CDNA_NR_DIRS == CDNA_DIR_RX;

	card->tail[queue] = 0;
	card_write(card, CDNA_VREG_ARG_QUEUE, queue);
	card_write(card, CDNA_VREG_ARG_FORMAT,
		   rx ? CDNA_FORMAT_COMPACT : CDNA_FORMAT_OFFLOAD);
	card_write(card, CDNA_VREG_ARG_SLOTS, CARD_SLOTS);
	card_write(card, CDNA_VREG_ARG_OFFLOADS,
		   card_read(card, CDNA_VREG_OFFLOADS) &
		   (rx ? CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO :
			 CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 |
			 CDNA_OFFLOAD_TSO6 | CDNA_OFFLOAD_TX_VLAN));
	card_write64(card, CDNA_VREG_ARG_RING_LO, card_page(card, page));
	card_write64(card, CDNA_VREG_ARG_COMP_LO,
		     rx ? card_page(card, page + 1) : 0);
	return card_command(card, CDNA_VCMD_QUEUE_CREATE);
}

/* All buffers that a ring takes, so that what arrives is written somewhere */
static void card_fill(struct card *card, u32 queue)
{
	struct cdna_desc_compact *ring;
	u32 i;

	ring = card_memory(card, card_ring_page(queue));
	for (i = 0; i < CARD_SLOTS - 1; i++)
		ring[i] = (struct cdna_desc_compact) {
			.addr = cpu_to_le64(card_page(card, CARD_BUFFERS +
						      i % CARD_BUFFER_PAGES)),
			.len = cpu_to_le16(2048),
		};
	card->tail[queue] = CARD_SLOTS - 1;
	card_ring(card, queue);
}

/**
 * card_revive - have a card that works, with a few queue pairs
 * @card: in any state, and nobody else uses it
 * @dice: chooses what may be chosen: how many, and how the host is notified
 *
 * Return: how many queue pairs; 0 if the device does not do what it has to.
 */
u32 card_revive(struct card *card, struct dice *dice)
{
	u32 features, qps = 1 + dice_below(dice, card->qps), queue;
	bool page = dice_below(dice, 2);

	card->tried++;
	card_restore(card);
	if (card_command(card, CDNA_VCMD_RESET) != CDNA_VRES_OK)
		return 0;
	/* Not before: a store to a doorbell page traps. */
	memset(card->pool, 0, CARD_RINGS * CDNA_PAGE_SIZE);
	features = card_read(card, CDNA_VREG_FEATURES);
	if (!page)
		features &= ~CDNA_VFEAT_TRAP_PAGE;
	card_write(card, CDNA_VREG_ARG_FEATURES, features);
	card_write64(card, CDNA_VREG_ARG_STATUS_LO,
		     card_page(card, CARD_STATUS));
	card_write64(card, CDNA_VREG_ARG_TAILS_LO, card_page(card, CARD_TAILS));
	card_write64(card, CDNA_VREG_ARG_DOORBELL_LO,
		     features & CDNA_VFEAT_TRAP_PAGE ?
		     card_page(card, CARD_DOORBELL) : 0);
	if (card_command(card, CDNA_VCMD_ACTIVATE) != CDNA_VRES_OK)
		return 0;
	for (queue = 0; queue < qps * CDNA_NR_DIRS; queue++) {
		if (card_create(card, queue) != CDNA_VRES_OK)
			return 0;
		if (queue % CDNA_NR_DIRS == CDNA_DIR_RX)
			card_fill(card, queue);
	}
	card->revived++;
	return qps;
}

/**
 * card_ring - announce what was posted to a queue, in each way that there is
 * @card: any
 * @queue: CDNA_VQUEUE()
 */
void card_ring(struct card *card, u32 queue)
{
	struct cdna_tail_page *tails = card_memory(card, CARD_TAILS);
	u32 mailbox = CDNA_MBOX(queue / CDNA_NR_DIRS, queue % CDNA_NR_DIRS);

	WRITE_ONCE(tails->tail[queue], cpu_to_le32(card->tail[queue]));
	wmb(); /* descriptors and tails before the trap */
	WRITE_ONCE(*(u32 *)card_memory(card, CARD_DOORBELL), 1);
	card_write(card, CDNA_VREG_TRAP, 1);
	writel(card->tail[queue],
	       card->bar[CARD_MAILBOX] + CDNA_MBOX_OFFSET(mailbox));
}
