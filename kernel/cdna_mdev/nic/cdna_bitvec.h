/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bit-vector ring as pure logic: takes what the NIC wrote, and uses neither
 * an interrupt nor a device (paper 3.2).
 */
#ifndef CDNA_BITVEC_H
#define CDNA_BITVEC_H

#include <linux/types.h>

#include <cdna/rings.h>

/**
 * struct cdna_bitvec - host's side of a bit-vector ring
 * @header: start of the ring, written by the NIC
 * @slots: number of slots, a power of two
 * @words: 64-bit words of a slot, 1 to CDNA_MAX_BITVEC_WORDS
 * @cons: free-running index one past the last slot taken
 */
struct cdna_bitvec {
	const struct cdna_ring_header *header;
	u32 slots;
	u32 words;
	u32 cons;
};

/**
 * typedef cdna_bitvec_fn - a bit was set
 * @arg: as given to cdna_bitvec_each()
 * @bit: its number
 */
typedef void (*cdna_bitvec_fn)(void *arg, u32 bit);

int cdna_bitvec_take(struct cdna_bitvec *ring, u64 *vector);
u32 cdna_bitvec_each(const u64 *vector, u32 bits, cdna_bitvec_fn fn, void *arg);

#endif /* CDNA_BITVEC_H */
