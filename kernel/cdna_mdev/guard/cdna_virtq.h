/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A walker of split virtqueues (Virtio 1.2, section 2.7): what the guest made
 * available, chain by chain, as pieces within pages. Pure: it reads rings that are
 * mapped, and the rest of the machine's memory by an operation of its user.
 *
 *   avail->ring[]     desc[]                 in memory that a descriptor names
 *   +------+        +-------------------+
 *   | head | -----> | addr len NEXT     |
 *   +------+        +-------------------+     +-------------------+
 *                   | addr len INDIRECT | --> | addr len NEXT     |
 *                   +-------------------+     +-------------------+
 *                                             | addr len          |
 *                                             +-------------------+
 *
 * The guest rewrites all of this at any time. Each field is copied once, and only
 * copies are judged and used. No chain takes more than vq->size steps, so loops end,
 * and none yields more than CDNA_MAX_VIRTIO_CHAIN pieces (I2).
 *
 * A chain that breaks the rules of virtqueues stops its queue. A transmit chain that
 * keeps them, but that no NIC can send, is still a chain that has to be completed: it
 * is marked, and one short piece of it is all that is left.
 *
 * A chain of a control queue is a command, and room for its answer after that. The user
 * completes it.
 */
#ifndef CDNA_VIRTQ_H
#define CDNA_VIRTQ_H

#include <linux/types.h>
#include <linux/virtio_ring.h>

#include <cdna/desc.h>
#include <cdna/vdev.h>

#define CDNA_VIRTQ_MAX_SIZE	CDNA_MAX_USED_RING
#define CDNA_VIRTQ_HDR_BYTES	12	/* struct virtio_net_hdr_v1 */
#define CDNA_VIRTQ_SCRATCH	48u	/* entries of an indirect table */
#define CDNA_VIRTQ_CTRL_BYTES	2	/* struct virtio_net_ctrl_hdr */

/**
 * struct cdna_virtq_ops - what the walker needs of its user
 * @read: copy @len bytes of the machine's memory from @addr, which may be anything;
 *	@addr + @len does not wrap. May sleep. Return: 0 or a negative errno
 */
struct cdna_virtq_ops {
	int (*read)(void *owner, u64 addr, void *to, u32 len);
};

/**
 * struct cdna_virtq - a virtqueue
 * @ops: operations of the user
 * @owner: passed to them
 * @size: entries, a power of two, at most CDNA_VIRTQ_MAX_SIZE
 * @write: the device writes buffers: a receive queue
 * @control: it reads some and writes those after them: a control queue
 * @indirect: VIRTIO_F_INDIRECT_DESC was negotiated
 * @event_idx: VIRTIO_F_EVENT_IDX was negotiated
 * @desc: descriptor table, aligned to 16 bytes; the guest's
 * @avail: available ring with its used_event, aligned to 2 bytes; the guest's
 * @used: used ring with its avail_event, aligned to 4 bytes. Written by the
 *	provider, or by cdna_virtq_complete(), but for its flags and avail_event
 * @next: free-running index of the next available entry
 * @done: of the next used one, if cdna_virtq_complete() writes them
 * @fault: why cdna_virtq_next() failed: CDNA_VFAULT_NONE if @ops->read did
 * @error: and what that returned; else 0
 * @signalled: used index when cdna_virtq_wants() last looked, or where it begins
 * @signalled_valid: it has looked
 * @scratch: copy of an indirect table's first entries
 *
 * The user sets all down to @done, and @signalled to the latter, if it begins anywhere but
 * at 0, and @signalled_valid if all before is known; the rest starts as zero. After a
 * failure @next is as it was: if the user can cure what @ops->read reported, it may try
 * again.
 */
struct cdna_virtq {
	const struct cdna_virtq_ops *ops;
	void *owner;
	u16 size;
	bool write;
	bool control;
	bool indirect;
	bool event_idx;
	const struct vring_desc *desc;
	const struct vring_avail *avail;
	struct vring_used *used;
	u16 next;
	u16 done;
	enum cdna_vfault fault;
	int error;
	u16 signalled;
	bool signalled_valid;
	struct vring_desc scratch[CDNA_VIRTQ_SCRATCH];
};

/**
 * struct cdna_virtq_piece - a part of a buffer that is within a page
 * @addr: guest-physical address
 * @len: bytes, 1 to CDNA_PAGE_SIZE
 */
struct cdna_virtq_piece {
	u64 addr;
	u32 len;
};

/**
 * struct cdna_virtq_chain - what the guest made available by one entry
 * @head: index of its first descriptor, for the used ring
 * @pieces: how many, at least one
 * @bytes: how many they have together
 * @answer: control: begin of what the device writes, which is in no piece
 * @hdr: transmit: what the chain began with, which is in no piece
 * @drop: transmit: no NIC can send it, because it is a header only or less, or has too
 *	many pieces or bytes. Its one piece is where it begins, and @hdr is not valid.
 *	Control: there are more pieces
 * @piece: the pieces; the first ones, of a receive or control chain with more
 */
struct cdna_virtq_chain {
	u16 head;
	u32 pieces;
	u32 bytes;
	u64 answer;
	u8 hdr[CDNA_VIRTQ_HDR_BYTES];
	bool drop;
	struct cdna_virtq_piece piece[CDNA_MAX_VIRTIO_CHAIN];
};

int cdna_virtq_next(struct cdna_virtq *vq, struct cdna_virtq_chain *chain);
void cdna_virtq_unget(struct cdna_virtq *vq);
void cdna_virtq_complete(struct cdna_virtq *vq, u16 head, u32 written);
void cdna_virtq_settle(struct cdna_virtq *vq);
bool cdna_virtq_notify_at(struct cdna_virtq *vq, u16 ahead);
bool cdna_virtq_wants(struct cdna_virtq *vq);

#endif /* CDNA_VIRTQ_H */
