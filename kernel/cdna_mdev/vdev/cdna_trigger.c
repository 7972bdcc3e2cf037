// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts towards the guest: one eventfd per MSI-X vector. KVM's irqfd
 * listens at the other end, so that no user-space process takes part.
 */
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/nospec.h>
#include <linux/vfio.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_queue.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_sf_vector.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_layout.h"

static_assert(CDNA_VDEV_NR_VECTORS <= CDNA_VIRTIO_NR_VECTORS);

static bool trigger_fire(struct eventfd_ctx __rcu **place)
{
	struct eventfd_ctx *trigger;

	rcu_read_lock();
	trigger = rcu_dereference(*place);
	if (trigger)
		eventfd_signal(trigger);
	rcu_read_unlock();
	return trigger;
}

static bool trigger_raise(struct cdna_ctx *ctx, unsigned int vector)
{
	if (!ctx->sf.vector)
		return trigger_fire(&ctx->trigger[vector]);
	return vector < CDNA_VDEV_NR_VECTORS &&
	       cdna_sf_vector_raise(&ctx->sf.vector[vector]);
}

/**
 * cdna_trigger_mute - have no vector fire
 * @ctx: whose
 * @why: until cdna_trigger_unmute() with the same reason
 *
 * Context: may sleep. When it returns, none fires and none will.
 */
void cdna_trigger_mute(struct cdna_ctx *ctx, enum cdna_mute why)
{
	if (!test_and_set_bit(why, &ctx->muted))
		synchronize_rcu();
}

/**
 * cdna_trigger_unmute - let vectors fire again
 * @ctx: whose
 * @why: as for cdna_trigger_mute()
 */
void cdna_trigger_unmute(struct cdna_ctx *ctx, enum cdna_mute why)
{
	clear_bit(why, &ctx->muted);
}

/**
 * cdna_trigger_signal - raise a vector
 * @ctx: whose
 * @vector: which; there is none from CDNA_VIRTIO_NR_VECTORS on
 *
 * Without an eventfd it is lost, as on a device whose vector is not set up, and so it
 * is while the device is muted.
 *
 * Context: any.
 */
void cdna_trigger_signal(struct cdna_ctx *ctx, unsigned int vector)
{
	bool fired;

	if (vector >= CDNA_VIRTIO_NR_VECTORS)
		return;
	vector = array_index_nospec(vector, CDNA_VIRTIO_NR_VECTORS);
	rcu_read_lock();
	fired = !READ_ONCE(ctx->muted) && trigger_raise(ctx, vector);
	rcu_read_unlock();
	if (!fired)
		return;
	atomic64_inc(&ctx->interrupts);
	trace_cdna_interrupt(ctx->domain.id, vector);
}

/**
 * cdna_trigger_count_source - count that one of a context's sources has news
 * @ctx: whose
 *
 * Context: any.
 */
void cdna_trigger_count_source(struct cdna_ctx *ctx)
{
	u64 vector = atomic64_read(&ctx->domain.nic->vectors);

	if (atomic64_xchg(&ctx->last_vector, vector) != vector)
		atomic64_inc(&ctx->vectors);
	atomic64_inc(&ctx->bits);
}

/**
 * cdna_trigger_source - a queue pair has news: it was in the NIC's bit vector
 * @data: a queue of the pair
 *
 * Context: atomic: the NIC's interrupt (paper 3.2); or any processor, several at a
 * time, where the provider has none.
 */
void cdna_trigger_source(void *data)
{
	struct cdna_queue *queue = data;
	struct cdna_ctx *ctx = container_of(queue->domain, struct cdna_ctx,
					    domain);

	cdna_trigger_count_source(ctx);
	cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_QP(queue->qp));
}

/**
 * cdna_trigger_event - a context's state, a queue's, or the link has changed
 * @ctx: whose
 *
 * Context: any.
 */
void cdna_trigger_event(struct cdna_ctx *ctx)
{
	struct cdna_virtio *virtio = ctx->virtio;

	if (!virtio) {
		cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_EVENT);
		return;
	}
	atomic_inc(&virtio->generation);
	WRITE_ONCE(virtio->changed, true);
	cdna_trigger_signal(ctx, READ_ONCE(virtio->config_vector));
}

/**
 * cdna_trigger_request - ask the user to release the device
 * @ctx: the context
 *
 * Return: false if the user has set up no eventfd for that.
 */
bool cdna_trigger_request(struct cdna_ctx *ctx)
{
	return trigger_fire(&ctx->request);
}

/* Release several eventfds, after signals in progress. */
static void trigger_drop(struct cdna_ctx *ctx,
			 struct eventfd_ctx __rcu **place, unsigned int count)
{
	struct eventfd_ctx *old[CDNA_VIRTIO_NR_VECTORS];
	unsigned int i;

	for (i = 0; i < count; i++)
		old[i] = rcu_replace_pointer(place[i], NULL,
					     lockdep_is_held(&ctx->irq_lock));
	synchronize_rcu();
	for (i = 0; i < count; i++)
		if (old[i])
			eventfd_ctx_put(old[i]);
}

/* Put a new eventfd, or none, in the place of an old one. */
static void trigger_replace(struct cdna_ctx *ctx,
			    struct eventfd_ctx __rcu **place,
			    struct eventfd_ctx *trigger)
{
	trigger = rcu_replace_pointer(*place, trigger,
				      lockdep_is_held(&ctx->irq_lock));
	if (!trigger)
		return;
	synchronize_rcu();
	eventfd_ctx_put(trigger);
}

static int trigger_set_eventfd(struct cdna_ctx *ctx,
			       struct eventfd_ctx __rcu **place, s32 fd)
{
	struct eventfd_ctx *trigger = NULL;

	if (fd >= 0) {
		trigger = eventfd_ctx_fdget(fd);
		if (IS_ERR(trigger))
			return PTR_ERR(trigger);
	}
	trigger_replace(ctx, place, trigger);
	return 0;
}

/* What VFIO_DEVICE_SET_IRQS requests for one vector */
static int trigger_set_one(struct cdna_ctx *ctx,
			   struct eventfd_ctx __rcu **place, u32 flags,
			   const void *data, unsigned int i)
{
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return trigger_set_eventfd(ctx, place, ((const s32 *)data)[i]);
	if (flags & VFIO_IRQ_SET_DATA_NONE || ((const u8 *)data)[i])
		trigger_fire(place);
	return 0;
}

/**
 * cdna_trigger_set - VFIO_DEVICE_SET_IRQS
 * @ctx: the context
 * @set: its header, checked against cdna_trigger_count()
 * @data: what follows the header, by its flags
 *
 * Return: 0 or an error.
 */
int cdna_trigger_set(struct cdna_ctx *ctx, const struct vfio_irq_set *set,
		     const void *data)
{
	struct eventfd_ctx __rcu **place = ctx->trigger;
	unsigned int i;
	int ret = 0;

	if ((set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) !=
	    VFIO_IRQ_SET_ACTION_TRIGGER)
		return -ENOTTY;
	if (set->index == VFIO_PCI_REQ_IRQ_INDEX)
		place = &ctx->request;

	mutex_lock(&ctx->irq_lock);
	/* No vectors at all: disable the whole index. */
	if (!set->count)
		trigger_drop(ctx, place, cdna_trigger_count(ctx, set->index));
	for (i = 0; i < set->count && !ret; i++)
		ret = trigger_set_one(ctx, place + set->start + i, set->flags,
				      data, i);
	mutex_unlock(&ctx->irq_lock);
	return ret;
}

/**
 * cdna_trigger_count - vectors of an interrupt index
 * @ctx: whose
 * @index: VFIO_PCI_*_IRQ_INDEX
 *
 * Return: how many the device has, 0 for an index that it does not have.
 */
unsigned int cdna_trigger_count(const struct cdna_ctx *ctx, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return ctx->virtio ? CDNA_VIRTIO_NR_VECTORS :
				     CDNA_VDEV_NR_VECTORS;
	case VFIO_PCI_REQ_IRQ_INDEX:
		return 1;
	default:
		return 0;
	}
}

/**
 * cdna_trigger_release - release all eventfds
 * @ctx: the context
 */
void cdna_trigger_release(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->irq_lock);
	trigger_drop(ctx, ctx->trigger, ARRAY_SIZE(ctx->trigger));
	trigger_drop(ctx, &ctx->request, 1);
	mutex_unlock(&ctx->irq_lock);
}
