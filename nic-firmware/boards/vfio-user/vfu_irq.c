// SPDX-License-Identifier: GPL-2.0-only
/* Eventfds of the MSI-X vectors, and the client's own test of them. */
#include <errno.h>
#include <linux/vfio.h>

#include "vfu.h"

static int vfu_irq_eventfds(struct nicd *d, const struct vfu_request *rq,
			    const struct vfu_irq_set *set)
{
	u32 i;

	/* All or none: without descriptors these vectors lose theirs. */
	if (rq->nfds && rq->nfds != set->count)
		return EINVAL;
	for (i = 0; i < rq->nfds; i++)
		if (!irq_is_eventfd(rq->fds[i]))
			return EINVAL;
	for (i = 0; i < set->count; i++) {
		irq_set(&d->irq, set->start + i, rq->nfds ? rq->fds[i] : -1);
		if (rq->nfds)
			rq->fds[i] = -1;
	}
	return 0;
}

/* @bools: a byte per vector that says whether; NULL: all of them */
static int vfu_irq_trigger(struct nicd *d, const struct vfu_irq_set *set,
			   const u8 *bools)
{
	u32 i;

	for (i = 0; i < set->count; i++)
		if (!bools || bools[i])
			irq_raise(&d->irq, set->start + i);
	return 0;
}

static int vfu_irq_msix(struct nicd *d, const struct vfu_request *rq,
			const struct vfu_irq_set *set)
{
	u32 extra = rq->len - (u32)sizeof(*set);
	u32 type = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;

	if (set->start > CDNA_NR_VECTORS ||
	    set->count > CDNA_NR_VECTORS - set->start)
		return EINVAL;
	if (type == VFIO_IRQ_SET_DATA_EVENTFD && set->count && !extra)
		return vfu_irq_eventfds(d, rq, set);
	if (rq->nfds)
		return EINVAL;
	if (type == VFIO_IRQ_SET_DATA_BOOL && set->count == extra)
		return vfu_irq_trigger(d, set, rq->body + sizeof(*set));
	if (type != VFIO_IRQ_SET_DATA_NONE || extra)
		return EINVAL;
	if (set->count)
		return vfu_irq_trigger(d, set, NULL);
	if (set->start)
		return EINVAL;
	irq_close_all(&d->irq);
	return 0;
}

int vfu_irq_set(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply)
{
	struct vfu_irq_set set;

	(void)reply;
	memcpy(&set, rq->body, sizeof(set));
	if (set.argsz < sizeof(set) || set.index >= VFIO_PCI_NUM_IRQS ||
	    set.flags & ~(u32)(VFIO_IRQ_SET_DATA_TYPE_MASK |
			       VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return EINVAL;
	/* Masking is not announced. */
	if ((set.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) !=
	    VFIO_IRQ_SET_ACTION_TRIGGER)
		return EINVAL;
	if (set.index == VFIO_PCI_MSIX_IRQ_INDEX)
		return vfu_irq_msix(d, rq, &set);
	/* Disabling what is not there is fine. */
	return set.start || set.count || rq->nfds ? EINVAL : 0;
}
