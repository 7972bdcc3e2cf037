// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far the virtqueues of a device are that is paused, for one that goes on elsewhere.
 *
 * Chains are used in order, each as a whole. So the place in the available ring is where the
 * walker is, but for the chains of which descriptors are left in the NIC's ring; it is
 * computed of what the host has, and nothing of it is read in the guest's memory.
 *
 *            used        next       walker
 *     --------+-----------+-----------+------ available ring
 *      used    sent, but   to be taken
 *              not said    elsewhere
 *
 * Frames that a softnic has handed to the host, and that the host has not released, are
 * sent. They are reported elsewhere: here their buffers would have to wait.
 */
#include <linux/errno.h>

#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_place.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_vring.h"

/* Chains that end in the last @count descriptors that were enqueued */
static u16 place_chains(const struct cdna_queue *queue, u32 count)
{
	const struct cdna_desc_virtio *ring = queue->ring;
	u16 chains = 0;
	u32 i;

	for (i = queue->prod - count; i != queue->prod; i++)
		if (ring[i & (queue->slots - 1)].flags &
		    cpu_to_le16(CDNA_DESC_EOP))
			chains++;
	return chains;
}

/**
 * cdna_place_queue - how far a virtqueue is that the NIC serves
 * @queue: the queue, of a device that is paused; it runs, and has a virtqueue
 * @place: filled in
 *
 * Return: 0 or an error: of the NIC; -ENODEV also if it has stopped the queue; or -EIO if what
 * it says cannot be.
 */
int cdna_place_queue(struct cdna_queue *queue, struct cdna_vring_place *place)
{
	struct cdna_queue_info info;
	struct cdna_vring *vring;
	u32 reported, taken;
	int ret;

	lockdep_assert_held(&queue->domain->ctl_lock);
	lockdep_assert_held(&queue->domain->lock);

	/* It goes with the queue's memory, under the second lock. */
	vring = rcu_dereference_protected(queue->vring, true);
	if (!queue->backed || !vring)
		return -EIO;
	ret = cdna_cmd_queue_query(queue, &info);
	if (ret)
		return ret;
	/* It has stopped, and the host does not know yet. */
	if (info.state == CDNA_QUEUE_FAULTED)
		return -ENODEV;
	/* Descriptors left after what was reported, and after what was taken */
	reported = queue->prod - le32_to_cpu(info.cons);
	taken = queue->seq - le32_to_cpu(info.next_seq);
	if (reported > queue->slots || taken > reported)
		return -EIO;
	place->next = vring->virtq.next - place_chains(queue, taken);
	place->used = vring->virtq.next - place_chains(queue, reported);
	return 0;
}

/**
 * cdna_place_ctrlq - how far a control queue is
 * @domain: its device, which is paused; it has one
 * @place: filled in: no command is half done
 */
void cdna_place_ctrlq(struct cdna_domain *domain, struct cdna_vring_place *place)
{
	struct cdna_ctrlq *ctrlq = domain->ctrlq;
	const struct cdna_vring *vring;

	lockdep_assert_held(&domain->ctl_lock);
	lockdep_assert_held(&domain->lock);

	vring = rcu_dereference_protected(ctrlq->queue.vring, true);
	place->next = 0;
	if (ctrlq->wanted)
		place->next = vring ? vring->virtq.next : ctrlq->next;
	place->used = place->next;
}
