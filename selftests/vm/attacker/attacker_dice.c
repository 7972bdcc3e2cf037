// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random choices. Values are those at which checks may be wrong, and any
 * others.
 *
 * An address is memory of the attack, or of nobody. The rest of this machine's
 * memory is spared: the device may write to it, because it is this machine's,
 * and the host is not to blame for what that breaks. For the same reason each
 * half of an address is harmless with any other half: registers take halves.
 */
#include <linux/array_size.h>
#include <linux/minmax.h>

#include "attacker_card.h"
#include "attacker_dice.h"

/* No machine of the bed has memory from here up to 4 GiB. */
#define DICE_HOLE	0xc0000000
/* From here, the largest ring would reach memory above 1 MiB. */
#define DICE_LOW	0xe0000
#define DICE_LOW_END	0x100000

/**
 * dice_seed - begin
 * @dice: filled in
 * @seed: the same seed makes the same choices
 * @card: what addresses are chosen around
 */
void dice_seed(struct dice *dice, u64 seed, const struct card *card)
{
	prandom_seed_state(&dice->state, seed);
	dice->card = card;
}

/**
 * dice_u32 - any number
 * @dice: whose turn it is
 *
 * Return: it.
 */
u32 dice_u32(struct dice *dice)
{
	return prandom_u32_state(&dice->state);
}

/**
 * dice_below - a number below another
 * @dice: whose turn it is
 * @limit: more than 0
 *
 * Return: it.
 */
u32 dice_below(struct dice *dice, u32 limit)
{
	return dice_u32(dice) % limit;
}

/**
 * dice_one_in - something rare
 * @dice: whose turn it is
 * @n: how rare
 *
 * Return: true once in @n times.
 */
bool dice_one_in(struct dice *dice, u32 n)
{
	return !dice_below(dice, n);
}

/**
 * dice_word - a value for a register, an index or a mailbox
 * @dice: whose turn it is
 *
 * Return: it, often one at a boundary.
 */
u32 dice_word(struct dice *dice)
{
	static const u32 words[] = {
		0, 1, 2, 3, 7, 8, 15, 16, 17, 63, 64, 65, 255, 256, 4095, 4096,
		4097, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff,
	};

	switch (dice_below(dice, 4)) {
	case 0:
		return words[dice_below(dice, ARRAY_SIZE(words))];
	case 1:
		return dice_below(dice, 32);
	case 2:
		return BIT(dice_below(dice, 32)) - dice_below(dice, 2);
	default:
		return dice_u32(dice);
	}
}

/* What a machine has at fixed addresses: the hole for VGA and for ROMs below 1
 * MiB, the configuration space of q35, the I/O APIC, the local APICs and their
 * messages, the firmware's flash.
 */
static const struct {
	u32 start;
	u32 size;
} dice_places[] = {
	{ 0x000a0000, 0x20000 },
	{ 0x000c0000, 0x20000 },
	{ 0x000e0000, 0x10000 },
	{ 0x000f0000, 0x10000 },
	{ 0xb0000000, 0x10000000 },
	{ 0xfec00000, 0x1000 },
	{ 0xfee00000, 0x100000 },
	{ 0xfffc0000, 0x40000 },
};

static u64 dice_place(struct dice *dice)
{
	u32 n = dice_below(dice, ARRAY_SIZE(dice_places));

	return dice_places[n].start + dice_below(dice, dice_places[n].size);
}

/**
 * dice_address - an address for a device
 * @dice: whose turn it is
 *
 * Return: an address in the card's pool, more often than not; or a bad one.
 */
u64 dice_address(struct dice *dice)
{
	const struct card *card = dice->card;
	u64 low = dice_u32(dice) | DICE_HOLE;

	switch (dice_below(dice, 16)) {
	case 0:
		return card->at[dice_below(dice, CARD_BARS)] +
		       dice_below(dice, 2 * CDNA_PAGE_SIZE);
	case 1:
	case 2:
		return dice_place(dice);
	case 3:
		return low;
	case 4:
		/* Bits 32 to 63 of a size of its own */
		return low | (u64)dice_u32(dice) << 32 >> dice_below(dice, 32);
	case 5:
		return ~(u64)dice_below(dice, 8192);
	case 6:
		/* The two ends of the pool, where a length leads out of it */
		return card->pool_at + CARD_POOL_BYTES - 1 -
		       dice_below(dice, 16);
	default:
		return card->pool_at + dice_below(dice, CARD_POOL_BYTES);
	}
}

/**
 * dice_page - the same, aligned, as rings and pages have to be
 * @dice: whose turn it is
 *
 * Return: an address from which the largest ring does not reach other memory.
 */
u64 dice_page(struct dice *dice)
{
	const struct card *card = dice->card;
	u64 address = dice_address(dice) & ~(u64)(CDNA_PAGE_SIZE - 1);

	if (address - card->pool_at < CARD_POOL_BYTES)
		address = card->pool_at + (address - card->pool_at) / 2;
	if (address >= DICE_LOW && address < DICE_LOW_END)
		address -= DICE_LOW_END - DICE_LOW;
	return address & ~(u64)(CDNA_PAGE_SIZE - 1);
}

/**
 * dice_bytes - any contents
 * @dice: whose turn it is
 * @to: where to
 * @len: how many
 */
void dice_bytes(struct dice *dice, void *to, u32 len)
{
	prandom_bytes_state(&dice->state, to, len);
}
