// SPDX-License-Identifier: GPL-2.0-only
/*
 * Revocation (I6), in two parts. The first waits for the NIC only: it stops, the
 * mailbox page is out of reach, no vector fires, and no further page is pinned. The
 * second releases and unpins what the guest had, for which threads of its machine
 * have to come out of where they are. One that pins may be in its machine's memory
 * for as long as the machine likes (userfaultfd), or for ever, with locks of the
 * IOMMU layer held that unpinning needs (Documentation/upstream.rst). So a work
 * does the second part, and an administrator, who may hold the lock of devlink,
 * waits for it for a bounded time.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_revoke.h"
#include "vdev/cdna_trigger.h"

#define REVOKE_WAIT_MS	2000
#define REVOKE_POLL_US	1000

static void revoke_work(struct work_struct *work)
{
	struct cdna_ctx *ctx = container_of(work, struct cdna_ctx,
					    revoke_work);

	cdna_domain_settle(&ctx->domain);
	/* A command that began before is on its way out, and pins nothing more. */
	while (cdna_pin_flush(&ctx->domain.pins, 0, ULONG_MAX))
		fsleep(REVOKE_POLL_US);
	WRITE_ONCE(ctx->revoking, false);
	wake_up_all(&ctx->revoked);
}

/**
 * cdna_revoke_init - nothing is being revoked
 * @ctx: the context
 */
void cdna_revoke_init(struct cdna_ctx *ctx)
{
	INIT_WORK(&ctx->revoke_work, revoke_work);
	init_waitqueue_head(&ctx->revoked);
}

/**
 * cdna_revoke - take a context away from its guest (I6)
 * @ctx: the context; may be revoked already
 *
 * Context: may sleep, for a bounded time; no lock is held but devlink's.
 *
 * Return: 0; -EBUSY if its state does not allow it; -EINPROGRESS if the context is
 * revoked, but its machine holds on to pages; -ERESTARTSYS if the caller is killed.
 */
int cdna_revoke(struct cdna_ctx *ctx)
{
	struct cdna_domain *domain = &ctx->domain;
	long left;
	int ret;

	mutex_lock(&domain->lock);
	ret = cdna_ctx_event(ctx, CDNA_EV_REVOKE, NULL);
	if (!ret) {
		WRITE_ONCE(ctx->revoking, true);
		queue_work(system_unbound_wq, &ctx->revoke_work);
	}
	mutex_unlock(&domain->lock);
	if (ret)
		return ret;
	cdna_trigger_mute(ctx, CDNA_MUTE_REVOKED);

	left = wait_event_killable_timeout(ctx->revoked,
					   !READ_ONCE(ctx->revoking),
					   msecs_to_jiffies(REVOKE_WAIT_MS));
	if (left < 0)
		return left;
	return left ? 0 : -EINPROGRESS;
}

/**
 * cdna_revoke_undo - return a revoked context to its guest
 * @ctx: the context; nothing happens unless it is REVOKED
 *
 * Context: may sleep; no lock is held but devlink's.
 *
 * Return: 0; -EINPROGRESS while pages are left from before; or an error of the NIC.
 */
int cdna_revoke_undo(struct cdna_ctx *ctx)
{
	int ret = -EINPROGRESS;

	mutex_lock(&ctx->domain.lock);
	if (!ctx->revoking)
		ret = cdna_ctx_event(ctx, CDNA_EV_RESTORE, NULL);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/**
 * cdna_revoke_end - wait for what a revocation left to be done
 * @ctx: the context
 *
 * Context: waits for threads of the machine: called when its process has closed the
 * device, or is closing it.
 */
void cdna_revoke_end(struct cdna_ctx *ctx)
{
	flush_work(&ctx->revoke_work);
}
