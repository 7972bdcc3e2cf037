/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring of which the kernel's virtio_ring.c is one side, and our walker, with a writer of
 * its used ring, is the other. Both are in one thread: what each does next is random. A
 * side that has nothing to do sleeps until it is notified, as it would be.
 *
 * Positions count chains from the beginning and never wrap. What has to happen is derived
 * from them, not from functions that either side uses.
 */
#ifndef RING_H
#define RING_H

#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "softnic_used.h"

#include "ring_chain.h"

enum ring_writer { RING_BY_HOST, RING_BY_SOFTNIC, RING_BY_FIRMWARE };

/**
 * struct ring_case - what varies
 * @size: of the ring
 * @kind: of the queue
 * @indirect: VIRTIO_F_INDIRECT_DESC
 * @event_idx: VIRTIO_F_EVENT_IDX
 * @writer: of the used ring
 */
struct ring_case {
	u32 size;
	enum ring_kind kind;
	bool indirect;
	bool event_idx;
	enum ring_writer writer;
};

/**
 * struct ring - both sides
 * @how: what varies
 * @vdev: the driver's device
 * @vq: its queue
 * @vring: where the parts of the ring are
 * @memory: of the ring
 * @limit: chains to be added
 * @added: chains that the driver has added
 * @got: that it got back
 * @kicked: @added when it last looked whether to notify
 * @notified: how often it has notified
 * @driver_sleeps: until an interrupt
 * @quiet: it has disabled interrupts
 * @dev: the walker
 * @softnic: the softnic's writer
 * @taken: chains that the walker has found
 * @held: those of them that have not been used, in any order
 * @nr_held: how many these are
 * @used: chains that have been used
 * @event: where the walker wants to be notified
 * @unwanted: it wants that nowhere, if there are no event indices
 * @walker_sleeps: until a notification, or the last chain is used
 * @looked: @used when it was last asked whether the driver wants an interrupt
 * @asked: it was
 * @order: chains as they were added, by position
 * @back: chains as they were used, by position
 * @chain: all chains
 */
struct ring {
	struct ring_case how;

	struct virtio_device vdev;
	struct virtqueue *vq;
	struct vring vring;
	void *memory;
	u64 limit;
	u64 added;
	u64 got;
	u64 kicked;
	u32 notified;
	bool driver_sleeps;
	bool quiet;

	struct cdna_virtq dev;
	struct softnic_used softnic;
	u64 taken;
	struct ring_chain *held[RING_MAX_SIZE];
	u32 nr_held;
	u64 used;
	u64 event;
	bool unwanted;
	bool walker_sleeps;
	u64 looked;
	bool asked;

	struct ring_chain *order[RING_MAX_SIZE];
	struct ring_chain *back[RING_MAX_SIZE];
	struct ring_chain chain[RING_MAX_SIZE];
};

/* In one place, as the test ends there */
void ring_fail(const struct ring *ring, const char *why)
	__attribute__((noreturn));

static inline void ring_expect(const struct ring *ring, bool holds,
			       const char *otherwise)
{
	if (!holds)
		ring_fail(ring, otherwise);
}

/* Virtio 1.2, section 2.7.7 and 2.7.10: is an index that the other side wants to hear of,
 * modulo 65536, among those that are new?
 */
static inline bool ring_passes(u16 event, u64 old, u64 new)
{
	for (; old < new; old++)
		if ((u16)old == event)
			return true;
	return false;
}

void ring_driver_begin(struct ring *ring, u8 *memory);
void ring_driver_step(struct ring *ring);
void ring_driver_end(struct ring *ring);
void ring_device_begin(struct ring *ring);
bool ring_device_step(struct ring *ring);
void ring_device_end(struct ring *ring);

#endif /* RING_H */
