// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking split virtqueues: bound the index, copy each descriptor once, judge the
 * copy, cut what it names at page boundaries.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

#include <cdna/regs.h>

#include "guard/cdna_virtq.h"
#include "guard/cdna_virtq_word.h"

/* A copy of a descriptor, in the host's byte order */
struct virtq_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

/**
 * struct virtq_walk - a chain that is being followed
 * @vq: the queue
 * @chain: what becomes of it
 * @table: address of the indirect table
 * @entries: of the table that the chain is in
 * @in_table: that is the indirect one
 * @hdr_bytes: of the header, copied so far
 * @start: where the chain begins, at most a header and not beyond its page
 * @answers: control: from here on the device writes
 * @more: there was no room for all pieces
 */
struct virtq_walk {
	struct cdna_virtq *vq;
	struct cdna_virtq_chain *chain;
	u64 table;
	u32 entries;
	bool in_table;
	u32 hdr_bytes;
	struct cdna_virtq_piece start;
	bool answers;
	bool more;
};

static bool virtq_refuse(struct cdna_virtq *vq, enum cdna_vfault fault)
{
	vq->fault = fault;
	vq->error = 0;
	return false;
}

static bool virtq_read(struct cdna_virtq *vq, u64 addr, void *to, u32 len)
{
	int err = vq->ops->read(vq->owner, addr, to, len);

	if (!err)
		return true;
	vq->fault = CDNA_VFAULT_NONE;
	vq->error = err;
	return false;
}

static u32 virtq_in_page(u64 addr, u32 len)
{
	u32 left = CDNA_PAGE_SIZE - (u32)(addr & (CDNA_PAGE_SIZE - 1));

	return min(len, left);
}

/* Each field is read once. */
static void virtq_copy(struct virtq_desc *desc, const struct vring_desc *from)
{
	desc->addr = le64_to_cpu((__force __le64)READ_ONCE(from->addr));
	desc->len = le32_to_cpu((__force __le32)READ_ONCE(from->len));
	desc->flags = cdna_virtq_get(&from->flags);
	desc->next = cdna_virtq_get(&from->next);
}

static bool virtq_fetch(struct virtq_walk *walk, u32 index,
			struct virtq_desc *desc)
{
	struct cdna_virtq *vq = walk->vq;
	struct vring_desc entry;

	if (!walk->in_table) {
		virtq_copy(desc, &vq->desc[index]);
		return true;
	}
	if (index < CDNA_VIRTQ_SCRATCH) {
		virtq_copy(desc, &vq->scratch[index]);
		return true;
	}
	if (!virtq_read(vq, walk->table + index * sizeof(entry), &entry,
			sizeof(entry)))
		return false;
	virtq_copy(desc, &entry);
	return true;
}

/* Go on in an indirect table. Whether its descriptor says that the device writes is
 * to be ignored (Virtio 1.2, section 2.7.5.3.2).
 */
static bool virtq_enter(struct virtq_walk *walk, const struct virtq_desc *desc)
{
	struct cdna_virtq *vq = walk->vq;
	u32 entries = desc->len / sizeof(struct vring_desc);
	u32 copied = min(entries, CDNA_VIRTQ_SCRATCH);

	if (!vq->indirect || walk->in_table || desc->flags & VRING_DESC_F_NEXT)
		return virtq_refuse(vq, CDNA_VFAULT_FLAGS);
	if (desc->len % sizeof(struct vring_desc) || entries > vq->size)
		return virtq_refuse(vq, CDNA_VFAULT_CHAIN);
	walk->in_table = true;
	walk->table = desc->addr;
	walk->entries = entries;
	return virtq_read(vq, desc->addr, vq->scratch,
			  copied * sizeof(struct vring_desc));
}

static void virtq_cut(struct virtq_walk *walk, u64 addr, u32 len)
{
	struct cdna_virtq_chain *chain = walk->chain;
	u32 n;

	for (; len; len -= n, addr += n) {
		if (chain->pieces == CDNA_MAX_VIRTIO_CHAIN) {
			walk->more = true;
			return;
		}
		n = virtq_in_page(addr, len);
		chain->piece[chain->pieces++] = (struct cdna_virtq_piece) {
			.addr = addr,
			.len = n,
		};
		chain->bytes += n;
	}
}

/* A buffer of the chain. What a transmit chain begins with is the header, in however
 * many buffers.
 */
static bool virtq_take(struct virtq_walk *walk, const struct virtq_desc *desc)
{
	u32 hdr_left = CDNA_VIRTQ_HDR_BYTES - walk->hdr_bytes;
	struct cdna_virtq *vq = walk->vq;
	u32 n = min(desc->len, hdr_left);

	if (!walk->start.len) {
		walk->start.addr = desc->addr;
		walk->start.len = virtq_in_page(desc->addr, n);
	}
	if (vq->write)
		n = 0;
	if (n && !virtq_read(vq, desc->addr, walk->chain->hdr + walk->hdr_bytes,
			     n))
		return false;
	walk->hdr_bytes += n;
	virtq_cut(walk, desc->addr + n, desc->len - n);
	return true;
}

/* A buffer of a control chain: of the command, or of what the device answers, whose first
 * byte is all that counts
 */
static bool virtq_take_control(struct virtq_walk *walk,
			       const struct virtq_desc *desc)
{
	if (!(desc->flags & VRING_DESC_F_WRITE)) {
		virtq_cut(walk, desc->addr, desc->len);
		return true;
	}
	if (!walk->answers)
		walk->chain->answer = desc->addr;
	walk->answers = true;
	return true;
}

/* Whether a buffer is for the side that it has to be for at this place (Virtio 1.2,
 * section 2.7.4.2: what the device writes comes last)
 */
static bool virtq_is_for(const struct virtq_walk *walk,
			 const struct virtq_desc *desc)
{
	bool write = desc->flags & VRING_DESC_F_WRITE;

	if (walk->vq->control)
		return write || !walk->answers;
	return write == walk->vq->write;
}

static bool virtq_judge(struct virtq_walk *walk, const struct virtq_desc *desc)
{
	struct cdna_virtq *vq = walk->vq;

	if (!desc->len)
		return virtq_refuse(vq, CDNA_VFAULT_LENGTH);
	/* No machine has memory there. */
	if (desc->addr + desc->len < desc->addr)
		return virtq_refuse(vq, CDNA_VFAULT_UNMAPPED);
	if (desc->flags & VRING_DESC_F_INDIRECT)
		return virtq_enter(walk, desc);
	if (!virtq_is_for(walk, desc))
		return virtq_refuse(vq, CDNA_VFAULT_FLAGS);
	return vq->control ? virtq_take_control(walk, desc) :
			     virtq_take(walk, desc);
}

/* Follow the chain to its end. */
static bool virtq_follow(struct virtq_walk *walk)
{
	struct cdna_virtq *vq = walk->vq;
	u32 index = walk->chain->head;
	struct virtq_desc desc;
	u32 buffers = 0;

	for (;;) {
		if (index >= walk->entries)
			return virtq_refuse(vq, CDNA_VFAULT_CHAIN);
		if (!virtq_fetch(walk, index, &desc))
			return false;
		/* Only a loop can have more than there are descriptors. */
		if (!(desc.flags & VRING_DESC_F_INDIRECT) &&
		    buffers++ == vq->size)
			return virtq_refuse(vq, CDNA_VFAULT_CHAIN);
		if (!virtq_judge(walk, &desc))
			return false;
		if (desc.flags & VRING_DESC_F_INDIRECT)
			index = 0;
		else if (desc.flags & VRING_DESC_F_NEXT)
			index = desc.next;
		else
			return true;
	}
}

/* A command has a header, and is answered. */
static bool virtq_end_control(struct virtq_walk *walk)
{
	struct cdna_virtq_chain *chain = walk->chain;

	if (chain->bytes < CDNA_VIRTQ_CTRL_BYTES || !walk->answers)
		return virtq_refuse(walk->vq, CDNA_VFAULT_LENGTH);
	chain->drop = walk->more;
	return true;
}

/* What no NIC can send is left with as little as can be completed. */
static bool virtq_end(struct virtq_walk *walk)
{
	struct cdna_virtq_chain *chain = walk->chain;
	struct cdna_virtq *vq = walk->vq;

	if (vq->control)
		return virtq_end_control(walk);
	if (vq->write) {
		if (chain->bytes < CDNA_VIRTQ_HDR_BYTES)
			return virtq_refuse(vq, CDNA_VFAULT_LENGTH);
		return true;
	}
	chain->drop = walk->more || !chain->pieces ||
		      chain->bytes > CDNA_MAX_FRAME_BYTES;
	if (chain->drop) {
		chain->piece[0] = walk->start;
		chain->pieces = 1;
		chain->bytes = walk->start.len;
	}
	return true;
}

/**
 * cdna_virtq_next - take the next available chain
 * @vq: the queue
 * @chain: set to what it is; undefined if there is none
 *
 * Context: one at a time for a queue; sleeps if @vq->ops->read does.
 *
 * Return: 1 if there is a chain, and @vq->next is behind it; 0 if none is available;
 * -1 with @vq->next unchanged if
 *
 * * the guest broke a rule: @vq->fault says which. CDNA_VFAULT_TAIL: the available
 *   index is more than the queue's size ahead. CDNA_VFAULT_CHAIN: a descriptor that
 *   does not exist, a loop, or a table of a wrong size. CDNA_VFAULT_LENGTH: a
 *   descriptor without a length, or no room for a header in a receive chain.
 *   CDNA_VFAULT_FLAGS: the wrong direction, or a table where none is allowed.
 *   CDNA_VFAULT_UNMAPPED: a buffer beyond the last address;
 * * @vq->ops->read failed: @vq->fault is CDNA_VFAULT_NONE, and @vq->error its error.
 */
int cdna_virtq_next(struct cdna_virtq *vq, struct cdna_virtq_chain *chain)
{
	struct virtq_walk walk = {
		.vq = vq,
		.chain = chain,
		.entries = vq->size,
	};
	u16 ahead = cdna_virtq_ahead(vq);

	if (!ahead)
		return 0;
	if (ahead > vq->size) {
		virtq_refuse(vq, CDNA_VFAULT_TAIL);
		return -1;
	}
	/* Pairs with the guest's barrier between entry and index. It has processors
	 * even if this kernel was built for one.
	 */
	virt_rmb();
	chain->head = cdna_virtq_get(&vq->avail->ring[vq->next & (vq->size - 1)]);
	chain->pieces = 0;
	chain->bytes = 0;
	chain->answer = 0;
	chain->drop = false;
	memset(chain->hdr, 0, sizeof(chain->hdr));
	if (!virtq_follow(&walk) || !virtq_end(&walk))
		return -1;
	vq->next++;
	return 1;
}

/**
 * cdna_virtq_unget - the chain that was taken last is not used
 * @vq: the queue, whose cdna_virtq_next() returned 1 since this was last called
 *
 * It is the next one again. The guest may have changed it meanwhile.
 *
 * Context: as cdna_virtq_next().
 */
void cdna_virtq_unget(struct cdna_virtq *vq)
{
	vq->next--;
}
