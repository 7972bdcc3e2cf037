// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that is paused while its machine is stopped, and then goes on: nothing
 * that was accepted is lost, and no memory of the guest is touched meanwhile.
 *
 * No trap gets in, whichever way it comes; the NIC pauses the context, and commands are
 * refused but for a reset; those in a virtio device's control queue wait. What is stored
 * into the NIC's mailboxes meanwhile, the NIC looks at when it goes on; what is in rings
 * and tail page, we do.
 *
 * What ends a context that is paused - a reset, a revocation, memory that is taken
 * away, the NIC's death - does so as ever: then it does not go on.
 */
#include <linux/errno.h>

#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_resume.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_pause.h"

/* The NIC refuses: it has stopped the context, and its report is on the way, or is lost
 * while no trap gets in; or it does not do what it must, and is made to forget the guest.
 * The guest has to reset the device. A dead NIC is reported anyway.
 */
static void pause_fault(struct cdna_ctx *ctx, int ret)
{
	const struct cdna_ctx_detail detail = {
		.fault = CDNA_FAULT_DMA_STATUS,
	};

	lockdep_assert_held(&ctx->domain.lock);

	if (ret == -ENODEV)
		return;
	cdna_ctx_event(ctx, CDNA_EV_FAULT, &detail);
	if (!cdna_cmd_ctx_is_faulted(&ctx->domain))
		cdna_domain_strip(&ctx->domain, cdna_cmd_ctx_reset);
}

/* Have the NIC pause or resume a context that is ACTIVE. Nothing here opens the gate again:
 * one with which the NIC does not do that is over, and what its guest had is released now:
 * a virtio device's control queue goes on with new memory.
 */
static void pause_command(struct cdna_ctx *ctx,
			  int (*command)(struct cdna_domain *domain))
{
	int ret = 0;

	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_ACTIVE)
		ret = command(&ctx->domain);
	if (ret)
		pause_fault(ctx, ret);
	mutex_unlock(&ctx->domain.lock);
	if (ret)
		cdna_domain_settle(&ctx->domain);
}

/**
 * cdna_pause_begin - pause a device
 * @ctx: the context
 *
 * It does not fail: what cannot be paused is stopped, and its guest finds that.
 *
 * Context: waits for threads of the machine that trap, which are about to be stopped.
 */
void cdna_pause_begin(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	cdna_gate_shut(&ctx->domain.gate);
	cdna_gate_wait(&ctx->domain.gate);
	pause_command(ctx, cdna_cmd_ctx_quiesce);
	ctx->domain.paused = true;
}

/* It may have been revoked, reset or stopped meanwhile, or be about to. Return: whether
 * there is something to resume
 */
static bool pause_open(struct cdna_ctx *ctx)
{
	bool open;

	mutex_lock(&ctx->domain.lock);
	open = ctx->state == CDNA_CTX_ACTIVE && cdna_domain_reopen(&ctx->domain);
	mutex_unlock(&ctx->domain.lock);
	return open;
}

/**
 * cdna_pause_end - resume it
 * @ctx: the context
 *
 * What the guest stored last may not have been noticed: so we look at its rings, and
 * before the NIC looks at its mailboxes, which may name what is in them. Mailboxes that
 * we ring are rung again afterwards, without a lock that others need: a provider may
 * transmit then.
 *
 * Context: as a trap: pins pages.
 */
void cdna_pause_end(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	ctx->domain.paused = false;
	cdna_ctrlq_kick(&ctx->domain);
	if (!pause_open(ctx))
		return;
	cdna_resume_now(&ctx->domain);
	pause_command(ctx, cdna_cmd_ctx_resume);
	cdna_enqueue_ring(&ctx->domain);
}
