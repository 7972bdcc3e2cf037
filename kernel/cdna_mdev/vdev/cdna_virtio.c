// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a virtio network card: its status, and news of its queues.
 */
#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>

#include "cdna_provider.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_resume.h"
#include "guard/cdna_vring.h"
#include "vdev/cdna_activate.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_announce.h"
#include "vdev/cdna_virtio_coal.h"
#include "vdev/cdna_virtio_features.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_rx.h"

/* Slots of the NIC's ring for each entry of a virtqueue: chains take several. */
#define VIRTIO_TX_SLOTS		8
#define VIRTIO_RX_SLOTS		4

/**
 * cdna_virtio_number - which queue of the context a virtqueue is
 * @queue: its number, below that of the control queue
 *
 * Virtqueues alternate, receiving first.
 *
 * Return: CDNA_VQUEUE().
 */
u32 cdna_virtio_number(u32 queue)
{
	return CDNA_VQUEUE(queue / 2,
			   queue % 2 ? CDNA_DIR_TX : CDNA_DIR_RX);
}

static struct cdna_virtio_queue *virtio_queue(struct cdna_ctx *ctx,
					      const struct cdna_queue *queue)
{
	return &ctx->virtio->queue[queue->qp * 2 +
				   (queue->dir == CDNA_DIR_TX)];
}

/* Without the feature there is no control queue, whatever its registers say. */
static bool virtio_has_ctrl(const struct cdna_ctx *ctx)
{
	return ctx->virtio->features & BIT_ULL(VIRTIO_NET_F_CTRL_VQ) &&
	       ctx->virtio->queue[cdna_virtio_mq_ctrl(ctx)].enabled;
}

static bool virtio_needs_reset(const struct cdna_ctx *ctx)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	u32 rings = cdna_virtio_mq_ctrl(ctx);
	u32 i;

	if (!(virtio->status & VIRTIO_CONFIG_S_DRIVER_OK))
		return false;
	if (READ_ONCE(ctx->state) != CDNA_CTX_ACTIVE)
		return true;
	for (i = 0; i < rings; i++)
		if (virtio->queue[i].enabled &&
		    READ_ONCE(ctx->domain.queue[cdna_virtio_number(i)].state) !=
		    CDNA_QUEUE_RUNNING)
			return true;
	return virtio_has_ctrl(ctx) &&
	       READ_ONCE(ctx->domain.ctrlq->queue.state) != CDNA_QUEUE_RUNNING;
}

/**
 * cdna_virtio_status - the device's status
 * @ctx: the context
 *
 * Return: VIRTIO_CONFIG_S_*.
 */
u8 cdna_virtio_status(const struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	return ctx->virtio->status |
	       (virtio_needs_reset(ctx) ? VIRTIO_CONFIG_S_NEEDS_RESET : 0);
}

static struct cdna_vring_params virtio_vring(const struct cdna_ctx *ctx, u32 i)
{
	const struct cdna_virtio_queue *virtqueue = &ctx->virtio->queue[i];
	u64 features = ctx->virtio->features;

	return (struct cdna_vring_params) {
		.size = virtqueue->size,
		.indirect = features & BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC),
		.event_idx = features & BIT_ULL(VIRTIO_RING_F_EVENT_IDX),
		.desc = virtqueue->desc,
		.avail = virtqueue->avail,
		.used = virtqueue->used,
		.place = virtqueue->place,
	};
}

static bool virtio_is_aligned(const struct cdna_vring_params *vring)
{
	return !(vring->desc % 16 || vring->avail % 2 || vring->used % 4);
}

static enum cdna_vresult virtio_create(struct cdna_ctx *ctx, u32 i)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;
	const struct cdna_vring_params vring = virtio_vring(ctx, i);
	u8 dir = i % 2 ? CDNA_DIR_TX : CDNA_DIR_RX;
	u32 slots = vring.size * (dir == CDNA_DIR_TX ? VIRTIO_TX_SLOTS :
						       VIRTIO_RX_SLOTS);
	const struct cdna_queue_params params = {
		.slots = clamp(slots, info->min_ring, info->max_ring),
		.offloads = cdna_virtio_offloads(ctx, dir),
		.vring = &vring,
	};

	if (!virtio_is_aligned(&vring))
		return CDNA_VRES_BAD_PARAM;
	return cdna_queue_create(&ctx->domain, cdna_virtio_number(i), &params);
}

static enum cdna_vresult virtio_create_ctrl(struct cdna_ctx *ctx)
{
	u32 number = cdna_virtio_mq_ctrl(ctx);
	const struct cdna_vring_params vring = virtio_vring(ctx, number);

	if (!virtio_is_aligned(&vring))
		return CDNA_VRES_BAD_PARAM;
	return cdna_ctrlq_start(&ctx->domain, number, &vring);
}

static enum cdna_vresult virtio_result(int ret)
{
	if (ret == -EBUSY)
		return CDNA_VRES_BAD_STATE;
	return ret ? CDNA_VRES_NIC : CDNA_VRES_OK;
}

/* The NIC has a queue for each virtqueue, of which only the first receives. */
static enum cdna_vresult virtio_create_all(struct cdna_ctx *ctx)
{
	enum cdna_vresult res = virtio_result(cdna_virtio_mq_begin(ctx));
	u32 rings = cdna_virtio_mq_ctrl(ctx);
	u32 i;

	for (i = 0; i < rings && !res; i++)
		if (ctx->virtio->queue[i].enabled)
			res = virtio_create(ctx, i);
	return res;
}

/* A guest that does not say which groups it wants gets all. */
static enum cdna_vresult virtio_setup_nic(struct cdna_ctx *ctx)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	int ret = cdna_virtio_rx_apply(ctx, &virtio->rx);

	if (!ret)
		ret = cdna_virtio_coal_begin(ctx);
	if (ret || is_zero_ether_addr(virtio->mac))
		return virtio_result(ret);
	return cdna_guest_mac_set(ctx, virtio->mac);
}

/* What a context that is not active is lacking */
static const char *virtio_why_not_active(const struct cdna_ctx *ctx)
{
	if (ctx->domain.paused)
		return "its machine is stopped";
	if (!cdna_config_masters(&ctx->config))
		return "the device may not master the bus";
	if (READ_ONCE(ctx->state) == CDNA_CTX_REVOKED)
		return "the context is revoked";
	return "the context was stopped meanwhile";
}

static const char *virtio_why(const struct cdna_ctx *ctx, enum cdna_vresult res)
{
	switch (res) {
	case CDNA_VRES_BAD_PARAM:
		return "one is not aligned";
	case CDNA_VRES_BAD_ADDRESS:
		return "one is not in memory of the machine";
	case CDNA_VRES_NO_MEMORY:
		return "the host could not pin them: raise the machine's memory lock limit";
	case CDNA_VRES_IN_USE:
	case CDNA_VRES_UNSUPPORTED:
		return "the guest may not have the address that it chose elsewhere";
	case CDNA_VRES_BAD_STATE:
		return virtio_why_not_active(ctx);
	default:
		return "the NIC refused; see its health reporter";
	}
}

/* Once for a device: a guest can repeat it. */
static void virtio_tell(struct cdna_ctx *ctx, enum cdna_vresult res)
{
	if (ctx->virtio->told)
		return;
	ctx->virtio->told = true;
	dev_notice(ctx->vfio.dev,
		   "the guest's virtqueues cannot be used: %s\n",
		   virtio_why(ctx, res));
}

/* DRIVER_OK. What fails shows as DEVICE_NEEDS_RESET. */
static void virtio_start(struct cdna_ctx *ctx)
{
	enum cdna_vresult res = cdna_activate_own(ctx);

	if (!res)
		res = virtio_create_all(ctx);
	if (!res)
		res = virtio_setup_nic(ctx);
	if (!res && virtio_has_ctrl(ctx))
		res = virtio_create_ctrl(ctx);
	if (res) {
		virtio_tell(ctx, res);
		cdna_ctx_reset(ctx);
		cdna_trigger_event(ctx);
		return;
	}
	cdna_virtio_moved(ctx);
	/* It may have made buffers available before. */
	cdna_enqueue_begin(&ctx->domain);
	cdna_ctrlq_kick(&ctx->domain);
}

/* A driver may wait for an answer without end, whatever else has become of its device. */
static void virtio_keep_ctrl(struct cdna_ctx *ctx)
{
	if (!cdna_config_masters(&ctx->config) || !virtio_has_ctrl(ctx))
		return;
	virtio_create_ctrl(ctx);
	cdna_virtio_moved(ctx);
	cdna_ctrlq_kick(&ctx->domain);
}

/* Any interrupt may have been lost on the way: one more does not matter. */
static void virtio_signal_all(struct cdna_ctx *ctx)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	u32 i;

	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES; i++)
		if (virtio->queue[i].enabled)
			cdna_trigger_signal(ctx, virtio->queue[i].vector);
	cdna_trigger_event(ctx);
}

/**
 * cdna_virtio_go_on - a device that comes from elsewhere begins to work
 * @ctx: the context, reset, with the registers that it had there
 *
 * Context: as DRIVER_OK, which its driver has set there: pins pages.
 */
void cdna_virtio_go_on(struct cdna_ctx *ctx)
{
	struct cdna_virtio *virtio = ctx->virtio;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!(virtio->status & VIRTIO_CONFIG_S_DRIVER_OK)) {
		/* It may be reading what differs here. */
		atomic_inc(&virtio->generation);
		return;
	}
	if (!virtio->stopped)
		virtio_start(ctx);
	if (READ_ONCE(ctx->state) != CDNA_CTX_ACTIVE)
		virtio_keep_ctrl(ctx);
	virtio_signal_all(ctx);
}

/**
 * cdna_virtio_set_status - the guest writes the device's status
 * @ctx: the context
 * @status: VIRTIO_CONFIG_S_*; 0 resets the device
 */
void cdna_virtio_set_status(struct cdna_ctx *ctx, u8 status)
{
	struct cdna_virtio *virtio = ctx->virtio;
	u8 begun = status & ~virtio->status;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!status) {
		cdna_ctx_reset(ctx);
		cdna_virtio_reset(ctx);
		return;
	}
	if (begun & VIRTIO_CONFIG_S_FEATURES_OK && !cdna_virtio_features_fit(ctx))
		status &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	if (!(status & VIRTIO_CONFIG_S_FEATURES_OK))
		status &= ~VIRTIO_CONFIG_S_DRIVER_OK;
	virtio->status |= status & ~VIRTIO_CONFIG_S_NEEDS_RESET;
	if (begun & status & VIRTIO_CONFIG_S_DRIVER_OK)
		virtio_start(ctx);
}

/**
 * cdna_virtio_reset - registers as they are at power-on
 * @ctx: the context, reset
 */
void cdna_virtio_reset(struct cdna_ctx *ctx)
{
	struct cdna_virtio *virtio = ctx->virtio;
	u32 i;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	virtio->device_select = 0;
	virtio->driver_select = 0;
	virtio->queue_select = 0;
	WRITE_ONCE(virtio->config_vector, VIRTIO_MSI_NO_VECTOR);
	virtio->status = 0;
	virtio->features = 0;
	WRITE_ONCE(virtio->changed, false);
	virtio->announcement = CDNA_ANNOUNCEMENT_NONE;
	virtio->stopped = false;
	eth_zero_addr(virtio->mac);
	cdna_virtio_mq_reset(virtio);
	cdna_virtio_rx_reset(&virtio->rx);
	memset(virtio->coal, 0, sizeof(virtio->coal));
	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES; i++) {
		virtio->queue[i] = (struct cdna_virtio_queue) {
			.size = CDNA_VIRTIO_MAX_SIZE,
			.vector = VIRTIO_MSI_NO_VECTOR,
		};
	}
}

/* The control queue is also served while the others are stopped. A revoked context does
 * nothing about a notification, but it may be restored, and goes on where it was.
 */
static bool virtio_is_served(const struct cdna_ctx *ctx)
{
	return READ_ONCE(ctx->state) == CDNA_CTX_ACTIVE || virtio_has_ctrl(ctx);
}

/**
 * cdna_virtio_moved - the notify page may be somewhere else
 * @ctx: the context
 */
void cdna_virtio_moved(struct cdna_ctx *ctx)
{
	u32 addr = cdna_config_bar(&ctx->config, CDNA_VDEV_BAR_MAILBOX);

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (addr && ctx->virtio->status & VIRTIO_CONFIG_S_DRIVER_OK &&
	    virtio_is_served(ctx))
		cdna_doorbell_watch(&ctx->domain, addr);
	else
		cdna_doorbell_forget(&ctx->domain);
}

/**
 * cdna_virtio_source - a queue pair has news: it was in the NIC's bit vector
 * @data: a queue of the pair
 *
 * Context: atomic, as cdna_trigger_source().
 */
void cdna_virtio_source(void *data)
{
	struct cdna_queue *queue = data;
	struct cdna_domain *domain = queue->domain;
	struct cdna_ctx *ctx = container_of(domain, struct cdna_ctx, domain);
	u32 first = CDNA_VQUEUE(queue->qp, 0);
	unsigned long resume = 0;
	u32 i;

	cdna_trigger_count_source(ctx);
	for (i = first; i < first + CDNA_NR_DIRS; i++) {
		queue = &domain->queue[i];
		if (cdna_vring_news(queue, &resume))
			cdna_trigger_signal(ctx,
					    READ_ONCE(virtio_queue(ctx, queue)->vector));
	}
	if (resume)
		cdna_resume_queue(domain, resume);
}
