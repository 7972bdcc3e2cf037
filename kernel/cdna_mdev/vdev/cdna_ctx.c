// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle of a context: the door to its state, and what each event does.
 */
#include <linux/array_size.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_range.h"
#include "guard/cdna_span.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_drops.h"
#include "vdev/cdna_fault_reporter.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_map.h"
#include "vdev/cdna_rate.h"
#include "vdev/cdna_state.h"
#include "vdev/cdna_trigger.h"

static struct cdna_ctx *ctx_of(struct cdna_domain *domain)
{
	return container_of(domain, struct cdna_ctx, domain);
}

/* What the room of protection notifies us of */

static void ctx_queue_fault(struct cdna_queue *queue,
			    const struct cdna_fault_info *fault)
{
	struct cdna_ctx *ctx = ctx_of(queue->domain);

	cdna_fault_reporter_record(ctx, queue, fault);
	cdna_trigger_event(ctx);
}

static void ctx_domain_fault(struct cdna_domain *domain, u32 reason)
{
	const struct cdna_ctx_detail detail = { .fault = reason };

	cdna_ctx_event(ctx_of(domain), CDNA_EV_FAULT, &detail);
}

static const struct cdna_domain_ops ctx_domain_ops = {
	.queue_fault = ctx_queue_fault,
	.ctx_fault = ctx_domain_fault,
};

/**
 * cdna_ctx_init - make a context that is FREE
 * @ctx: zeroed, but for its VFIO device and what makes it a virtio device
 * @source: what is called when a queue pair has news
 * @pin_ops: how pages are pinned
 */
void cdna_ctx_init(struct cdna_ctx *ctx, cdna_source_fn source,
		   const struct cdna_pin_ops *pin_ops)
{
	mutex_init(&ctx->map_lock);
	mutex_init(&ctx->irq_lock);
	cdna_domain_init(&ctx->domain, &ctx_domain_ops, source, pin_ops,
			 &ctx->vfio);
}

/* Actions of the table. Each runs before the state changes, and prevents the
 * change if it fails.
 */

static int ctx_do_configure(struct cdna_ctx *ctx,
			    const struct cdna_ctx_detail *detail)
{
	int ret;

	ret = cdna_cmd_ctx_configure(&ctx->domain, &ctx->address);
	if (ret)
		return ret;
	ret = cdna_rate_apply(ctx);
	if (ret)
		cdna_cmd_ctx_release(&ctx->domain);
	ctx->on_nic = !ret;
	return ret;
}

/* The NIC's context is FREE already if it could not be restored. */
static int ctx_do_release(struct cdna_ctx *ctx,
			  const struct cdna_ctx_detail *detail)
{
	cdna_drops_keep(ctx);
	if (ctx->on_nic)
		cdna_cmd_ctx_release(&ctx->domain);
	ctx->on_nic = false;
	return 0;
}

static int ctx_do_activate(struct cdna_ctx *ctx,
			   const struct cdna_ctx_detail *detail)
{
	struct cdna_domain *domain = &ctx->domain;
	int ret;

	ret = cdna_cmd_ctx_activate(domain, cdna_domain_status(detail->pages));
	if (ret)
		return ret;
	ret = cdna_cmd_set_filter(domain, CDNA_FILTER_BROADCAST, NULL);
	if (ret) {
		/* It is active, and writes the status page. */
		cdna_cmd_ctx_reset(domain);
		return ret;
	}
	cdna_domain_open(domain, detail->pages, detail->features);
	return 0;
}

static int ctx_do_reset(struct cdna_ctx *ctx,
			const struct cdna_ctx_detail *detail)
{
	cdna_guest_mac_forget(ctx);
	cdna_domain_strip(&ctx->domain, cdna_cmd_ctx_reset);
	return 0;
}

static int ctx_do_stop(struct cdna_ctx *ctx,
		       const struct cdna_ctx_detail *detail)
{
	cdna_domain_stop(&ctx->domain, detail->fault);
	return 0;
}

static int ctx_do_revoke(struct cdna_ctx *ctx,
			 const struct cdna_ctx_detail *detail)
{
	cdna_gate_shut(&ctx->domain.gate);
	cdna_ctrlq_shut(&ctx->domain);
	cdna_range_stop(&ctx->domain.range, true);
	cdna_map_detach(ctx);
	cdna_guest_mac_forget(ctx);
	/* One that waits for this lock to have it finds the state. */
	WRITE_ONCE(ctx->guest_mac_claim, 0);
	cdna_domain_strip(&ctx->domain, cdna_cmd_ctx_revoke);
	return 0;
}

/* The NIC takes a revoked context back by way of FREE. */
static int ctx_do_restore(struct cdna_ctx *ctx,
			  const struct cdna_ctx_detail *detail)
{
	int ret;

	ctx_do_release(ctx, NULL);
	ret = ctx_do_configure(ctx, NULL);
	if (ret)
		return ret;
	cdna_range_stop(&ctx->domain.range, false);
	cdna_map_attach(ctx);
	cdna_trigger_unmute(ctx, CDNA_MUTE_REVOKED);
	/* A driver that has not reset its device may wait for an answer. */
	cdna_ctrlq_kick(&ctx->domain);
	return 0;
}

static int (*const ctx_actions[])(struct cdna_ctx *ctx,
				  const struct cdna_ctx_detail *detail) = {
	[CDNA_DO_CONFIGURE] = ctx_do_configure,
	[CDNA_DO_ACTIVATE] = ctx_do_activate,
	[CDNA_DO_RESET] = ctx_do_reset,
	[CDNA_DO_STOP] = ctx_do_stop,
	[CDNA_DO_REVOKE] = ctx_do_revoke,
	[CDNA_DO_RESTORE] = ctx_do_restore,
	[CDNA_DO_RELEASE] = ctx_do_release,
};

static_assert(ARRAY_SIZE(ctx_actions) == CDNA_NR_CTX_ACTIONS);

/**
 * cdna_ctx_event - something happens to a context: the door to its state
 * @ctx: the context
 * @event: what
 * @detail: what ACTIVATE and FAULT come with; else NULL
 *
 * The guest is interrupted about a change that it did not ask for, after the
 * state has changed: it looks at it.
 *
 * Context: may sleep; runs commands.
 *
 * Return: 0; -EBUSY if the state does not allow the event; or an error of the
 * NIC. The state stays as it is with an error.
 */
int cdna_ctx_event(struct cdna_ctx *ctx, enum cdna_ctx_event event,
		   const struct cdna_ctx_detail *detail)
{
	const struct cdna_state_cell *cell = cdna_state_cell(ctx->state, event);
	int ret;

	lockdep_assert_held(&ctx->domain.lock);

	if (!cell->allowed)
		return -EBUSY;
	if (ctx_actions[cell->action]) {
		ret = ctx_actions[cell->action](ctx, detail);
		if (ret)
			return ret;
	}
	if (cell->next == ctx->state)
		return 0;
	WRITE_ONCE(ctx->state, cell->next);
	if (event == CDNA_EV_FAULT || event == CDNA_EV_REVOKE ||
	    event == CDNA_EV_RESTORE)
		cdna_trigger_event(ctx);
	return 0;
}

/* The same, for callers that have no other reason to lock */
static int ctx_raise(struct cdna_ctx *ctx, enum cdna_ctx_event event,
		     const struct cdna_ctx_detail *detail)
{
	int ret;

	mutex_lock(&ctx->domain.lock);
	ret = cdna_ctx_event(ctx, event, detail);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

/**
 * cdna_ctx_reset - no queues, no pages; CONFIGURED again unless revoked
 * @ctx: the context
 *
 * Context: a thread of its machine: waits for others of them that trap.
 *
 * Return: 0, or -EBUSY if its state does not allow it.
 */
int cdna_ctx_reset(struct cdna_ctx *ctx)
{
	int ret;

	lockdep_assert_held(&ctx->domain.ctl_lock);

	cdna_doorbell_forget(&ctx->domain);
	cdna_ctrlq_forget(&ctx->domain);
	ret = ctx_raise(ctx, CDNA_EV_RESET, NULL);
	cdna_domain_settle(&ctx->domain);
	return ret;
}

/**
 * cdna_ctx_set_opened - a process has opened the device, or has closed it
 * @ctx: the context
 * @opened: which
 *
 * An administrator looks at it without the lock of the machine's own threads.
 */
void cdna_ctx_set_opened(struct cdna_ctx *ctx, bool opened)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	mutex_lock(&ctx->domain.lock);
	WRITE_ONCE(ctx->opened, opened);
	mutex_unlock(&ctx->domain.lock);
}

/**
 * cdna_ctx_set_master - the device may master the bus, or no longer
 * @ctx: the context
 * @masters: if not, it reaches no memory and raises no interrupt, which is a store
 *	over the bus
 */
void cdna_ctx_set_master(struct cdna_ctx *ctx, bool masters)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	if (masters) {
		cdna_trigger_unmute(ctx, CDNA_MUTE_MASTER);
		return;
	}
	cdna_ctx_reset(ctx);
	cdna_trigger_mute(ctx, CDNA_MUTE_MASTER);
}

/**
 * cdna_ctx_renew - leave nothing of a guest to the next one
 * @ctx: reset; no process has it open any longer
 *
 * What a guest stored into the mailbox page stays there until the NIC's context
 * is released. One that is revoked is released when it is restored.
 */
void cdna_ctx_renew(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->domain.lock);
	if (ctx->state == CDNA_CTX_CONFIGURED &&
	    !cdna_provider_is_dead(ctx->domain.nic)) {
		cdna_ctx_event(ctx, CDNA_EV_RELEASE, NULL);
		if (cdna_ctx_event(ctx, CDNA_EV_CONFIGURE, NULL))
			dev_err(ctx->vfio.dev,
				"the NIC does not accept the context again; see its health reporter\n");
	}
	mutex_unlock(&ctx->domain.lock);
}

/**
 * cdna_ctx_dead - the NIC is dead and reaches no memory any longer
 * @ctx: the context
 */
void cdna_ctx_dead(struct cdna_ctx *ctx)
{
	const struct cdna_ctx_detail detail = { .fault = CDNA_VFAULT_NIC_DEAD };

	mutex_lock(&ctx->domain.lock);
	cdna_map_detach(ctx);
	cdna_ctx_event(ctx, CDNA_EV_FAULT, &detail);
	mutex_unlock(&ctx->domain.lock);
}
