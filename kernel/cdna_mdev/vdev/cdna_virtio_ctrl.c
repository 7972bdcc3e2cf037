// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a virtio network card's control queue (Virtio 1.2, section 5.1.6.5).
 */
#include <linux/virtio_net.h>

#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_ctrl.h"

static struct cdna_ctx *ctrl_ctx(struct cdna_domain *domain)
{
	return container_of(domain, struct cdna_ctx, domain);
}

/* Run a command. There is none yet. */
static u8 ctrl_run(struct cdna_domain *domain,
		   const struct cdna_ctrlq_command *command)
{
	lockdep_assert_held(&domain->ctl_lock);

	return VIRTIO_NET_ERR;
}

static void ctrl_interrupt(struct cdna_domain *domain)
{
	struct cdna_ctx *ctx = ctrl_ctx(domain);
	u16 vector = READ_ONCE(ctx->virtio->queue[CDNA_VIRTIO_CTRL].vector);

	cdna_trigger_signal(ctx, vector);
}

const struct cdna_ctrlq_ops cdna_virtio_ctrl_ops = {
	.run = ctrl_run,
	.interrupt = ctrl_interrupt,
};
