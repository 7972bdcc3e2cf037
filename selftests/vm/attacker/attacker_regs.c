// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks by registers and mailboxes: each offset, width and value; commands
 * with any arguments; queues that come and go.
 */
#include <linux/array_size.h>
#include <linux/io.h>

#include "attacker_attacks.h"

/* Tries between two looks at whether that is enough */
#define REGS_BURST	32

static bool regs_is_address(u32 offset)
{
	return (offset >= CDNA_VREG_ARG_STATUS_LO &&
		offset < CDNA_VREG_ARG_QUEUE) ||
	       (offset >= CDNA_VREG_ARG_RING_LO &&
		offset < CDNA_VREG_ARG_USECS);
}

/* See attacker_dice.c for why addresses are not just any. */
static u32 regs_value(struct dice *dice, u32 offset)
{
	u64 address;

	if (!regs_is_address(offset & ~3u))
		return dice_word(dice);
	address = dice_page(dice);
	if (dice_one_in(dice, 8))
		address += 1 + dice_below(dice, CDNA_PAGE_SIZE - 1);
	if (dice_one_in(dice, 8))
		return upper_32_bits(address);
	return lower_32_bits(address);
}

static void regs_store(void __iomem *at, u64 value, u32 width)
{
	switch (width) {
	case 1:
		writeb(value, at);
		break;
	case 2:
		writew(value, at);
		break;
	case 4:
		writel(value, at);
		break;
	default:
		writeq(value, at);
	}
}

static void regs_load(void __iomem *at, u32 width)
{
	switch (width) {
	case 1:
		readb(at);
		break;
	case 2:
		readw(at);
		break;
	case 4:
		readl(at);
		break;
	default:
		readq(at);
	}
}

static void regs_access(struct card *card, struct dice *dice, u32 bar)
{
	u32 width = 1 << dice_below(dice, 4);
	u32 offset = dice_below(dice, CDNA_PAGE_SIZE + 1 - width);
	void __iomem *at;
	u64 value;

	/* Half of them as the interface wants them, or nothing but checks of
	 * that is tested
	 */
	if (dice_below(dice, 2)) {
		width = 4;
		offset &= ~3u;
		if (bar == CARD_REGS && dice_below(dice, 4))
			offset &= 0xff;
	}
	at = card->bar[bar] + offset;
	if (bar == CARD_MSIX || dice_one_in(dice, 3)) {
		regs_load(at, width);
		return;
	}
	value = regs_value(dice, offset) |
		(u64)regs_value(dice, offset + sizeof(u32)) << 32;
	regs_store(at, value, width);
}

/**
 * attack_registers - any access to any BAR; the MSI-X table is only read here
 * @card: any
 * @dice: choices
 *
 * Return: how many accesses.
 */
u32 attack_registers(struct card *card, struct dice *dice)
{
	u32 i;

	down_read(&card->calm);
	for (i = 0; i < REGS_BURST; i++)
		regs_access(card, dice, dice_below(dice, CARD_BARS));
	up_read(&card->calm);
	return REGS_BURST;
}

/**
 * attack_mailboxes - any access to the page of mailboxes
 * @card: any
 * @dice: choices
 *
 * Return: how many accesses.
 */
u32 attack_mailboxes(struct card *card, struct dice *dice)
{
	u32 i, mailbox;

	down_read(&card->calm);
	for (i = 0; i < REGS_BURST; i++) {
		if (dice_one_in(dice, 4)) {
			regs_access(card, dice, CARD_MAILBOX);
			continue;
		}
		mailbox = dice_below(dice, CDNA_NR_MAILBOXES);
		writel(dice_word(dice), card->bar[CARD_MAILBOX] +
		       CDNA_MBOX_OFFSET(mailbox));
	}
	up_read(&card->calm);
	return REGS_BURST;
}

/* A word of struct cdna_rss, most times a valid one */
static void regs_rss(struct card *card, struct dice *dice)
{
	u32 at = 4 * dice_below(dice, sizeof(struct cdna_rss) / 4);
	u32 value = dice_word(dice);

	if (dice_below(dice, 64))
		value &= at == offsetof(struct cdna_rss, types) ?
			 CDNA_RSS_TYPES :
			 at == offsetof(struct cdna_rss, other) ? 1 : 0x01010101;
	card_write(card, CDNA_VREG_ARG_RSS + at, value);
}

/* Store an argument of some command. */
static void regs_argument(struct card *card, struct dice *dice)
{
	u32 offset = CDNA_VREG_ARG_FEATURES +
		     4 * dice_below(dice, (CDNA_VREG_ARG_MAC_HI + 4 -
					   CDNA_VREG_ARG_FEATURES) / 4);

	if (dice_one_in(dice, 4))
		regs_rss(card, dice);
	else
		card_write(card, offset, regs_value(dice, offset));
}

/**
 * attack_commands - any command, with some of its arguments wrong
 * @card: any
 * @dice: choices
 *
 * Return: how many commands.
 */
u32 attack_commands(struct card *card, struct dice *dice)
{
	u32 i, n;

	down_read(&card->calm);
	for (i = 0; i < REGS_BURST / 4; i++) {
		for (n = dice_below(dice, 4); n; n--)
			regs_argument(card, dice);
		if (dice_below(dice, 2))
			card_write(card, CDNA_VREG_ARG_QUEUE,
				   dice_below(dice, CDNA_VDEV_NR_QUEUES + 1));
		card_command(card, dice_one_in(dice, 16) ? dice_word(dice) :
				   dice_below(dice, CDNA_VCMD_SET_RSS + 2));
	}
	up_read(&card->calm);
	return REGS_BURST / 4;
}

/**
 * attack_storm - queues are made, posted to, drained and dropped
 * @card: any
 * @dice: choices
 *
 * Return: how many commands.
 */
u32 attack_storm(struct card *card, struct dice *dice)
{
	static const enum cdna_vcommand commands[] = {
		CDNA_VCMD_QUEUE_DESTROY, CDNA_VCMD_QUEUE_DESTROY,
		CDNA_VCMD_QUEUE_DRAIN, CDNA_VCMD_COALESCE, CDNA_VCMD_FILTER,
		CDNA_VCMD_RESET,
	};
	u32 i, queue;

	down_write(&card->calm);
	card_revive(card, dice);
	up_write(&card->calm);

	down_read(&card->calm);
	for (i = 0; i < REGS_BURST / 4; i++) {
		queue = dice_below(dice, card->qps * CDNA_NR_DIRS);
		card_create(card, queue);
		card->tail[queue] += dice_below(dice, CARD_SLOTS + 2);
		card_ring(card, queue);
		card_write(card, CDNA_VREG_ARG_QUEUE, queue);
		card_command(card, commands[dice_below(dice,
						       ARRAY_SIZE(commands))]);
	}
	up_read(&card->calm);
	return 2 * i;
}
