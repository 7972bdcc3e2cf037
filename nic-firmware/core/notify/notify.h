/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Rings that the NIC fills in host memory: admin completions, events, bit
 * vectors (include/cdna/rings.h).
 */
#ifndef FW_NOTIFY_H
#define FW_NOTIFY_H

#include <cdna/rings.h>

#include "base/port.h"

struct fw_nic;

/**
 * struct fw_notify - a ring that the NIC fills
 * @addr: bus address of its struct cdna_ring_header, 0 while not set up
 * @slots: a power of two
 * @slot_bytes: of a slot
 * @prod: free-running
 * @cons: free-running, from the host's mailbox, bounded
 */
struct fw_notify {
	u64 addr;
	u32 slots;
	u32 slot_bytes;
	u32 prod;
	u32 cons;
};

void fw_notify_setup(struct fw_notify *ring, u64 addr, u32 slots,
		     u32 slot_bytes);
void fw_notify_consumed(struct fw_notify *ring, u32 cons);
u32 fw_notify_room(const struct fw_notify *ring);
int fw_notify_push(struct fw_nic *nic, struct fw_notify *ring,
		   const void *slot);

#endif /* FW_NOTIFY_H */
