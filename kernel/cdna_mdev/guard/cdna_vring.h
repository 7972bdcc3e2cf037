/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's virtqueue as the source of a queue's descriptors.
 */
#ifndef CDNA_VRING_H
#define CDNA_VRING_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <cdna/desc.h>

#include "guard/cdna_virtq.h"

struct cdna_queue;

/**
 * struct cdna_vring_place - how far a virtqueue is: free-running indices
 * @next: of the next available entry that the device takes
 * @used: of the next used entry: what is between both was sent, but not reported
 * @moved: it has been elsewhere; its guest is interrupted for what was used there
 */
struct cdna_vring_place {
	u16 next;
	u16 used;
	bool moved;
};

/**
 * struct cdna_vring_params - where a guest has its virtqueue
 * @size: entries, a power of two, at most CDNA_MAX_USED_RING
 * @indirect: VIRTIO_RING_F_INDIRECT_DESC is in effect
 * @event_idx: VIRTIO_RING_F_EVENT_IDX is
 * @control: it is a control queue
 * @desc: guest-physical address of the descriptor table, a multiple of 16
 * @avail: of the available ring, a multiple of 2
 * @used: of the used ring, a multiple of 4
 * @place: where it begins; not far apart: at most @size
 */
struct cdna_vring_params {
	u16 size;
	bool indirect;
	bool event_idx;
	bool control;
	u64 desc;
	u64 avail;
	u64 used;
	struct cdna_vring_place place;
};

/**
 * struct cdna_vring - a virtqueue that is mapped
 * @queue: whose descriptors come from it
 * @virtq: the walker
 * @chain: what it has found; this and the next are protected by cdna_queue.trap_lock
 * @piece: the chain as the NIC is given it
 * @map: descriptor table, available ring and used ring, mapped from the begin of
 *	their first pages
 * @used_offset: where the used ring is in its first page
 * @offloads: CDNA_OFFLOAD_* that a transmit chain may ask for
 * @stalled: the NIC's ring was too full for a chain: the next that the NIC consumes
 *	has to be noticed
 * @news_lock: one source handler looks at what the guest wants
 */
struct cdna_vring {
	struct cdna_queue *queue;
	struct cdna_virtq virtq;
	struct cdna_virtq_chain chain;
	struct cdna_desc_virtio piece[CDNA_MAX_VIRTIO_CHAIN];
	void *map[3];
	u32 used_offset;
	u32 offloads;
	bool stalled;
	spinlock_t news_lock;	/* what was signalled */
};

int cdna_vring_create(struct cdna_queue *queue,
		      const struct cdna_vring_params *params, u32 offloads);
void cdna_vring_destroy(struct cdna_queue *queue);
int cdna_vring_read(void *owner, u64 addr, void *to, u32 len);
int cdna_vring_next(struct cdna_vring *vring);
void cdna_vring_begin(struct cdna_vring *vring);
bool cdna_vring_rest(struct cdna_vring *vring);
bool cdna_vring_stall(struct cdna_vring *vring, u32 released);
bool cdna_vring_news(struct cdna_queue *queue, unsigned long *resume);

#endif /* CDNA_VRING_H */
