// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of a virtio network card (Virtio 1.2, sections 4.1.4.3 and 5.1.4). They are
 * read as bytes of a structure that is made for each load. A store has an effect if it is
 * of a whole field.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/log2.h>
#include <linux/nospec.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_idle.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_rss.h"
#include "vdev/cdna_link_state.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_announce.h"
#include "vdev/cdna_virtio_features.h"
#include "vdev/cdna_virtio_layout.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_regs.h"
#include "vdev/cdna_virtio_rss.h"

#define REG(field)	offsetof(struct virtio_pci_common_cfg, field)

static_assert(sizeof(struct virtio_pci_common_cfg) == CDNA_VIRTIO_COMMON_BYTES);
static_assert(offsetofend(struct virtio_net_config, supported_hash_types) ==
	      CDNA_VIRTIO_DEVICE_BYTES);

/* The virtqueue that is selected. Return: NULL if the guest has none of that number */
static struct cdna_virtio_queue *regs_queue(struct cdna_ctx *ctx)
{
	u32 i = ctx->virtio->queue_select;

	if (i > cdna_virtio_mq_ctrl(ctx))
		return NULL;
	i = array_index_nospec(i, CDNA_VIRTIO_NR_QUEUES);
	return &ctx->virtio->queue[i];
}

static void regs_show_queue(struct virtio_pci_common_cfg *common,
			    struct cdna_ctx *ctx)
{
	const struct cdna_virtio_queue *queue = regs_queue(ctx);

	if (!queue)
		return;
	common->queue_size = cpu_to_le16(queue->size);
	common->queue_msix_vector = cpu_to_le16(queue->vector);
	common->queue_enable = cpu_to_le16(queue->enabled);
	common->queue_notify_off = cpu_to_le16(ctx->virtio->queue_select);
	common->queue_desc_lo = cpu_to_le32(lower_32_bits(queue->desc));
	common->queue_desc_hi = cpu_to_le32(upper_32_bits(queue->desc));
	common->queue_avail_lo = cpu_to_le32(lower_32_bits(queue->avail));
	common->queue_avail_hi = cpu_to_le32(upper_32_bits(queue->avail));
	common->queue_used_lo = cpu_to_le32(lower_32_bits(queue->used));
	common->queue_used_hi = cpu_to_le32(upper_32_bits(queue->used));
}

/* A word of 64 features. There are no others. */
static u32 regs_features(u64 features, u32 select)
{
	if (select > 1)
		return 0;
	return select ? upper_32_bits(features) : lower_32_bits(features);
}

static void regs_show_common(struct cdna_ctx *ctx,
			     struct virtio_pci_common_cfg *common)
{
	struct cdna_virtio *virtio = ctx->virtio;
	u32 most = cdna_virtio_mq_most(ctx);
	u32 word;

	*common = (struct virtio_pci_common_cfg) {
		.queue_msix_vector = cpu_to_le16(VIRTIO_MSI_NO_VECTOR),
		.msix_config = cpu_to_le16(virtio->config_vector),
		.num_queues = cpu_to_le16(most * CDNA_NR_DIRS + 1),
		.device_status = cdna_virtio_status(ctx),
		.config_generation = atomic_read(&virtio->generation),
		.queue_select = cpu_to_le16(virtio->queue_select),
	};
	word = regs_features(cdna_virtio_offers(ctx), virtio->device_select);
	common->device_feature_select = cpu_to_le32(virtio->device_select);
	common->device_feature = cpu_to_le32(word);
	word = regs_features(virtio->features, virtio->driver_select);
	common->guest_feature_select = cpu_to_le32(virtio->driver_select);
	common->guest_feature = cpu_to_le32(word);
	regs_show_queue(common, ctx);
}

/* A device that does not work has none. */
static bool regs_link_up(const struct cdna_ctx *ctx)
{
	u32 state = READ_ONCE(ctx->state);

	return cdna_link_state_up(ctx) && state != CDNA_CTX_REVOKED &&
	       !(cdna_virtio_status(ctx) & VIRTIO_CONFIG_S_NEEDS_RESET);
}

static u16 regs_status(const struct cdna_ctx *ctx)
{
	return (regs_link_up(ctx) ? VIRTIO_NET_S_LINK_UP : 0) |
	       cdna_virtio_announce_status(ctx);
}

/* As of VERSION_1, which has to be accepted */
static __virtio16 regs_half(u16 value)
{
	return (__force __virtio16)cpu_to_le16(value);
}

/* The one that the guest has chosen, or that which it was given */
static void regs_show_mac(const struct cdna_ctx *ctx, u8 *mac)
{
	u64 chosen = READ_ONCE(ctx->guest_mac);

	if (chosen)
		u64_to_ether_addr(chosen, mac);
	else
		ether_addr_copy(mac, ctx->address.mac);
}

static void regs_show_rss(struct virtio_net_config *device)
{
	device->rss_max_key_size = CDNA_RSS_KEY;
	device->rss_max_indirection_table_length = cpu_to_le16(CDNA_RSS_TABLE);
	device->supported_hash_types = cpu_to_le32(CDNA_VIRTIO_RSS_TYPES);
}

static void regs_show_device(struct cdna_ctx *ctx,
			     struct virtio_net_config *device)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;

	*device = (struct virtio_net_config) {
		.status = regs_half(regs_status(ctx)),
		.max_virtqueue_pairs = regs_half(cdna_virtio_mq_most(ctx)),
		.mtu = regs_half(info->mtu),
		.speed = cpu_to_le32(info->speed ?: SPEED_UNKNOWN),
		.duplex = DUPLEX_FULL,
	};
	regs_show_mac(ctx, device->mac);
	if (cdna_guest_rss_offered(ctx))
		regs_show_rss(device);
}

/* A load of the device's configuration, which may be of its status, whose flags are in its
 * first byte
 */
static void regs_load_device(struct cdna_ctx *ctx, u32 offset, void *to,
			     size_t count)
{
	const u32 status = offsetof(struct virtio_net_config, status);
	struct virtio_net_config device;

	regs_show_device(ctx, &device);
	memcpy(to, (u8 *)&device + offset, count);
	if (offset <= status && status < offset + count)
		cdna_virtio_announce_read(ctx);
}

/* Reading it clears it. */
static u8 regs_isr(struct cdna_virtio *virtio)
{
	bool changed = READ_ONCE(virtio->changed);

	WRITE_ONCE(virtio->changed, false);
	return changed ? VIRTIO_PCI_ISR_CONFIG : 0;
}

/**
 * cdna_virtio_load - a load of the guest
 * @ctx: whose
 * @offset: in the register page
 * @to: buffer of @count bytes; zero where there is no register
 * @count: bytes; all are in the page
 *
 * Return: 0, or -EINTR if the caller is killed.
 */
int cdna_virtio_load(struct cdna_ctx *ctx, u32 offset, void *to, size_t count)
{
	struct virtio_pci_common_cfg common;
	int ret;

	memset(to, 0, count);
	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	if (offset + count <= CDNA_VIRTIO_COMMON + sizeof(common)) {
		regs_show_common(ctx, &common);
		memcpy(to, (u8 *)&common + offset - CDNA_VIRTIO_COMMON, count);
	} else if (offset == CDNA_VIRTIO_ISR && count == sizeof(u8)) {
		*(u8 *)to = regs_isr(ctx->virtio);
	} else if (offset >= CDNA_VIRTIO_DEVICE &&
		   offset + count <= CDNA_VIRTIO_DEVICE +
				     sizeof(struct virtio_net_config)) {
		regs_load_device(ctx, offset - CDNA_VIRTIO_DEVICE, to, count);
	}
	mutex_unlock(&ctx->domain.ctl_lock);
	return 0;
}

static u16 regs_vector(u32 value)
{
	return value < CDNA_VIRTIO_NR_VECTORS ? value : VIRTIO_MSI_NO_VECTOR;
}

static void regs_set_half(u64 *to, bool high, u32 value)
{
	*to = high ? (u64)value << 32 | lower_32_bits(*to) :
		     (*to & ~(u64)U32_MAX) | value;
}

/* Where a virtqueue is can be said until the driver is ready. */
static void regs_store_queue(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	struct cdna_virtio_queue *queue = regs_queue(ctx);

	if (!queue)
		return;
	if (offset == REG(queue_msix_vector))
		WRITE_ONCE(queue->vector, regs_vector(value));
	if (ctx->virtio->status & VIRTIO_CONFIG_S_DRIVER_OK)
		return;
	if (offset == REG(queue_size) && is_power_of_2(value) &&
	    value <= CDNA_VIRTIO_MAX_SIZE)
		queue->size = value;
	else if (offset == REG(queue_enable))
		queue->enabled |= value == 1;
	else if (offset == REG(queue_desc_lo) || offset == REG(queue_desc_hi))
		regs_set_half(&queue->desc, offset == REG(queue_desc_hi), value);
	else if (offset == REG(queue_avail_lo) || offset == REG(queue_avail_hi))
		regs_set_half(&queue->avail, offset == REG(queue_avail_hi),
			      value);
	else if (offset == REG(queue_used_lo) || offset == REG(queue_used_hi))
		regs_set_half(&queue->used, offset == REG(queue_used_hi), value);
}

static void regs_store_features(struct cdna_virtio *virtio, u32 value)
{
	if (virtio->driver_select > 1 ||
	    virtio->status & VIRTIO_CONFIG_S_FEATURES_OK)
		return;
	regs_set_half(&virtio->features, virtio->driver_select, value);
}

static void regs_store_common(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	struct cdna_virtio *virtio = ctx->virtio;

	switch (offset) {
	case REG(device_feature_select):
		virtio->device_select = value;
		break;
	case REG(guest_feature_select):
		virtio->driver_select = value;
		break;
	case REG(guest_feature):
		regs_store_features(virtio, value);
		break;
	case REG(msix_config):
		WRITE_ONCE(virtio->config_vector, regs_vector(value));
		break;
	case REG(device_status):
		cdna_virtio_set_status(ctx, value);
		break;
	case REG(queue_select):
		virtio->queue_select = value;
		break;
	default:
		regs_store_queue(ctx, offset, value);
	}
}

/* How wide the field is that begins at an offset. Return: 0 if none does */
static u32 regs_width(u32 offset)
{
	switch (offset) {
	case REG(device_status):
		return sizeof(u8);
	case REG(msix_config):
	case REG(queue_select):
	case REG(queue_size):
	case REG(queue_msix_vector):
	case REG(queue_enable):
		return sizeof(u16);
	default:
		return offset % sizeof(u32) || offset >= CDNA_VIRTIO_COMMON_BYTES ?
		       0 : sizeof(u32);
	}
}

/**
 * cdna_virtio_store - a store of the guest
 * @ctx: whose
 * @offset: in the register page
 * @from: @count bytes
 * @count: bytes; all are in the page
 *
 * Return: 0, or -EINTR if the caller is killed.
 */
int cdna_virtio_store(struct cdna_ctx *ctx, u32 offset, const void *from,
		      size_t count)
{
	u32 value = 0;
	int ret;

	if (count != regs_width(offset))
		return 0;
	if (count == sizeof(u8))
		value = *(const u8 *)from;
	else if (count == sizeof(u16))
		value = get_unaligned_le16(from);
	else
		value = get_unaligned_le32(from);
	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ret;
	regs_store_common(ctx, offset, value);
	mutex_unlock(&ctx->domain.ctl_lock);
	if (offset == REG(device_status))
		cdna_idle_trim(&ctx->domain);
	return 0;
}

/**
 * cdna_virtio_notify - a store into the notify page that its machine's monitor passes on
 * @ctx: whose
 * @offset: in the page
 */
void cdna_virtio_notify(struct cdna_ctx *ctx, u32 offset)
{
	atomic64_inc(&ctx->domain.traps_reg);
	trace_cdna_trap(ctx->domain.id, false);
	if (!cdna_ctrlq_notified(&ctx->domain, offset))
		cdna_enqueue_notified(&ctx->domain, offset);
}
