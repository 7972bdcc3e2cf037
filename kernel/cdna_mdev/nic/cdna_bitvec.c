// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draining the bit-vector ring. All pending slots are ORed before anything is
 * done with them, so that a source that was raised several times costs one
 * callback, and the slots are free for the NIC as soon as they are copied.
 */
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

#include "nic/cdna_bitvec.h"

/*
 * The producer, as the NIC wrote it. Slots below it are read after it; pairs
 * with the NIC, which writes a slot before the producer.
 */
static u32 bitvec_producer(const struct cdna_bitvec *ring)
{
	u32 prod = le32_to_cpu(READ_ONCE(ring->header->prod));

	dma_rmb();
	return prod;
}

static const __le64 *bitvec_slot(const struct cdna_bitvec *ring, u32 index)
{
	const __le64 *first = (const __le64 *)(ring->header + 1);

	return first + (size_t)(index & (ring->slots - 1)) * ring->words;
}

/**
 * cdna_bitvec_take - take all pending slots
 * @ring: the ring
 * @vector: @ring->words words; pending bits are added to it
 *
 * The caller tells the NIC the new @ring->cons when slots were taken, and only
 * then acts on @vector: a full ring is open again the sooner (I7).
 *
 * Return: how many slots were taken, or -EPROTO if the producer is not within
 * a ring of the consumer: the NIC is out of its mind.
 */
int cdna_bitvec_take(struct cdna_bitvec *ring, u64 *vector)
{
	u32 pending = bitvec_producer(ring) - ring->cons;
	const __le64 *slot;
	u32 i, word;

	if (pending > ring->slots)
		return -EPROTO;
	for (i = 0; i < pending; i++) {
		slot = bitvec_slot(ring, ring->cons + i);
		for (word = 0; word < ring->words; word++)
			vector[word] |= le64_to_cpu(slot[word]);
	}
	ring->cons += pending;
	return pending;
}

/**
 * cdna_bitvec_each - call a function for each set bit, lowest first
 * @vector: the bits
 * @bits: length of @vector; it has words for as many bits, and what stands in
 *	the last word beyond them is ignored
 * @fn: what to call
 * @arg: handed through to @fn
 *
 * Return: how many bits were set.
 */
u32 cdna_bitvec_each(const u64 *vector, u32 bits, cdna_bitvec_fn fn, void *arg)
{
	u32 base, bit, count = 0;
	u64 word;

	for (base = 0; base < bits; base += 64) {
		for (word = vector[base / 64]; word; word &= word - 1) {
			bit = base + __ffs64(word);
			if (bit >= bits)
				break;
			fn(arg, bit);
			count++;
		}
	}
	return count;
}
