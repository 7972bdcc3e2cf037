// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draining the bit-vector ring. All pending slots are ORed before any bit is
 * handled, so that a source that was raised several times costs one callback,
 * and the NIC can use the slots again as soon as they are copied.
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
 * If slots were taken, the caller passes the new @ring->cons to the NIC before
 * it acts on @vector, so that a full ring has room again sooner (I7).
 *
 * Context: any; the caller serializes.
 * Return: how many slots were taken, or -EPROTO if the producer is more than a
 * ring ahead of the consumer.
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
 * @bits: length of @vector, which has words for that many; bits beyond them in
 *	the last word are ignored
 * @fn: what to call
 * @arg: passed to @fn
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
