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
#include <linux/kvm_host.h>

#include "vdev/cdna_ctx.h"
#include "cdna_trace.h"

#if IS_ENABLED(CONFIG_KVM_EXTERNAL_WRITE_TRACKING)

#define DOORBELL_REARM_MS	10
#define DOORBELL_MAX_TRACKED	64

static_assert(DOORBELL_MAX_TRACKED * CDNA_MAX_CONTEXTS < USHRT_MAX);

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

/*
 * Under KVM's slots_lock no slot goes or comes, and none is on its way: one that
 * is can still be found, and a page that is watched in it is lost with it without
 * another word. So whoever watches a page, or ends that, holds it outside of ours.
 */
static void doorbell_lock(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->vdev.kvm->slots_lock);
	mutex_lock(&ctx->doorbell.lock);
}

static void doorbell_unlock(struct cdna_ctx *ctx)
{
	mutex_unlock(&ctx->doorbell.lock);
	mutex_unlock(&ctx->vdev.kvm->slots_lock);
}

/*
 * A slot goes, and nobody else holds slots_lock until another one can be made in
 * its place. So whoever holds both locks knows that a page that is armed is
 * tracked, and takes back nothing that a new slot never had.
 *
 * KVM does not tell of which address space the slot was. If it was of the one
 * that firmware sees in system management mode, the page is still tracked, and
 * once more when it is armed again: see doorbell_arm().
 */
static void doorbell_slot_gone(gfn_t gfn, unsigned long pages,
			       struct kvm_page_track_notifier_node *node)
{
	struct cdna_doorbell *doorbell = &doorbell_ctx(node)->doorbell;

	mutex_lock(&doorbell->lock);
	if (doorbell->armed && doorbell->gfn >= gfn &&
	    doorbell->gfn - gfn < pages) {
		WRITE_ONCE(doorbell->armed, false);
		if (doorbell->wanted)
			queue_delayed_work(system_wq, &doorbell->rearm,
					   msecs_to_jiffies(DOORBELL_REARM_MS));
	}
	mutex_unlock(&doorbell->lock);
}

/* KVM counts how often a page is tracked, and warns when its 16 bits overflow.
 * A guest that takes slots away on purpose must not get there, with all the
 * contexts that one machine may have.
 */
static int doorbell_arm(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;
	int ret;

	lockdep_assert_held(&doorbell->lock);

	if (doorbell->spent)
		return -ENOSPC;
	ret = kvm_write_track_add_gfn(ctx->vdev.kvm, doorbell->gfn);
	if (ret)
		return ret;
	doorbell->tracked++;
	WRITE_ONCE(doorbell->armed, true);
	if (doorbell->tracked == DOORBELL_MAX_TRACKED)
		WRITE_ONCE(doorbell->spent, true);
	return 0;
}

/* Nothing will be heard of the page any more: the guest is told to start afresh,
 * and finds that the page is not offered.
 */
static void doorbell_lost(struct cdna_ctx *ctx)
{
	struct cdna_queue *queue;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &ctx->queue[i];
		cdna_fault_queue(queue, CDNA_VFAULT_WITHDRAWN,
				 READ_ONCE(queue->accepted), 0, 0);
	}
}

static void doorbell_rearm(struct work_struct *work)
{
	struct cdna_ctx *ctx = container_of(to_delayed_work(work),
					    struct cdna_ctx, doorbell.rearm);
	struct cdna_doorbell *doorbell = &ctx->doorbell;
	int ret = -ENOENT;

	doorbell_lock(ctx);
	if (doorbell->wanted && !doorbell->armed)
		ret = doorbell_arm(ctx);
	if (ret == -EINVAL)
		queue_delayed_work(system_wq, &doorbell->rearm,
				   msecs_to_jiffies(DOORBELL_REARM_MS));
	doorbell_unlock(ctx);
	if (!ret)
		cdna_enqueue_trap(ctx);
	else if (ret == -ENOSPC)
		doorbell_lost(ctx);
}

/**
 * cdna_doorbell_init - no doorbell page yet
 * @ctx: the context
 */
void cdna_doorbell_init(struct cdna_ctx *ctx)
{
	mutex_init(&ctx->doorbell.lock);
	INIT_DELAYED_WORK(&ctx->doorbell.rearm, doorbell_rearm);
	ctx->doorbell.allowed = true;
}

/**
 * cdna_doorbell_allow - let the next guest have a doorbell page, or none
 * @ctx: the context
 * @allowed: false leaves it the register
 *
 * Return: 0, or -EBUSY while the device is open.
 */
int cdna_doorbell_allow(struct cdna_ctx *ctx, bool allowed)
{
	int ret = 0;

	mutex_lock(&ctx->ctl_lock);
	if (ctx->opened)
		ret = -EBUSY;
	else
		WRITE_ONCE(ctx->doorbell.allowed, allowed);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

/**
 * cdna_doorbell_open - be told by KVM, if there is one
 * @ctx: the context, being opened by the machine's own process
 */
void cdna_doorbell_open(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;

	if (!ctx->vdev.kvm || !READ_ONCE(doorbell->allowed))
		return;
	doorbell->tracked = 0;
	doorbell->spent = false;
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
 * cdna_doorbell_offered - whether the guest may use a doorbell page
 * @ctx: the context, open
 *
 * Return: false without KVM, if the administrator said so, or once the guest's
 * memory slots went and came too often.
 */
bool cdna_doorbell_offered(const struct cdna_ctx *ctx)
{
	return ctx->doorbell.registered && !READ_ONCE(ctx->doorbell.spent);
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

	doorbell_lock(ctx);
	WRITE_ONCE(doorbell->gfn, addr >> PAGE_SHIFT);
	ret = doorbell_arm(ctx);
	doorbell->wanted = !ret;
	doorbell_unlock(ctx);
	return ret;
}

/**
 * cdna_doorbell_forget - watch no page
 * @ctx: the context
 */
void cdna_doorbell_forget(struct cdna_ctx *ctx)
{
	struct cdna_doorbell *doorbell = &ctx->doorbell;

	lockdep_assert_held(&ctx->ctl_lock);

	if (!doorbell->registered)
		return;
	doorbell_lock(ctx);
	doorbell->wanted = false;
	if (doorbell->armed) {
		WRITE_ONCE(doorbell->armed, false);
		doorbell->tracked--;
		kvm_write_track_remove_gfn(ctx->vdev.kvm, doorbell->gfn);
	}
	doorbell_unlock(ctx);
	cancel_delayed_work_sync(&doorbell->rearm);
}

#else

void cdna_doorbell_init(struct cdna_ctx *ctx) {}
void cdna_doorbell_open(struct cdna_ctx *ctx) {}
void cdna_doorbell_close(struct cdna_ctx *ctx) {}
void cdna_doorbell_forget(struct cdna_ctx *ctx) {}

int cdna_doorbell_allow(struct cdna_ctx *ctx, bool allowed)
{
	return allowed ? -EOPNOTSUPP : 0;
}

bool cdna_doorbell_offered(const struct cdna_ctx *ctx)
{
	return false;
}

int cdna_doorbell_set(struct cdna_ctx *ctx, u64 addr)
{
	return -EOPNOTSUPP;
}

#endif
