/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings as a hostile guest writes them, from a seed or from a fuzzer's input, and what
 * is right to make of them.
 */
#ifndef VIRTQ_ATTACK_H
#define VIRTQ_ATTACK_H

#include "virtq_machine.h"

/**
 * struct attack_input - where choices come from
 * @data: next byte of an input; NULL: choices are pseudo-random
 * @left: bytes of it; what is not there is zero
 * @state: of the pseudo-random numbers, not 0
 */
struct attack_input {
	const u8 *data;
	size_t left;
	u64 state;
};

/**
 * struct attack_tally - what became of the rings
 * @rings: how many there were
 * @chains: taken
 * @drops: of these, those that no NIC can send
 * @faults: rings that stopped, by reason
 * @unreadable: rings that stopped because memory could not be read
 */
struct attack_tally {
	u64 rings;
	u64 chains;
	u64 drops;
	u64 faults[CDNA_NR_VFAULTS];
	u64 unreadable;
};

u32 attack_below(struct attack_input *in, u32 bound);
bool attack_rare(struct attack_input *in, u32 odds);
void attack_desc(struct virtq_machine *m, struct attack_input *in, s32 table,
		 u32 i, u32 count);
void attack_ring(struct attack_input *in, struct attack_tally *tally);

#endif /* VIRTQ_ATTACK_H */
