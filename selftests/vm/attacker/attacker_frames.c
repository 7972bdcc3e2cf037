// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floods of frames that the network should not have to bear, by a card that
 * works.
 */
#include <linux/array_size.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/unaligned.h>

#include "attacker_attacks.h"

#define FRAMES_BURST	48
#define FRAMES_ROUNDS	4
#define FRAMES_TURNS	20

/* To everybody; groups, those for the next station among them; to a neighbour,
 * whose address differs in its last byte; to nobody.
 */
static void frames_to(struct card *card, struct dice *dice, u8 *mac)
{
	static const u8 station[ETH_ALEN] = { 0x01, 0x80, 0xc2 };

	switch (dice_below(dice, 5)) {
	case 0:
		eth_broadcast_addr(mac);
		break;
	case 1:
		ether_addr_copy(mac, station);
		mac[5] = dice_below(dice, 0x30);
		break;
	case 2:
		ether_addr_copy(mac, card->mac);
		mac[5] = dice_below(dice, 6);
		break;
	default:
		dice_bytes(dice, mac, ETH_ALEN);
	}
}

static void frames_from(struct card *card, struct dice *dice, u8 *mac)
{
	ether_addr_copy(mac, card->mac);
	switch (dice_below(dice, 4)) {
	case 0:
		mac[5] = dice_below(dice, 6);
		break;
	case 1:
		dice_bytes(dice, mac, ETH_ALEN);
		break;
	}
}

/* After the addresses. No payload is a valid packet: those of any machine on a
 * network can disturb others.
 */
static void frames_rest(struct dice *dice, u8 *at)
{
	static const u16 types[] = {
		ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, ETH_P_PAUSE, ETH_P_SLOW,
		ETH_P_LLDP, ETH_P_8021Q, ETH_P_8021AD, 0, 46, 1500, 1536,
	};
	u32 tags = dice_one_in(dice, 3) ? 1 + dice_below(dice, 3) : 0;

	for (; tags; tags--, at += 4) {
		put_unaligned_be16(dice_below(dice, 4) ? ETH_P_8021Q :
				   ETH_P_8021AD, at);
		put_unaligned_be16(dice_below(dice, 2) ? dice_below(dice, 12) :
				   dice_u32(dice), at + 2);
	}
	put_unaligned_be16(types[dice_below(dice, ARRAY_SIZE(types))], at);
	/* PAUSE as long as possible; no version of IP otherwise */
	put_unaligned_be16(1, at + 2);
	put_unaligned_be16(0xffff, at + 4);
}

static u32 frames_bytes(struct dice *dice)
{
	switch (dice_below(dice, 4)) {
	case 0:
		return 1 + dice_below(dice, 64);
	case 1:
		return 1514 + dice_below(dice, 20);
	case 2:
		return 9000 + dice_below(dice, 600);
	default:
		return 60 + dice_below(dice, 1455);
	}
}

/* One frame, in as many pages as it takes. Return: its descriptors */
static u32 frames_post(struct card *card, struct dice *dice, u32 queue)
{
	u32 left = frames_bytes(dice), chunk, count = 0, page;
	u8 *ring = card_memory(card, card_ring_page(queue));
	struct cdna_desc_offload *slots = (void *)ring, *slot;
	u8 *frame;

	while (left) {
		page = CARD_BUFFERS + dice_below(dice, CARD_BUFFER_PAGES);
		frame = card_memory(card, page);
		if (!count) {
			frames_to(card, dice, frame);
			frames_from(card, dice, frame + ETH_ALEN);
			frames_rest(dice, frame + 2 * ETH_ALEN);
		}
		chunk = min_t(u32, left, CDNA_PAGE_SIZE);
		left -= chunk;
		slot = &slots[card->tail[queue]++ % CARD_SLOTS];
		*slot = (struct cdna_desc_offload) {
			.addr = cpu_to_le64(card_page(card, page)),
			.len = cpu_to_le16(chunk),
			.flags = cpu_to_le16(left ? 0 : CDNA_DESC_EOP),
			.vlan_tci = cpu_to_le16(dice_below(dice, 12)),
		};
		if (!count && dice_one_in(dice, 8))
			slot->flags |= cpu_to_le16(CDNA_DESC_VLAN);
		count++;
	}
	return count;
}

/* Until the device has sent what was posted, or for a while: it may have
 * stopped the queue.
 */
static void frames_wait(struct card *card, u32 queue)
{
	struct cdna_qp_status *status = card_memory(card, CARD_STATUS);
	u32 turns = FRAMES_TURNS;

	status += queue / CDNA_NR_DIRS;
	while (turns-- && le32_to_cpu(READ_ONCE(status->tx_cons)) !=
			  card->tail[queue])
		usleep_range(500, 1000);
}

/**
 * attack_frames - send as much as the device takes
 * @card: any
 * @dice: choices
 *
 * Return: how many frames.
 */
u32 attack_frames(struct card *card, struct dice *dice)
{
	u32 round, queue, frames = 0, posted, qps;

	down_write(&card->calm);
	qps = card_revive(card, dice);
	for (round = 0; qps && round < FRAMES_ROUNDS; round++) {
		queue = CDNA_VQUEUE(dice_below(dice, qps), CDNA_DIR_TX);
		for (posted = 0; posted < FRAMES_BURST; frames++)
			posted += frames_post(card, dice, queue);
		card_ring(card, queue);
		frames_wait(card, queue);
	}
	up_write(&card->calm);
	return frames;
}
