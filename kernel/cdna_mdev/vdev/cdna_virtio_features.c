// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a virtio network card offers, and what its guest may accept of it.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_formats.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_rss.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_coal.h"
#include "vdev/cdna_virtio_features.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_rules.h"

/**
 * struct virtio_feature - what a feature takes of the NIC
 * @bit: of the feature
 * @offload: CDNA_OFFLOAD_*
 * @dir: of the queues that use it
 */
struct virtio_feature {
	u8 bit;
	u32 offload;
	u8 dir;
};

static const struct virtio_feature virtio_features[] = {
	{ VIRTIO_NET_F_CSUM, CDNA_OFFLOAD_TX_CSUM, CDNA_DIR_TX },
	{ VIRTIO_NET_F_HOST_TSO4, CDNA_OFFLOAD_TSO4, CDNA_DIR_TX },
	{ VIRTIO_NET_F_HOST_TSO6, CDNA_OFFLOAD_TSO6, CDNA_DIR_TX },
	{ VIRTIO_NET_F_GUEST_CSUM, CDNA_OFFLOAD_RX_CSUM, CDNA_DIR_RX },
	/* Merged frames of either protocol come together, see cdna_virtio_offloads(). */
	{ VIRTIO_NET_F_GUEST_TSO4, CDNA_OFFLOAD_LRO, CDNA_DIR_RX },
	{ VIRTIO_NET_F_GUEST_TSO6, CDNA_OFFLOAD_LRO, CDNA_DIR_RX },
	{ VIRTIO_NET_F_MRG_RXBUF, CDNA_OFFLOAD_RX_CHAINS, CDNA_DIR_RX },
};

/* These are commands of the control queue. */
#define VIRTIO_COMMANDS \
	(BIT_ULL(VIRTIO_NET_F_CTRL_RX) | BIT_ULL(VIRTIO_NET_F_CTRL_RX_EXTRA) | \
	 BIT_ULL(VIRTIO_NET_F_CTRL_MAC_ADDR) | BIT_ULL(VIRTIO_NET_F_CTRL_VLAN))

/* What any NIC can do. Addresses are those that the guest's devices use, behind an
 * IOMMU of its machine if there is one.
 */
#define VIRTIO_ALWAYS \
	(BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) | \
	 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) | \
	 BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) | BIT_ULL(VIRTIO_NET_F_MAC) | \
	 BIT_ULL(VIRTIO_NET_F_MTU) | BIT_ULL(VIRTIO_NET_F_STATUS) | \
	 BIT_ULL(VIRTIO_NET_F_CTRL_VQ) | VIRTIO_COMMANDS)

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
	if (cdna_virtio_mq_most(ctx) > 1)
		features |= BIT_ULL(VIRTIO_NET_F_MQ);
	if (cdna_guest_rss_offered(ctx))
		features |= BIT_ULL(VIRTIO_NET_F_RSS);
	/* It knows that its machine was stopped. */
	if (cdna_provider_resumes(ctx->domain.nic))
		features |= BIT_ULL(VIRTIO_NET_F_GUEST_ANNOUNCE);
	if (cdna_virtio_coal_offered(ctx))
		features |= BIT_ULL(VIRTIO_NET_F_NOTF_COAL);
	for (i = 0; i < ARRAY_SIZE(virtio_features); i++)
		if (offloads & virtio_features[i].offload)
			features |= BIT_ULL(virtio_features[i].bit);
	return features;
}

/**
 * cdna_virtio_features_fit - whether a guest may accept what it does
 * @ctx: the context
 *
 * Return: true if so.
 */
bool cdna_virtio_features_fit(const struct cdna_ctx *ctx)
{
	u64 features = ctx->virtio->features;

	return !(features & ~cdna_virtio_offers(ctx)) &&
	       cdna_virtio_features_agree(features);
}

/**
 * cdna_virtio_offloads - what a guest's descriptors may ask for
 * @ctx: the context, with the features that its guest has accepted
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 *
 * A queue merges frames of both protocols or none.
 *
 * Return: CDNA_OFFLOAD_*.
 */
u32 cdna_virtio_offloads(const struct cdna_ctx *ctx, u8 dir)
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
