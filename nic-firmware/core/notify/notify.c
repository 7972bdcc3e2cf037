// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Rings that the NIC fills in host memory: slot first, then producer; never
 * over a slot that is not consumed (paper 3.2).
 */
#include "notify/notify.h"

#include "notify/health.h"
#include "state.h"

/**
 * fw_notify_setup() - start to use a ring
 * @ring: the ring
 * @addr: bus address of its struct cdna_ring_header
 * @slots: a power of two
 * @slot_bytes: bytes of a slot
 */
void fw_notify_setup(struct fw_notify *ring, u64 addr, u32 slots,
		     u32 slot_bytes)
{
	ring->addr = addr;
	ring->slots = slots;
	ring->slot_bytes = slot_bytes;
	ring->prod = 0;
	ring->cons = 0;
}

/**
 * fw_notify_consumed() - take the consumer index from the mailbox
 * @ring: the ring
 * @cons: free-running; ignored if it is not between the last one and the
 *	producer
 */
void fw_notify_consumed(struct fw_notify *ring, u32 cons)
{
	if (ring->prod - cons <= ring->prod - ring->cons)
		ring->cons = cons;
}

/**
 * fw_notify_room() - how many slots can be written
 * @ring: the ring
 *
 * Return: slots; 0 while the ring is not set up
 */
u32 fw_notify_room(const struct fw_notify *ring)
{
	return ring->slots - (ring->prod - ring->cons);
}

/**
 * fw_notify_push() - write a slot, then the producer
 * @nic: the NIC
 * @ring: the ring
 * @slot: the slot's bytes
 *
 * Return: FW_OK, FW_ENOSPC, or FW_EFAULT, which has not used up the slot
 */
int fw_notify_push(struct fw_nic *nic, struct fw_notify *ring,
		   const void *slot)
{
	u32 at = sizeof(struct cdna_ring_header) +
		 (ring->prod & (ring->slots - 1)) * ring->slot_bytes;
	__le32 prod = fw_to_le32(ring->prod + 1);

	if (!fw_notify_room(ring))
		return FW_ENOSPC;
	if (fw_dma_write(nic, FW_DMA_HOST, ring->addr + at, slot,
			 ring->slot_bytes) ||
	    fw_dma_write(nic, FW_DMA_HOST, ring->addr, &prod, sizeof(prod))) {
		fw_health_unreachable(nic, ring->addr);
		return FW_EFAULT;
	}
	ring->prod++;
	return FW_OK;
}
