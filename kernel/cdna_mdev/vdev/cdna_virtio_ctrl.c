// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a virtio network card's control queue (Virtio 1.2, section 5.1.6.5).
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/nospec.h>
#include <linux/unaligned.h>
#include <linux/virtio_net.h>

#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_announce.h"
#include "vdev/cdna_virtio_coal.h"
#include "vdev/cdna_virtio_ctrl.h"
#include "vdev/cdna_virtio_mq.h"
#include "vdev/cdna_virtio_rx.h"

static struct cdna_ctx *ctrl_ctx(struct cdna_domain *domain)
{
	return container_of(domain, struct cdna_ctx, domain);
}

/**
 * struct ctrl_data - what comes with a command
 * @byte: the data
 * @len: bytes of it
 * @more: there were more, of which there is no copy
 */
struct ctrl_data {
	const u8 *byte;
	u32 len;
	bool more;
};

static bool ctrl_has(const struct cdna_ctx *ctx, u8 feature)
{
	return ctx->virtio->features & BIT_ULL(feature);
}

/* Whether there is exactly as much as a command takes */
static bool ctrl_is(const struct ctrl_data *data, u32 len)
{
	return data->len == len && !data->more;
}

static bool ctrl_rx(struct cdna_ctx *ctx, u8 command,
		    const struct ctrl_data *data)
{
	u8 feature = command > VIRTIO_NET_CTRL_RX_ALLMULTI ?
		     VIRTIO_NET_F_CTRL_RX_EXTRA : VIRTIO_NET_F_CTRL_RX;

	return ctrl_has(ctx, feature) && ctrl_is(data, sizeof(u8)) &&
	       cdna_virtio_rx_mode(ctx, command, data->byte[0]);
}

/* As a driver of ours, with the same permission. What the guest reads in its device's
 * configuration follows.
 */
static bool ctrl_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	if (cdna_guest_mac_set(ctx, mac))
		return false;
	atomic_inc(&ctx->virtio->generation);
	return true;
}

static bool ctrl_mac(struct cdna_ctx *ctx, u8 command,
		     const struct ctrl_data *data)
{
	switch (command) {
	case VIRTIO_NET_CTRL_MAC_TABLE_SET:
		return ctrl_has(ctx, VIRTIO_NET_F_CTRL_RX) &&
		       cdna_virtio_rx_table(ctx, data->byte, data->len,
					    data->more);
	case VIRTIO_NET_CTRL_MAC_ADDR_SET:
		return ctrl_has(ctx, VIRTIO_NET_F_CTRL_MAC_ADDR) &&
		       ctrl_is(data, ETH_ALEN) && ctrl_set_mac(ctx, data->byte);
	default:
		return false;
	}
}

/* The NIC filters by what the administrator allows, as for a driver of ours: that is what
 * the guest learns. Frames of other tags of a trunk come, too. VLAN 0 is only a
 * priority, which everybody may use.
 */
static bool ctrl_vlan(struct cdna_ctx *ctx, u8 command,
		      const struct ctrl_data *data)
{
	u16 vid;

	if (!ctrl_has(ctx, VIRTIO_NET_F_CTRL_VLAN) ||
	    !ctrl_is(data, sizeof(__le16)) || command > VIRTIO_NET_CTRL_VLAN_DEL)
		return false;
	vid = get_unaligned_le16(data->byte);
	return !vid || (vid < VLAN_N_VID - 1 && READ_ONCE(ctx->address.trunk));
}

static bool ctrl_announce(struct cdna_ctx *ctx, u8 command,
			  const struct ctrl_data *data)
{
	if (!ctrl_has(ctx, VIRTIO_NET_F_GUEST_ANNOUNCE) || !ctrl_is(data, 0) ||
	    command != VIRTIO_NET_CTRL_ANNOUNCE_ACK)
		return false;
	cdna_virtio_announced(ctx);
	return true;
}

static bool ctrl_mq(struct cdna_ctx *ctx, u8 command,
		    const struct ctrl_data *data)
{
	switch (command) {
	case VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET:
		return ctrl_is(data, sizeof(__le16)) &&
		       cdna_virtio_mq_set(ctx, get_unaligned_le16(data->byte));
	case VIRTIO_NET_CTRL_MQ_RSS_CONFIG:
		return !data->more &&
		       cdna_virtio_mq_scale(ctx, data->byte, data->len);
	default:
		return false;
	}
}

/* The data of both commands has the same shape, whatever its fields are called. */
static bool ctrl_coal(struct cdna_ctx *ctx, u8 command,
		      const struct ctrl_data *data)
{
	struct cdna_virtio_coal coal;

	if (!ctrl_has(ctx, VIRTIO_NET_F_NOTF_COAL) ||
	    !ctrl_is(data, sizeof(struct virtio_net_ctrl_coal)) ||
	    command > VIRTIO_NET_CTRL_NOTF_COAL_RX_SET)
		return false;
	coal.frames = get_unaligned_le32(data->byte);
	coal.usecs = get_unaligned_le32(data->byte + sizeof(__le32));
	return cdna_virtio_coal_set(ctx,
				    command == VIRTIO_NET_CTRL_NOTF_COAL_RX_SET ?
				    CDNA_DIR_RX : CDNA_DIR_TX, &coal);
}

/* By class: a bound of what a guest may say, and which function knows it */
static bool (*const ctrl_classes[])(struct cdna_ctx *ctx, u8 command,
				    const struct ctrl_data *data) = {
	[VIRTIO_NET_CTRL_RX] = ctrl_rx,
	[VIRTIO_NET_CTRL_MAC] = ctrl_mac,
	[VIRTIO_NET_CTRL_VLAN] = ctrl_vlan,
	[VIRTIO_NET_CTRL_ANNOUNCE] = ctrl_announce,
	[VIRTIO_NET_CTRL_MQ] = ctrl_mq,
	[VIRTIO_NET_CTRL_NOTF_COAL] = ctrl_coal,
};

static u8 ctrl_run(struct cdna_domain *domain,
		   const struct cdna_ctrlq_command *command)
{
	const struct ctrl_data data = {
		.byte = command->byte + sizeof(struct virtio_net_ctrl_hdr),
		.len = command->len - sizeof(struct virtio_net_ctrl_hdr),
		.more = command->more,
	};
	u32 class = command->byte[0];

	lockdep_assert_held(&domain->ctl_lock);

	if (class >= ARRAY_SIZE(ctrl_classes) ||
	    READ_ONCE(ctrl_ctx(domain)->state) != CDNA_CTX_ACTIVE)
		return VIRTIO_NET_ERR;
	class = array_index_nospec(class, ARRAY_SIZE(ctrl_classes));
	if (!ctrl_classes[class] ||
	    !ctrl_classes[class](ctrl_ctx(domain), command->byte[1], &data))
		return VIRTIO_NET_ERR;
	return VIRTIO_NET_OK;
}

static void ctrl_interrupt(struct cdna_domain *domain)
{
	struct cdna_ctx *ctx = ctrl_ctx(domain);
	u32 ctrl = cdna_virtio_mq_ctrl(ctx);

	lockdep_assert_held(&domain->ctl_lock);

	cdna_trigger_signal(ctx, ctx->virtio->queue[ctrl].vector);
}

const struct cdna_ctrlq_ops cdna_virtio_ctrl_ops = {
	.run = ctrl_run,
	.interrupt = ctrl_interrupt,
};
