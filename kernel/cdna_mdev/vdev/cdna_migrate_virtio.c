// SPDX-License-Identifier: GPL-2.0-only
/*
 * The body of a virtio device's stream: each field is bounded as its register or its command
 * would bound it. What is in the guest's memory, and whether it is there, is found out
 * when the device goes on, as at DRIVER_OK.
 */
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>
#include <asm/byteorder.h>

#include "vdev/cdna_migrate_virtio.h"
#include "vdev/cdna_rss_check.h"
#include "vdev/cdna_virtio_layout.h"
#include "vdev/cdna_virtio_rules.h"

/* All modes that can be on: no device gets none of its own frames. */
#define MIG_RX_MODES \
	(BIT(VIRTIO_NET_CTRL_RX_PROMISC) | BIT(VIRTIO_NET_CTRL_RX_ALLMULTI) | \
	 BIT(VIRTIO_NET_CTRL_RX_ALLUNI) | BIT(VIRTIO_NET_CTRL_RX_NOMULTI) | \
	 BIT(VIRTIO_NET_CTRL_RX_NOBCAST))

static bool mig_says(struct cdna_mig_refusal *why, const char *what, u32 theirs,
		     u32 ours)
{
	*why = (struct cdna_mig_refusal) {
		.what = what,
		.theirs = theirs,
		.ours = ours,
	};
	return false;
}

static bool mig_has(const struct cdna_mig_virtio *body, u8 feature)
{
	return le64_to_cpu(body->features) & BIT_ULL(feature);
}

static bool mig_features(const struct cdna_mig_virtio *body,
			 const struct cdna_mig_header *ours,
			 struct cdna_mig_refusal *why)
{
	u64 offers = (u64)le32_to_cpu(ours->features_high) << 32 |
		     le32_to_cpu(ours->features);
	u64 features = le64_to_cpu(body->features);

	/* A speed may be unknown. */
	offers |= BIT_ULL(VIRTIO_NET_F_SPEED_DUPLEX);
	if (!(body->status & VIRTIO_CONFIG_S_FEATURES_OK))
		return !(body->status & VIRTIO_CONFIG_S_DRIVER_OK) ||
		       mig_says(why, "device status", body->status, 0);
	if (features & ~offers)
		return mig_says(why, "features that are in use",
				features & ~offers, 0);
	return cdna_virtio_features_agree(features) ||
	       mig_says(why, "features without those that they need", features,
			offers);
}

static bool mig_vector(__le16 vector, struct cdna_mig_refusal *why)
{
	u16 value = le16_to_cpu(vector);

	return value < CDNA_VIRTIO_NR_VECTORS ||
	       value == VIRTIO_MSI_NO_VECTOR ||
	       mig_says(why, "interrupt vector", value, CDNA_VIRTIO_NR_VECTORS);
}

static bool mig_registers(const struct cdna_mig_virtio *body,
			  struct cdna_mig_refusal *why)
{
	if (body->isr & ~CDNA_MIG_CHANGED)
		return mig_says(why, "interrupt status", body->isr,
				CDNA_MIG_CHANGED);
	if (body->rx_flags & ~CDNA_MIG_OVERFLOW ||
	    body->rx_modes & ~MIG_RX_MODES)
		return mig_says(why, "receive modes", body->rx_modes,
				MIG_RX_MODES);
	if (body->reserved || body->flags & ~cpu_to_le32(CDNA_MIG_RSS))
		return mig_says(why, "reserved field",
				le32_to_cpu(body->flags), CDNA_MIG_RSS);
	return mig_vector(body->config_vector, why);
}

static bool mig_is_zero(const void *field, size_t bytes)
{
	const u8 *byte = field;
	size_t i;

	for (i = 0; i < bytes; i++)
		if (byte[i])
			return false;
	return true;
}

static bool mig_mac(const struct cdna_mig_virtio *body,
		    const struct cdna_mig_header *ours,
		    struct cdna_mig_refusal *why)
{
	if (mig_is_zero(body->mac, sizeof(body->mac)))
		return true;
	if (body->mac[0] & 1)
		return mig_says(why, "chosen MAC address", body->mac[0], 0);
	return ours->flags & cpu_to_le32(CDNA_MIG_GUEST_MAC) ||
	       mig_says(why, "permission to choose a MAC address", 1, 0);
}

static bool mig_spread(const struct cdna_mig_virtio *body,
		       const struct cdna_mig_header *ours,
		       struct cdna_mig_refusal *why)
{
	u32 most = le32_to_cpu(ours->qps);

	if (!body->pairs || body->pairs > most ||
	    (body->pairs > 1 && !mig_has(body, VIRTIO_NET_F_MQ)))
		return mig_says(why, "queue pairs that receive", body->pairs,
				most);
	if (!body->flags)
		return mig_is_zero(&body->rss, sizeof(body->rss)) ||
		       mig_says(why, "reserved field", 1, 0);
	return (mig_has(body, VIRTIO_NET_F_RSS) &&
		cdna_rss_check(&body->rss, most)) ||
	       mig_says(why, "receive-side scaling", 1, 0);
}

static bool mig_coal(const struct cdna_mig_virtio *body,
		     const struct cdna_mig_header *ours,
		     struct cdna_mig_refusal *why)
{
	u32 longest = le32_to_cpu(ours->max_coalesce_usecs);
	u32 usecs, i;

	for (i = 0; i < ARRAY_SIZE(body->coal); i++) {
		usecs = le32_to_cpu(body->coal[i].usecs);
		if (usecs > longest)
			return mig_says(why, "moderation", usecs, longest);
	}
	return true;
}

/* A device that does not work has run no command. */
static bool mig_commands(const struct cdna_mig_virtio *body,
			 struct cdna_mig_refusal *why)
{
	return body->status & VIRTIO_CONFIG_S_DRIVER_OK ||
	       (body->pairs == 1 && !body->flags && !body->rx_flags &&
		body->rx_modes == CDNA_VIRTIO_RX_BEGINS &&
		mig_is_zero(body->mac, sizeof(body->mac)) &&
		mig_is_zero(body->mc_hash, sizeof(body->mc_hash)) &&
		mig_is_zero(body->coal, sizeof(body->coal))) ||
	       mig_says(why, "commands of a device that is not used",
			body->status, 0);
}

static bool mig_size(u32 size, u32 most)
{
	return size && size <= most && !(size & (size - 1));
}

/* What was sent and not reported is of transmit queues, and not more than there are
 * entries. A device that does not work has begun none of its rings.
 */
static bool mig_place(const struct cdna_mig_virtio *body, u32 i,
		      struct cdna_mig_refusal *why)
{
	const struct cdna_mig_virtio_queue *queue = &body->queue[i];
	u16 next = le16_to_cpu(queue->next), used = le16_to_cpu(queue->used);
	u16 between = next - used;
	u16 most = i % CDNA_NR_DIRS ? le16_to_cpu(queue->size) : 0;

	if (between > most)
		return mig_says(why, "place in a ring", next, used);
	return body->status & VIRTIO_CONFIG_S_DRIVER_OK || !(next | used) ||
	       mig_says(why, "place in a ring that is not used", next, 0);
}

static bool mig_queue(const struct cdna_mig_virtio *body, u32 i,
		      const struct cdna_mig_header *ours,
		      struct cdna_mig_refusal *why)
{
	const struct cdna_mig_virtio_queue *queue = &body->queue[i];
	u32 most = le32_to_cpu(ours->max_ring);

	if (!mig_size(le16_to_cpu(queue->size), most))
		return mig_says(why, "size of a ring", le16_to_cpu(queue->size),
				most);
	if (queue->reserved || queue->flags & ~cpu_to_le32(CDNA_MIG_ENABLED))
		return mig_says(why, "reserved field",
				le32_to_cpu(queue->flags), CDNA_MIG_ENABLED);
	return mig_vector(queue->vector, why) && mig_place(body, i, why);
}

static bool mig_queues(const struct cdna_mig_virtio *body,
		       const struct cdna_mig_header *ours,
		       struct cdna_mig_refusal *why)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(body->queue); i++)
		if (!mig_queue(body, i, ours, why))
			return false;
	return true;
}

/**
 * cdna_mig_virtio_check - bound what a guest has written there, and how far it was
 * @body: from the stream
 * @ours: the header that this device would send
 * @config: filled in with its configuration space
 * @why: filled in if it is refused
 *
 * Return: 0 or -EINVAL.
 */
int cdna_mig_virtio_check(const struct cdna_mig_virtio *body,
			  const struct cdna_mig_header *ours,
			  struct cdna_config *config,
			  struct cdna_mig_refusal *why)
{
	*why = (struct cdna_mig_refusal) { .what = "configuration space" };
	if (cdna_mig_config_check(body->config, CDNA_CONFIG_VIRTIO, config) &&
	    mig_features(body, ours, why) && mig_registers(body, why) &&
	    mig_mac(body, ours, why) && mig_spread(body, ours, why) &&
	    mig_coal(body, ours, why) && mig_commands(body, why) &&
	    mig_queues(body, ours, why))
		return 0;
	return -EINVAL;
}
