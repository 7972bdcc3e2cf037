// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks by memory that the host reads: descriptors, tails, and which pages
 * they are in.
 */
#include <linux/array_size.h>
#include <linux/sched.h>

#include "attacker_attacks.h"

#define RINGS_BURST	64
#define RINGS_REWRITES	200

static u16 rings_length(struct dice *dice)
{
	static const u16 lengths[] = {
		0, 1, 13, 14, 59, 60, 1514, 1518, 4095, 4096, 4097, 9000,
		0x7fff, 0x8000, 0xffff,
	};

	return dice_below(dice, 2) ? 60 + dice_below(dice, 1455) :
	       lengths[dice_below(dice, ARRAY_SIZE(lengths))];
}

/* A descriptor of the larger format, of which the smaller one is a part. A
 * sequence number is the host's to write; what is in its place here must not
 * matter.
 */
static void rings_descriptor(struct dice *dice, struct cdna_desc_offload *desc)
{
	struct cdna_desc_offload wrong;

	dice_bytes(dice, &wrong, sizeof(wrong));
	if (dice_below(dice, 4)) {
		wrong.len = cpu_to_le16(rings_length(dice));
		wrong.flags = cpu_to_le16(dice_below(dice, 3) ? CDNA_DESC_EOP :
					  dice_word(dice) & CDNA_DESC_FLAGS);
		wrong.csum_start = cpu_to_le16(dice_below(dice, 100));
		wrong.csum_offset = cpu_to_le16(dice_below(dice, 40));
		wrong.mss = cpu_to_le16(dice_word(dice));
	}
	wrong.addr = cpu_to_le64(dice_address(dice));
	memcpy(desc, &wrong, dice_below(dice, 2) ? sizeof(wrong) :
	       sizeof(struct cdna_desc_compact));
}

/* A ring, if the queue is one that card_create() has made */
static struct cdna_desc_offload *rings_slot(struct card *card, u32 queue, u32 n)
{
	u8 *ring = card_memory(card, card_ring_page(queue));
	u32 size = queue % CDNA_NR_DIRS == CDNA_DIR_RX ?
		   sizeof(struct cdna_desc_compact) :
		   sizeof(struct cdna_desc_offload);

	return (void *)(ring + n % CARD_SLOTS * size);
}

/* Frames that are right but for one descriptor in some: a queue that is stopped
 * at its first descriptor shows little.
 */
static void rings_good(struct card *card, struct dice *dice,
		       struct cdna_desc_offload *desc)
{
	u64 address = card_page(card, CARD_BUFFERS +
				dice_below(dice, CARD_BUFFER_PAGES));

	desc->addr = cpu_to_le64(address);
	desc->len = cpu_to_le16(60 + dice_below(dice, 1455));
	desc->flags = cpu_to_le16(dice_one_in(dice, 4) ? 0 : CDNA_DESC_EOP);
}

/**
 * attack_descriptors - post descriptors of which some are wrong
 * @card: any
 * @dice: choices
 *
 * Return: how many descriptors.
 */
u32 attack_descriptors(struct card *card, struct dice *dice)
{
	u32 count = 1 + dice_below(dice, RINGS_BURST), i, queue, rare;

	down_write(&card->calm);
	card_revive(card, dice);
	up_write(&card->calm);

	down_read(&card->calm);
	queue = dice_below(dice, card->qps * CDNA_NR_DIRS);
	rare = 1 + dice_below(dice, 3) * 16;
	for (i = 0; i < count; i++) {
		struct cdna_desc_offload *desc =
			rings_slot(card, queue, card->tail[queue]++);

		if (dice_one_in(dice, rare))
			rings_descriptor(dice, desc);
		else
			rings_good(card, dice, desc);
	}
	if (dice_one_in(dice, 8))
		card->tail[queue] = dice_word(dice);
	card_ring(card, queue);
	up_read(&card->calm);
	return count;
}

/**
 * attack_race - rewrite what the host may be reading
 * @card: any
 * @dice: choices
 *
 * It is a race if another processor rings meanwhile, or the device writes: a
 * receive buffer may be a ring.
 *
 * Return: how many descriptors.
 */
u32 attack_race(struct card *card, struct dice *dice)
{
	struct cdna_tail_page *tails = card_memory(card, CARD_TAILS);
	struct cdna_desc_offload good, *slot;
	u32 i, queue;

	down_read(&card->calm);
	for (i = 0; i < RINGS_REWRITES; i++) {
		queue = dice_below(dice, card->qps * CDNA_NR_DIRS);
		slot = rings_slot(card, queue, dice_u32(dice));
		rings_good(card, dice, &good);
		WRITE_ONCE(slot->addr, cpu_to_le64(dice_address(dice)));
		WRITE_ONCE(slot->len, cpu_to_le16(rings_length(dice)));
		WRITE_ONCE(slot->flags, cpu_to_le16(dice_u32(dice)));
		WRITE_ONCE(slot->addr, good.addr);
		WRITE_ONCE(slot->len, good.len);
		WRITE_ONCE(slot->flags, good.flags);
		if (dice_one_in(dice, 16))
			WRITE_ONCE(tails->tail[queue],
				   cpu_to_le32(card->tail[queue] +
					       dice_below(dice, 80)));
		if (dice_one_in(dice, 64))
			card_ring(card, queue);
	}
	up_read(&card->calm);
	return RINGS_REWRITES;
}

/* A card is activated with these pages, one of which may be anywhere. */
static void rings_activate(struct card *card, struct dice *dice)
{
	static const u32 args[] = {
		CDNA_VREG_ARG_STATUS_LO, CDNA_VREG_ARG_TAILS_LO,
		CDNA_VREG_ARG_DOORBELL_LO,
	};
	u32 wrong = dice_below(dice, ARRAY_SIZE(args)), i;
	u64 page;

	card_command(card, CDNA_VCMD_RESET);
	card_write(card, CDNA_VREG_ARG_FEATURES,
		   card_read(card, CDNA_VREG_FEATURES));
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		page = card_page(card, i);
		if (i == wrong)
			page = dice_one_in(dice, 3) ?
			       card_page(card, card_ring_page(CDNA_DIR_TX)) :
			       dice_address(dice) & PAGE_MASK;
		card_write64(card, args[i], page);
	}
	card_command(card, CDNA_VCMD_ACTIVATE);
}

/**
 * attack_pages - status, tails and doorbell where none of them belongs
 * @card: any
 * @dice: choices
 *
 * Return: how many pages.
 */
u32 attack_pages(struct card *card, struct dice *dice)
{
	u32 i, n, queue;

	down_write(&card->calm);
	card_restore(card);
	for (i = 0; i < 4; i++) {
		rings_activate(card, dice);
		queue = dice_below(dice, CDNA_NR_DIRS);
		card_create(card, queue);
		for (n = 0; n < 8; n++)
			rings_good(card, dice,
				   rings_slot(card, queue,
					      card->tail[queue]++));
		card_ring(card, queue);
	}
	up_write(&card->calm);
	return i;
}
