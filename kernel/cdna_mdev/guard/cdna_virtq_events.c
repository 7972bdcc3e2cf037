// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is used of a split virtqueue, and who notifies whom of what.
 */
#include <asm/barrier.h>
#include <asm/byteorder.h>

#include "guard/cdna_virtq.h"
#include "guard/cdna_virtq_word.h"

/* The used index for which the guest wants an interrupt */
static u16 virtq_used_event(const struct cdna_virtq *vq)
{
	return cdna_virtq_get(&vq->avail->ring[vq->size]);
}

static void virtq_put_avail_event(struct cdna_virtq *vq, u16 index)
{
	cdna_virtq_put((__virtio16 *)&vq->used->ring[vq->size], index);
}

/**
 * cdna_virtq_complete - the device has used a chain
 * @vq: a queue whose used ring nobody else writes
 * @head: of the chain
 * @written: bytes, from the first that the device writes
 *
 * Context: as cdna_virtq_next().
 */
void cdna_virtq_complete(struct cdna_virtq *vq, u16 head, u32 written)
{
	struct vring_used_elem *elem = &vq->used->ring[vq->done & (vq->size - 1)];

	WRITE_ONCE(elem->id, (__force __virtio32)cpu_to_le32(head));
	WRITE_ONCE(elem->len, (__force __virtio32)cpu_to_le32(written));
	/* Pairs with the guest's, between the index and the entry: it sees that, and what
	 * was written into the chain.
	 */
	virt_wmb();
	cdna_virtq_put(&vq->used->idx, ++vq->done);
}

/**
 * cdna_virtq_settle - report chains that a device has used elsewhere
 * @vq: a queue that begins here: entries from @vq->done to @vq->next, at most its size. Nobody
 *	else writes its used ring yet
 *
 * Nothing was written into these chains. Which they are is read in the available ring: a
 * guest that has changed it since gets back what it named.
 *
 * Context: as cdna_virtq_next().
 */
void cdna_virtq_settle(struct cdna_virtq *vq)
{
	u16 slot;

	while (vq->done != vq->next) {
		slot = vq->done & (vq->size - 1);
		cdna_virtq_complete(vq, cdna_virtq_get(&vq->avail->ring[slot]), 0);
	}
}

/**
 * cdna_virtq_notify_at - choose when the guest notifies
 * @vq: the queue
 * @ahead: as soon as the entry is available that is so many behind the next one: 0 for
 *	the next one itself. @vq->size or more: never, as the guest cannot be so far
 *	ahead
 *
 * The choice is of an entry: it does not move with @vq->next. Without
 * VIRTIO_F_EVENT_IDX the guest notifies of each entry, or of none if @ahead is
 * @vq->size or more.
 *
 * Context: as cdna_virtq_next(); any.
 *
 * Return: true if that entry is available already, so that no notification may
 * follow: look at the queue again.
 */
bool cdna_virtq_notify_at(struct cdna_virtq *vq, u16 ahead)
{
	if (vq->event_idx)
		virtq_put_avail_event(vq, vq->next + ahead);
	else
		cdna_virtq_put(&vq->used->flags, ahead < vq->size ?
						 0 : VRING_USED_F_NO_NOTIFY);
	/* Pairs with the guest's, between the available index and its look at this. */
	virt_mb();
	return cdna_virtq_ahead(vq) > ahead;
}

/**
 * cdna_virtq_wants - does the guest want an interrupt?
 * @vq: the queue
 *
 * Call it after the provider has moved the used index, whatever for. That is read from
 * the guest's memory: a guest that changes it spoils only its own interrupts.
 *
 * Context: any; one at a time for a queue, at the same time as the other functions.
 *
 * Return: true if the used index has moved since this was last called, and the
 * guest asked for an interrupt by that, or this was not called before.
 */
bool cdna_virtq_wants(struct cdna_virtq *vq)
{
	u16 used = cdna_virtq_get(&vq->used->idx);
	u16 old = vq->signalled;

	if (used == old)
		return false;
	vq->signalled = used;
	if (!vq->signalled_valid) {
		vq->signalled_valid = true;
		return true;
	}
	/* Pairs with the guest's, between what it asks for and its look at the used
	 * index: one of both sees what the other wrote.
	 */
	virt_mb();
	if (vq->event_idx)
		return vring_need_event(virtq_used_event(vq), used, old);
	return !(cdna_virtq_get(&vq->avail->flags) & VRING_AVAIL_F_NO_INTERRUPT);
}
