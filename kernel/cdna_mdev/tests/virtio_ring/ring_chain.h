/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random chains that a driver adds, and what our walker has to make of them. Addresses of
 * the machine are those of this process.
 */
#ifndef RING_CHAIN_H
#define RING_CHAIN_H

#include "guard/cdna_virtq.h"

#define RING_MAX_SIZE	256		/* what our devices offer */
#define RING_SLOT_BYTES	(256u * 1024)	/* of memory for each chain */

enum ring_kind { RING_TRANSMIT, RING_RECEIVE, RING_CONTROL };

/* A buffer of a chain */
struct ring_buffer {
	u8 *at;
	u32 len;
};

/**
 * struct ring_chain - a chain, which is its own token
 * @memory: RING_SLOT_BYTES of its own
 * @outs: buffers for the device to read
 * @ins: and to write, behind them
 * @buffer: all of them
 * @in_ring: it was added, and did not come back
 * @head: which the walker found
 * @written: bytes that the device wrote
 * @mark: what it wrote
 */
struct ring_chain {
	u8 *memory;
	u32 outs;
	u32 ins;
	struct ring_buffer buffer[RING_MAX_SIZE];
	bool in_ring;
	u16 head;
	u32 written;
	u8 mark;
};

void ring_seed(u64 seed);
u32 ring_below(u32 bound);
void ring_chain_make(struct ring_chain *chain, enum ring_kind kind, u32 max);
const char *ring_chain_compare(const struct ring_chain *chain,
			       enum ring_kind kind,
			       const struct cdna_virtq_chain *got);
void ring_chain_write(struct ring_chain *chain,
		      const struct cdna_virtq_chain *got);
bool ring_chain_has(const struct ring_chain *chain);

#endif /* RING_CHAIN_H */
