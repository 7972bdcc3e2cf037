/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event ring: faults and link changes that the NIC reports.
 */
#ifndef CDNA_EVENTS_H
#define CDNA_EVENTS_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <cdna/rings.h>

struct cdna_nic;

#define CDNA_EVENTS_SLOTS	256

/**
 * struct cdna_events - the event ring of a NIC
 * @ring: header, then slots
 * @dma: its DMA address
 * @cons: free-running index one past the last event taken; written by @work
 * @work: takes events
 * @lock: held while a callback of the client runs; protects all below
 * @link: the wire is up
 * @open: callbacks of the client may be called
 * @dead_reported: the client was notified that the NIC is dead
 * @taken: events taken
 * @ignored: those of unknown type or out of bounds
 */
struct cdna_events {
	struct cdna_ring_header *ring;
	dma_addr_t dma;
	u32 cons;
	struct work_struct work;
	struct mutex lock; /* protects all below; held over callbacks */
	bool link;
	bool open;
	bool dead_reported;
	u64 taken;
	u64 ignored;
};

int cdna_events_alloc(struct cdna_nic *nic);
void cdna_events_stop(struct cdna_nic *nic);
void cdna_events_start(struct cdna_nic *nic);
void cdna_events_open(struct cdna_nic *nic);
void cdna_events_mute(struct cdna_nic *nic);
void cdna_events_kick(struct cdna_nic *nic);
void cdna_events_dead(struct cdna_nic *nic);

#endif /* CDNA_EVENTS_H */
