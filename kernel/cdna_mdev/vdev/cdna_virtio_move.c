// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card that goes on elsewhere: its driver does not notice. What it has written
 * into registers, and what its commands have set, travels; and how far its rings are, which
 * themselves are memory of the machine. There, queues are created as at DRIVER_OK, but
 * for where they begin: what was posted is read and checked again.
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/string.h>
#include <linux/virtio_config.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_place.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_migrate_stream.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_features.h"
#include "vdev/cdna_virtio_move.h"
#include "vdev/cdna_virtio_mq.h"

static_assert(CDNA_MIG_QUEUES == CDNA_VIRTIO_NR_QUEUES);
static_assert(CDNA_MIG_MC_WORDS == CDNA_CMD_MC_WORDS);

/**
 * cdna_virtio_move_header - what a guest relies on of a virtio device
 * @ctx: the context
 * @header: its identity is filled in; the rest is, here
 */
void cdna_virtio_move_header(struct cdna_ctx *ctx,
			     struct cdna_mig_header *header)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;
	u64 features = cdna_virtio_offers(ctx);

	header->features = cpu_to_le32(lower_32_bits(features));
	header->features_high = cpu_to_le32(upper_32_bits(features));
	header->qps = cpu_to_le32(cdna_virtio_mq_most(ctx));
	header->min_ring = cpu_to_le32(1);
	header->max_ring = cpu_to_le32(CDNA_VIRTIO_MAX_SIZE);
	header->mtu = cpu_to_le32(info->mtu);
	header->max_coalesce_usecs =
		cpu_to_le32(min_t(u32, info->max_coalesce_usecs,
				  CDNA_MAX_COALESCE_USECS));
	if (READ_ONCE(ctx->guest_mac_allowed))
		header->flags |= cpu_to_le32(CDNA_MIG_GUEST_MAC);
}

/* With cdna_domain.lock held. Return: -ENOLINK if the queue has stopped */
static int move_place_ring(struct cdna_ctx *ctx, u32 i,
			   struct cdna_vring_place *place)
{
	struct cdna_queue *queue = &ctx->domain.queue[cdna_virtio_number(i)];
	int ret;

	if (ctx->state != CDNA_CTX_ACTIVE || queue->state != CDNA_QUEUE_RUNNING)
		return -ENOLINK;
	ret = cdna_place_queue(queue, place);
	return ret == -ENODEV ? -ENOLINK : ret;
}

/* One that has not gone on yet is where it came in. */
static int move_place(struct cdna_ctx *ctx, u32 i,
		      struct cdna_vring_place *place)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	u32 ctrl = cdna_virtio_mq_ctrl(ctx);
	int ret = 0;

	*place = virtio->queue[i].place;
	if (ctx->migrate.loaded)
		return 0;
	*place = (struct cdna_vring_place) {};
	if (!virtio->queue[i].enabled || i > ctrl ||
	    !(virtio->status & VIRTIO_CONFIG_S_DRIVER_OK))
		return 0;
	mutex_lock(&ctx->domain.lock);
	if (i == ctrl)
		cdna_place_ctrlq(&ctx->domain, place);
	else
		ret = move_place_ring(ctx, i, place);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

static int move_queue_out(struct cdna_ctx *ctx, u32 i,
			  struct cdna_mig_virtio_queue *to)
{
	const struct cdna_virtio_queue *queue = &ctx->virtio->queue[i];
	struct cdna_vring_place place;
	int ret = move_place(ctx, i, &place);

	/* A guest that makes buffers available twice may have more in use than it has. */
	if ((u16)(place.next - place.used) > queue->size)
		place.used = place.next - queue->size;
	*to = (struct cdna_mig_virtio_queue) {
		.size = cpu_to_le16(queue->size),
		.vector = cpu_to_le16(queue->vector),
		.next = cpu_to_le16(place.next),
		.used = cpu_to_le16(place.used),
		.flags = cpu_to_le32(queue->enabled ? CDNA_MIG_ENABLED : 0),
		.desc = cpu_to_le64(queue->desc),
		.avail = cpu_to_le64(queue->avail),
		.used_ring = cpu_to_le64(queue->used),
	};
	return ret;
}

static void move_commands_out(const struct cdna_ctx *ctx,
			      struct cdna_mig_virtio *body)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	u64 mac = READ_ONCE(ctx->guest_mac);
	u32 i;

	body->pairs = virtio->pairs;
	body->flags = cpu_to_le32(virtio->scaled ? CDNA_MIG_RSS : 0);
	body->rss = virtio->rss;
	if (mac)
		u64_to_ether_addr(mac, body->mac);
	else if (ctx->migrate.loaded)
		ether_addr_copy(body->mac, virtio->mac);
	body->rx_modes = virtio->rx.modes;
	body->rx_flags = virtio->rx.overflow ? CDNA_MIG_OVERFLOW : 0;
	for (i = 0; i < CDNA_MIG_MC_WORDS; i++)
		body->mc_hash[i] = cpu_to_le64(virtio->rx.mc_hash[i]);
	for (i = 0; i < CDNA_NR_DIRS; i++)
		body->coal[i] = (struct cdna_mig_coal) {
			.usecs = cpu_to_le32(virtio->coal[i].usecs),
			.frames = cpu_to_le32(virtio->coal[i].frames),
		};
}

/**
 * cdna_virtio_move_out - what a virtio device takes along
 * @ctx: the context, paused
 * @body: filled in
 *
 * Return: 0, or an error if the NIC does not say how far a queue is.
 */
int cdna_virtio_move_out(struct cdna_ctx *ctx, struct cdna_mig_virtio *body)
{
	const struct cdna_virtio *virtio = ctx->virtio;
	int ret = 0;
	u32 i;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	*body = (struct cdna_mig_virtio) {
		.features = cpu_to_le64(virtio->features),
		.device_select = cpu_to_le32(virtio->device_select),
		.driver_select = cpu_to_le32(virtio->driver_select),
		.queue_select = cpu_to_le16(virtio->queue_select),
		.config_vector = cpu_to_le16(virtio->config_vector),
		.generation = atomic_read(&virtio->generation),
		.isr = READ_ONCE(virtio->changed) ? CDNA_MIG_CHANGED : 0,
		.status = virtio->status,
	};
	memcpy(body->config, ctx->config.byte, sizeof(body->config));
	move_commands_out(ctx, body);
	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES && !ret; i++) {
		ret = move_queue_out(ctx, i, &body->queue[i]);
		if (ret == -ENOLINK) {
			body->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
			ret = 0;
		}
	}
	/* Last: a revocation or a fault may come at any time, and what has stopped does
	 * not go on while the caller has the lock.
	 */
	if (ctx->migrate.loaded ? virtio->stopped :
	    cdna_virtio_status(ctx) & VIRTIO_CONFIG_S_NEEDS_RESET)
		body->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	return ret;
}

static void move_queue_in(struct cdna_virtio_queue *queue,
			  const struct cdna_mig_virtio_queue *from)
{
	*queue = (struct cdna_virtio_queue) {
		.size = le16_to_cpu(from->size),
		.vector = le16_to_cpu(from->vector),
		.enabled = from->flags & cpu_to_le32(CDNA_MIG_ENABLED),
		.desc = le64_to_cpu(from->desc),
		.avail = le64_to_cpu(from->avail),
		.used = le64_to_cpu(from->used_ring),
		.place = {
			.next = le16_to_cpu(from->next),
			.used = le16_to_cpu(from->used),
			.moved = true,
		},
	};
}

static void move_commands_in(struct cdna_virtio *virtio,
			     const struct cdna_mig_virtio *body)
{
	u32 i;

	virtio->pairs = body->pairs;
	virtio->scaled = body->flags & cpu_to_le32(CDNA_MIG_RSS);
	virtio->rss = body->rss;
	ether_addr_copy(virtio->mac, body->mac);
	virtio->rx.modes = body->rx_modes;
	virtio->rx.overflow = body->rx_flags & CDNA_MIG_OVERFLOW;
	for (i = 0; i < CDNA_MIG_MC_WORDS; i++)
		virtio->rx.mc_hash[i] = le64_to_cpu(body->mc_hash[i]);
	for (i = 0; i < CDNA_NR_DIRS; i++)
		virtio->coal[i] = (struct cdna_virtio_coal) {
			.usecs = le32_to_cpu(body->coal[i].usecs),
			.frames = le32_to_cpu(body->coal[i].frames),
		};
}

/**
 * cdna_virtio_move_in - registers as they were elsewhere
 * @ctx: the context, reset; its queues are created by cdna_virtio_go_on()
 * @body: from cdna_mig_virtio_check()
 */
void cdna_virtio_move_in(struct cdna_ctx *ctx,
			 const struct cdna_mig_virtio *body)
{
	struct cdna_virtio *virtio = ctx->virtio;
	u32 i;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	cdna_virtio_reset(ctx);
	virtio->device_select = le32_to_cpu(body->device_select);
	virtio->driver_select = le32_to_cpu(body->driver_select);
	virtio->queue_select = le16_to_cpu(body->queue_select);
	WRITE_ONCE(virtio->config_vector, le16_to_cpu(body->config_vector));
	virtio->status = body->status & ~VIRTIO_CONFIG_S_NEEDS_RESET;
	virtio->stopped = body->status & VIRTIO_CONFIG_S_NEEDS_RESET;
	virtio->features = le64_to_cpu(body->features);
	atomic_set(&virtio->generation, body->generation);
	WRITE_ONCE(virtio->changed, body->isr & CDNA_MIG_CHANGED);
	move_commands_in(virtio, body);
	for (i = 0; i < CDNA_VIRTIO_NR_QUEUES; i++)
		move_queue_in(&virtio->queue[i], &body->queue[i]);
}
