// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the NIC tells its host: rings that it fills.
 */
#include <string.h>

#include "harness.h"

/**
 * h_notify_init() - make a ring that the NIC fills
 * @h: the NIC
 * @ring: the ring
 * @slots: size
 * @bytes: of a slot
 */
void h_notify_init(struct h *h, struct h_notify *ring, u32 slots, u32 bytes)
{
	u32 size = (u32)sizeof(struct cdna_ring_header) + slots * bytes;

	ring->slots = slots;
	ring->bytes = bytes;
	ring->cons = 0;
	ring->addr = fake_alloc(h->board, FW_DMA_HOST, size, 64);
	memset(fake_ptr(h->board, ring->addr), 0, size);
}

/**
 * h_notify_next() - take the next slot of a ring that the NIC fills
 * @h: the NIC
 * @ring: the ring
 * @slot: where to copy it
 *
 * Return: false if there is none
 */
bool h_notify_next(struct h *h, struct h_notify *ring, void *slot)
{
	struct cdna_ring_header *header = fake_ptr(h->board, ring->addr);
	u32 prod = fw_le32(header->prod);
	u64 at;

	if (prod == ring->cons)
		return false;
	FAKE_CHECK(prod - ring->cons <= ring->slots || h->patience);
	if (prod - ring->cons > ring->slots)
		ring->cons = prod - 1;
	at = ring->addr + sizeof(*header) +
	     ring->cons++ % ring->slots * ring->bytes;
	memcpy(slot, fake_ptr(h->board, at), ring->bytes);
	return true;
}

/**
 * h_bits() - drain the bit-vector ring into h->bits
 * @h: the NIC
 *
 * Return: slots that were in it
 */
u32 h_bits(struct h *h)
{
	__le64 words[CDNA_MAX_BITVEC_WORDS];
	u32 slots = 0;
	u32 i;

	while (h_notify_next(h, &h->bitvec, words)) {
		for (i = 0; i < FW_BITVEC_WORDS; i++)
			h->bits[i] |= fw_le64(words[i]);
		slots++;
	}
	if (slots)
		fake_mbox_store(h->board, FW_PARTITION_MGMT,
				CDNA_MGMT_MBOX_BITVEC_CONS, h->bitvec.cons);
	return slots;
}

/**
 * h_bit_take() - drain the bit vectors and take one bit
 * @h: the NIC
 * @bit: interrupt source
 *
 * Return: whether it was set; it is cleared
 */
bool h_bit_take(struct h *h, u32 bit)
{
	u64 mask = 1ull << bit % 64;
	bool set;

	h_bits(h);
	set = h->bits[bit / 64] & mask;
	h->bits[bit / 64] &= ~mask;
	return set;
}

/**
 * h_events() - drain the event ring
 * @h: the NIC
 * @events: where to put them, little-endian as they are
 * @max: room there
 *
 * Return: how many there were
 */
u32 h_events(struct h *h, struct cdna_event *events, u32 max)
{
	struct cdna_event event;
	u32 n = 0;

	while (h_notify_next(h, &h->event, &event)) {
		if (n < max)
			events[n] = event;
		n++;
	}
	fake_mbox_store(h->board, FW_PARTITION_MGMT,
			CDNA_MGMT_MBOX_EVENT_CONS, h->event.cons);
	return n;
}
