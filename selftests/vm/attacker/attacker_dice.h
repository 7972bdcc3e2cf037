/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an attack chooses at random, from a seed.
 */
#ifndef ATTACKER_DICE_H
#define ATTACKER_DICE_H

#include <linux/prandom.h>

struct card;

/**
 * struct dice - the choices of one thread, which its seed repeats
 * @state: of the generator
 * @card: what addresses are chosen around
 */
struct dice {
	struct rnd_state state;
	const struct card *card;
};

void dice_seed(struct dice *dice, u64 seed, const struct card *card);
u32 dice_u32(struct dice *dice);
u32 dice_below(struct dice *dice, u32 limit);
bool dice_one_in(struct dice *dice, u32 n);
u32 dice_word(struct dice *dice);
u64 dice_address(struct dice *dice);
u64 dice_page(struct dice *dice);
void dice_bytes(struct dice *dice, void *to, u32 len);

#endif /* ATTACKER_DICE_H */
