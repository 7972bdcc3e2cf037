// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doorbell page: a page of guest memory that KVM watches for us. A store to
 * it calls us in the vCPU's own thread (paper 5.3 counts what such an exit
 * costs).
 *
 * KVM forgets what it watches when the memory slot goes, which happens whenever
 * the machine's memory map changes. We notice, watch again when the slot is
 * back, and look at the rings once, for stores that nobody saw.
 */
#include <linux/kvm_types.h>

#include "cdna_ctx.h"
#include "cdna_trace.h"

#if IS_ENABLED(CONFIG_KVM_EXTERNAL_WRITE_TRACKING)

#define DOORBELL_REARM_MS	10

static struct cdna_ctx *doorbell_ctx(struct kvm_page_track_notifier_node *node)
{
	return container_of(node, struct cdna_ctx, doorbell.node);
}

/* Of every emulated store of the machine, so the common case comes first */
static void doorbell_write(gpa_t gpa, const u8 *new, int bytes,
			   struct kvm_page_track_notifier_node *node)
{
	struct cdna_ctx *ctx = doorbell_ctx(node);

	if (gpa >> PAGE_SHIFT != READ_ONCE(ctx->doorbell.gfn) ||
	    !READ_ONCE(ctx->doorbell.armed))
		return;
	atomic64_inc(&ctx->traps_page);
	trace_cdna_trap(ctx->id, true);
	cdna_enqueue_trap(ctx);
}

static void doorbell_slot_gone(gfn_t gfn, unsigned long pages,
			       struct kvm_page_track_notifier_node *node)
{
	struct cdna_doorbell *doorbell = &doorbell_ctx(node)->doorbell;

	spin_lock(&doorbell->lock);
	if (doorbell->armed && doorbell->gfn >= gfn &&
	    doorbell->gfn - gfn < pages) {
		doorbell->armed = false;
		if (doorbell->wanted)
			queue_delayed_work(system_wq, &doorbell->rearm,
					   msecs_to_jiffies(DOORBELL_REARM_MS));
	}
	spin_unlock(&doorbell->lock);
}

static void doorbell_set_armed(struct cdna_doorbell *doorbell, bool armed)
{
	spin_lock(&doorbell->lock);
	doorbell->armed = armed;
	spin_unlock(&doorbell->lock);
}

/* Armed first: a slot that goes meanwhile must not be missed. */
static int doorbell_arm(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;
	int ret;

	doorbell_set_armed(doorbell, true);
	ret = kvm_write_track_add_gfn(ctx->vdev.kvm, doorbell->gfn);
	if (ret)
		doorbell_set_armed(doorbell, false);
	return ret;
}

static void doorbell_rearm(struct work_struct *work)
{
	struct cdna_ctx *ctx = container_of(to_delayed_work(work),
					    struct cdna_ctx, doorbell.rearm);
	struct cdna_doorbell *doorbell = &ctx->doorbell;

	if (!READ_ONCE(doorbell->wanted) || READ_ONCE(doorbell->armed))
		return;
	if (doorbell_arm(ctx)) {
		queue_delayed_work(system_wq, &doorbell->rearm,
				   msecs_to_jiffies(DOORBELL_REARM_MS));
		return;
	}
	cdna_enqueue_trap(ctx);
}

/**
 * cdna_doorbell_init - no doorbell page yet
 * @ctx: the context
 */
void cdna_doorbell_init(struct cdna_ctx *ctx)
{
	spin_lock_init(&ctx->doorbell.lock);
	INIT_DELAYED_WORK(&ctx->doorbell.rearm, doorbell_rearm);
}

/**
 * cdna_doorbell_open - be told by KVM, if there is one
 * @ctx: the context, being opened by the machine's own process
 */
void cdna_doorbell_open(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;

	if (!ctx->vdev.kvm)
		return;
	doorbell->node.track_write = doorbell_write;
	doorbell->node.track_remove_region = doorbell_slot_gone;
	doorbell->registered =
		!kvm_page_track_register_notifier(ctx->vdev.kvm,
						  &doorbell->node);
}

/**
 * cdna_doorbell_close - be told no more
 * @ctx: the context, whose doorbell page is forgotten already
 *
 * Waits for calls in progress, so no lock is held that a trap takes.
 */
void cdna_doorbell_close(struct cdna_ctx *ctx)
{
	if (!ctx->doorbell.registered)
		return;
	kvm_page_track_unregister_notifier(ctx->vdev.kvm, &ctx->doorbell.node);
	ctx->doorbell.registered = false;
	/* A slot that went just now may have started it once more. */
	cancel_delayed_work_sync(&ctx->doorbell.rearm);
}

/**
 * cdna_doorbell_set - watch a page
 * @ctx: the context, active
 * @addr: guest-physical address, page-aligned
 *
 * Return: 0, or -EINVAL if it is not memory of this machine.
 */
int cdna_doorbell_set(struct cdna_ctx *ctx, u64 addr)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;
	int ret;

	lockdep_assert_held(&ctx->ctl_lock);

	WRITE_ONCE(doorbell->gfn, addr >> PAGE_SHIFT);
	ret = doorbell_arm(ctx);
	if (ret)
		return ret;
	WRITE_ONCE(doorbell->wanted, true);
	/* Its slot may have gone before anybody wanted it again. */
	if (!READ_ONCE(doorbell->armed))
		queue_delayed_work(system_wq, &doorbell->rearm, 0);
	return 0;
}

/**
 * cdna_doorbell_forget - watch no page
 * @ctx: the context
 */
void cdna_doorbell_forget(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;
	bool armed;

	lockdep_assert_held(&ctx->ctl_lock);

	spin_lock(&doorbell->lock);
	doorbell->wanted = false;
	spin_unlock(&doorbell->lock);
	cancel_delayed_work_sync(&doorbell->rearm);

	spin_lock(&doorbell->lock);
	armed = doorbell->armed;
	doorbell->armed = false;
	spin_unlock(&doorbell->lock);
	if (armed)
		kvm_write_track_remove_gfn(ctx->vdev.kvm, doorbell->gfn);
}

#else

void cdna_doorbell_init(struct cdna_ctx *ctx) {}
void cdna_doorbell_open(struct cdna_ctx *ctx) {}
void cdna_doorbell_close(struct cdna_ctx *ctx) {}
void cdna_doorbell_forget(struct cdna_ctx *ctx) {}

int cdna_doorbell_set(struct cdna_ctx *ctx, u64 addr)
{
	return -EOPNOTSUPP;
}

#endif
