// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive modes and address tables of a virtio network card (Virtio 1.2, sections 5.1.6.5.1
 * and 5.1.6.5.2), as the filter of its context.
 *
 * It is the filter that a guest with a driver of ours sets, and no more is allowed:
 * nobody gets frames to others, so all unicast frames are those to the guest. A guest
 * that asks for more gets everything else, as there: its user may only be capturing its own
 * traffic. Further unicast addresses are such a request.
 */
#include <linux/crc32.h>
#include <linux/etherdevice.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/virtio_net.h>

#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_rules.h"
#include "vdev/cdna_virtio_rx.h"

/**
 * struct rx_list - a table of addresses in a command
 * @mac: the first one
 * @count: how many
 * @cut: there are more, or may be, of which there is no copy
 */
struct rx_list {
	const u8 *mac;
	u32 count;
	bool cut;
};

/**
 * cdna_virtio_rx_reset - as it is until the driver wants something else
 * @rx: filled in
 */
void cdna_virtio_rx_reset(struct cdna_virtio_rx *rx)
{
	*rx = (struct cdna_virtio_rx) { .modes = CDNA_VIRTIO_RX_BEGINS };
}

static bool rx_has(const struct cdna_virtio_rx *rx, u8 mode)
{
	return rx->modes & BIT(mode);
}

/* Return: whether it is about groups that are listed, and about no others */
static bool rx_lists(const struct cdna_virtio_rx *rx)
{
	return !rx_has(rx, VIRTIO_NET_CTRL_RX_NOMULTI) && !rx->overflow &&
	       !rx_has(rx, VIRTIO_NET_CTRL_RX_ALLMULTI);
}

static u32 rx_flags(const struct cdna_virtio_rx *rx)
{
	u32 flags = 0;

	if (rx_has(rx, VIRTIO_NET_CTRL_RX_PROMISC))
		return CDNA_FILTER_BROADCAST | CDNA_FILTER_ALLMULTI;
	if (!rx_has(rx, VIRTIO_NET_CTRL_RX_NOBCAST))
		flags |= CDNA_FILTER_BROADCAST;
	if (!rx_has(rx, VIRTIO_NET_CTRL_RX_NOMULTI) && !rx_lists(rx))
		flags |= CDNA_FILTER_ALLMULTI;
	return flags;
}

/**
 * cdna_virtio_rx_apply - have the NIC receive that
 * @ctx: the context
 * @rx: what
 *
 * Return: 0; -EBUSY if the context is not active; or an error of the NIC.
 */
int cdna_virtio_rx_apply(struct cdna_ctx *ctx, const struct cdna_virtio_rx *rx)
{
	int ret = -EBUSY;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		ret = cdna_cmd_set_filter(&ctx->domain, rx_flags(rx),
					  rx_lists(rx) ? rx->mc_hash : NULL);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/* What could not be applied is not wanted, either: the driver learns of it. */
static bool rx_change(struct cdna_ctx *ctx, const struct cdna_virtio_rx *rx)
{
	if (cdna_virtio_rx_apply(ctx, rx))
		return false;
	ctx->virtio->rx = *rx;
	return true;
}

/**
 * cdna_virtio_rx_mode - VIRTIO_NET_CTRL_RX: turn a mode on or off
 * @ctx: the context
 * @mode: VIRTIO_NET_CTRL_RX_*, as the guest gave it
 * @on: which
 *
 * A context that is not to receive its own unicast frames is nothing that the NIC can do.
 *
 * Return: whether it is so now.
 */
bool cdna_virtio_rx_mode(struct cdna_ctx *ctx, u8 mode, bool on)
{
	struct cdna_virtio_rx rx = ctx->virtio->rx;

	if (mode > VIRTIO_NET_CTRL_RX_NOBCAST ||
	    (mode == VIRTIO_NET_CTRL_RX_NOUNI && on))
		return false;
	rx.modes = on ? rx.modes | BIT(mode) : rx.modes & ~BIT(mode);
	return rx_change(ctx, &rx);
}

/* Find a table at the begin of @data, and go behind it. Return: whether it can be right */
static bool rx_find(const u8 **data, u32 *len, bool more, struct rx_list *list)
{
	u32 count, fit;

	*list = (struct rx_list) { .cut = more };
	if (*len < sizeof(__le32))
		return more;
	count = get_unaligned_le32(*data);
	list->mac = *data + sizeof(__le32);
	fit = (*len - sizeof(__le32)) / ETH_ALEN;
	list->cut = count > fit;
	list->count = min(count, fit);
	*len = list->cut ? 0 : *len - sizeof(__le32) - count * ETH_ALEN;
	*data = list->mac + list->count * ETH_ALEN;
	return more || !list->cut;
}

/* Hash the groups of a table. Addresses of other kinds have no business there. */
static void rx_hash(struct cdna_virtio_rx *rx, const struct rx_list *list)
{
	const u8 *mac = list->mac;
	u32 i, bit;

	memset(rx->mc_hash, 0, sizeof(rx->mc_hash));
	for (i = 0; i < list->count; i++, mac += ETH_ALEN) {
		if (!is_multicast_ether_addr(mac))
			continue;
		bit = ether_crc(ETH_ALEN, mac) >> 24;
		rx->mc_hash[bit / 64] |= BIT_ULL(bit % 64);
	}
}

/**
 * cdna_virtio_rx_table - VIRTIO_NET_CTRL_MAC_TABLE_SET: list the addresses to receive
 * @ctx: the context
 * @data: two tables: unicast addresses, and groups
 * @len: bytes of it
 * @more: the guest gave more, of which there is no copy
 *
 * A guest with more groups than there is a copy of gets all.
 *
 * Return: whether it is so now.
 */
bool cdna_virtio_rx_table(struct cdna_ctx *ctx, const u8 *data, u32 len,
			  bool more)
{
	struct cdna_virtio_rx rx = ctx->virtio->rx;
	struct rx_list unicast, groups;

	if (!rx_find(&data, &len, more, &unicast) ||
	    !rx_find(&data, &len, more, &groups) || (len && !more))
		return false;
	rx.overflow = groups.cut;
	rx_hash(&rx, &groups);
	return rx_change(ctx, &rx);
}
