/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attacks. Each makes some tries and returns how many. Those that take a
 * struct card hold it calm for as long as they need.
 */
#ifndef ATTACKER_ATTACKS_H
#define ATTACKER_ATTACKS_H

#include "attacker_card.h"
#include "attacker_dice.h"

/* attacker_regs.c */
u32 attack_registers(struct card *card, struct dice *dice);
u32 attack_mailboxes(struct card *card, struct dice *dice);
u32 attack_commands(struct card *card, struct dice *dice);
u32 attack_storm(struct card *card, struct dice *dice);

/* attacker_rings.c */
u32 attack_descriptors(struct card *card, struct dice *dice);
u32 attack_race(struct card *card, struct dice *dice);
u32 attack_pages(struct card *card, struct dice *dice);

/* attacker_frames.c */
u32 attack_frames(struct card *card, struct dice *dice);

/* attacker_config.c */
u32 attack_config(struct card *card, struct dice *dice);
u32 attack_bars(struct card *card, struct dice *dice);
u32 attack_msix(struct card *card, struct dice *dice);
u32 attack_reset(struct card *card, struct dice *dice);
u32 attack_host_bridge(struct card *card, struct dice *dice);

#endif /* ATTACKER_ATTACKS_H */
