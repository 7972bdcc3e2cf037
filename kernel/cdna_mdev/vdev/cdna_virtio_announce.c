// SPDX-License-Identifier: GPL-2.0-only
/*
 * Announcements of addresses by the guest of a virtio network card (Virtio 1.2, section
 * 5.1.6.5.4). A machine that was stopped has been silent: switches may have forgotten
 * where it is, and neighbours may have given it up. So when it goes on, the device asks
 * its driver to send what they learn from.
 *
 * A driver acknowledges what it has read. If it did so before its machine stopped, that may
 * be looked at only when the machine goes on, and what is due then is another announcement.
 */
#include <linux/bits.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_announce.h"

/**
 * cdna_virtio_announce - have the guest announce its addresses
 * @ctx: the context, whose machine goes on
 *
 * A guest that has not said that it can is not disturbed, nor is one whose device needs
 * a reset, or has no status in which the guest could read it.
 */
void cdna_virtio_announce(struct cdna_ctx *ctx)
{
	struct cdna_virtio *virtio = ctx->virtio;
	u8 status = cdna_virtio_status(ctx);

	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (~virtio->features & (BIT_ULL(VIRTIO_NET_F_GUEST_ANNOUNCE) |
				 BIT_ULL(VIRTIO_NET_F_STATUS)) ||
	    !(status & VIRTIO_CONFIG_S_DRIVER_OK) ||
	    status & VIRTIO_CONFIG_S_NEEDS_RESET)
		return;
	virtio->announcement = CDNA_ANNOUNCEMENT_DUE;
	cdna_trigger_event(ctx);
}

/**
 * cdna_virtio_announce_status - what of it is in the status in the device's configuration
 * @ctx: the context
 *
 * Nothing can be sent by a device that needs a reset, which forgets what is due.
 *
 * Return: VIRTIO_NET_S_ANNOUNCE or 0.
 */
u16 cdna_virtio_announce_status(const struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (!ctx->virtio->announcement ||
	    cdna_virtio_status(ctx) & VIRTIO_CONFIG_S_NEEDS_RESET)
		return 0;
	return VIRTIO_NET_S_ANNOUNCE;
}

/**
 * cdna_virtio_announce_read - the guest has read that status
 * @ctx: the context
 */
void cdna_virtio_announce_read(struct cdna_ctx *ctx)
{
	if (cdna_virtio_announce_status(ctx))
		ctx->virtio->announcement = CDNA_ANNOUNCEMENT_SHOWN;
}

/**
 * cdna_virtio_announced - VIRTIO_NET_CTRL_ANNOUNCE_ACK: the guest does
 * @ctx: the context
 */
void cdna_virtio_announced(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (ctx->virtio->announcement == CDNA_ANNOUNCEMENT_SHOWN)
		ctx->virtio->announcement = CDNA_ANNOUNCEMENT_NONE;
}
