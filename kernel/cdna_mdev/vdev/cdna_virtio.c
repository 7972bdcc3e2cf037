// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a virtio network card: its status, and news of its queues.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_resume.h"
#include "guard/cdna_vring.h"
#include "vdev/cdna_activate.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"

/* Slots of the NIC's ring for each entry of a virtqueue: chains take several. */
#define VIRTIO_TX_SLOTS		8
#define VIRTIO_RX_SLOTS		4
#define VIRTIO_COALESCE_USECS	20

/**
 * struct virtio_feature - what a feature takes of the NIC
 * @bit: of the feature
 * @offload: CDNA_OFFLOAD_*
 * @dir: of the queues that use it
 * @needs: the guest must have accepted this feature as well
 */
struct virtio_feature {
	u8 bit;
	u32 offload;
	u8 dir;
	u8 needs;
};

static const struct virtio_feature virtio_features[] = {
	{ VIRTIO_NET_F_CSUM, CDNA_OFFLOAD_TX_CSUM, CDNA_DIR_TX,
	  VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_TSO4, CDNA_OFFLOAD_TSO4, CDNA_DIR_TX,
	  VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_TSO6, CDNA_OFFLOAD_TSO6, CDNA_DIR_TX,
	  VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_GUEST_CSUM, CDNA_OFFLOAD_RX_CSUM, CDNA_DIR_RX,
	  VIRTIO_NET_F_GUEST_CSUM },
	/* Merged frames of either protocol come together, see virtio_offloads(). */
	{ VIRTIO_NET_F_GUEST_TSO4, CDNA_OFFLOAD_LRO, CDNA_DIR_RX,
	  VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO6, CDNA_OFFLOAD_LRO, CDNA_DIR_RX,
	  VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_MRG_RXBUF, CDNA_OFFLOAD_RX_CHAINS, CDNA_DIR_RX,
	  VIRTIO_NET_F_MRG_RXBUF },
};

/* What any NIC can do. Addresses are those that the guest's devices use, behind an
 * IOMMU of its machine if there is one.
 */
#define VIRTIO_ALWAYS \
	(BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) | \
	 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) | \
	 BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) | BIT_ULL(VIRTIO_NET_F_MAC) | \
	 BIT_ULL(VIRTIO_NET_F_MTU) | BIT_ULL(VIRTIO_NET_F_STATUS))

static u32 virtio_nic_offloads(const struct cdna_ctx *ctx)
{
	return ctx->domain.nic->info.offloads &
	       ctx->domain.formats->virtio.offloads;
}

/**
 * cdna_virtio_offers - features that the device offers
 * @ctx: the context
 *
 * Return: VIRTIO_F_*, VIRTIO_RING_F_* and VIRTIO_NET_F_*, a bit each.
 */
u64 cdna_virtio_offers(const struct cdna_ctx *ctx)
{
	u32 offloads = virtio_nic_offloads(ctx);
	u64 features = VIRTIO_ALWAYS;
	u32 i;

	if (ctx->domain.nic->info.speed)
		features |= BIT_ULL(VIRTIO_NET_F_SPEED_DUPLEX);
	for (i = 0; i < ARRAY_SIZE(virtio_features); i++)
		if (offloads & virtio_features[i].offload)
			features |= BIT_ULL(virtio_features[i].bit);
	return features;
}

/* Virtio 1.2, section 5.1.3.1: which need others */
static bool virtio_features_fit(const struct cdna_ctx *ctx)
{
	u64 features = ctx->virtio->features;
	u32 i;

	if (features & ~cdna_virtio_offers(ctx) ||
	    !(features & BIT_ULL(VIRTIO_F_VERSION_1)))
		return false;
	for (i = 0; i < ARRAY_SIZE(virtio_features); i++)
		if (features & BIT_ULL(virtio_features[i].bit) &&
		    !(features & BIT_ULL(virtio_features[i].needs)))
			return false;
	return true;
}

/* A queue merges frames of both protocols or none. */
static u32 virtio_offloads(const struct cdna_ctx *ctx, u8 dir)
{
	const u64 both = BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) |
			 BIT_ULL(VIRTIO_NET_F_GUEST_TSO6);
	u64 features = ctx->virtio->features;
	u32 offloads = 0, i;

	for (i = 0; i < ARRAY_SIZE(virtio_features); i++)
		if (virtio_features[i].dir == dir &&
		    features & BIT_ULL(virtio_features[i].bit))
			offloads |= virtio_features[i].offload;
	if ((features & both) != both)
		offloads &= ~CDNA_OFFLOAD_LRO;
	if (dir == CDNA_DIR_TX)
		offloads |= CDNA_OFFLOAD_SG;
	return offloads;
}

/* Virtqueues alternate, receiving first. */
static u32 virtio_number(u32 queue)
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

static bool virtio_needs_reset(const struct cdna_ctx *ctx)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	u32 i;

	if (!(virtio->status & VIRTIO_CONFIG_S_DRIVER_OK))
		return false;
	if (READ_ONCE(ctx->state) != CDNA_CTX_ACTIVE)
		return true;
	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES; i++)
		if (virtio->queue[i].enabled &&
		    READ_ONCE(ctx->domain.queue[virtio_number(i)].state) !=
		    CDNA_QUEUE_RUNNING)
			return true;
	return false;
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

static enum cdna_vresult virtio_create(struct cdna_ctx *ctx, u32 i)
{
	const struct cdna_virtio_queue *virtqueue = &ctx->virtio->queue[i];
	const struct cdna_nic_info *info = &ctx->domain.nic->info;
	u64 features = ctx->virtio->features;
	const struct cdna_vring_params vring = {
		.size = virtqueue->size,
		.indirect = features & BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC),
		.event_idx = features & BIT_ULL(VIRTIO_RING_F_EVENT_IDX),
		.desc = virtqueue->desc,
		.avail = virtqueue->avail,
		.used = virtqueue->used,
	};
	u8 dir = i % 2 ? CDNA_DIR_TX : CDNA_DIR_RX;
	u32 slots = vring.size * (dir == CDNA_DIR_TX ? VIRTIO_TX_SLOTS :
						       VIRTIO_RX_SLOTS);
	const struct cdna_queue_params params = {
		.slots = clamp(slots, info->min_ring, info->max_ring),
		.offloads = virtio_offloads(ctx, dir),
		.vring = &vring,
	};

	if (vring.desc % 16 || vring.avail % 2 || vring.used % 4)
		return CDNA_VRES_BAD_PARAM;
	return cdna_queue_create(&ctx->domain, virtio_number(i), &params);
}

/* A source handler costs an interrupt of the host where the NIC is a device, and nothing
 * where it is code of this kernel. The guest's own wishes are looked at in either case.
 */
static u32 virtio_usecs(const struct cdna_provider *nic)
{
	return nic->dma_dev ? VIRTIO_COALESCE_USECS : 0;
}

/* Without a control queue, the guest cannot say which groups it wants: it gets all. */
static enum cdna_vresult virtio_setup_nic(struct cdna_ctx *ctx)
{
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;

	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		res = cdna_cmd_set_filter(&ctx->domain, CDNA_FILTER_BROADCAST |
							CDNA_FILTER_ALLMULTI,
					  NULL) ||
		      cdna_cmd_set_coalesce(&ctx->domain, 0,
					    virtio_usecs(ctx->domain.nic), 0) ?
		      CDNA_VRES_NIC : CDNA_VRES_OK;
	mutex_unlock(&ctx->domain.lock);
	return res;
}

static const char *virtio_why(enum cdna_vresult res)
{
	switch (res) {
	case CDNA_VRES_BAD_PARAM:
		return "one is not aligned";
	case CDNA_VRES_BAD_ADDRESS:
		return "one is not in memory of the machine";
	case CDNA_VRES_NO_MEMORY:
		return "the host could not pin them: raise the machine's memory lock limit";
	case CDNA_VRES_BAD_STATE:
		return "the device may not master the bus, or was revoked";
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
		   virtio_why(res));
}

/* DRIVER_OK. What fails shows as DEVICE_NEEDS_RESET. */
static void virtio_start(struct cdna_ctx *ctx)
{
	enum cdna_vresult res = cdna_activate_own(ctx);
	u32 i;

	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES && !res; i++)
		if (ctx->virtio->queue[i].enabled)
			res = virtio_create(ctx, i);
	if (!res)
		res = virtio_setup_nic(ctx);
	if (res) {
		virtio_tell(ctx, res);
		cdna_ctx_reset(ctx);
		cdna_trigger_event(ctx);
		return;
	}
	cdna_virtio_moved(ctx);
	/* It may have made buffers available before. */
	cdna_enqueue_trap(&ctx->domain);
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
	if (begun & VIRTIO_CONFIG_S_FEATURES_OK && !virtio_features_fit(ctx))
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
	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES; i++) {
		virtio->queue[i] = (struct cdna_virtio_queue) {
			.size = CDNA_VIRTIO_MAX_SIZE,
			.vector = VIRTIO_MSI_NO_VECTOR,
		};
	}
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
	    READ_ONCE(ctx->state) == CDNA_CTX_ACTIVE)
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
