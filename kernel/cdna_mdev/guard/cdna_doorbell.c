// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doorbell page: a page of guest memory that KVM watches for us. A store to
 * it calls us in the vCPU's own thread (paper 5.3 counts what such an exit
 * costs).
 *
 * KVM forgets what it watches when the memory slot goes, which happens whenever
 * the machine's memory map changes. We notice, watch again when the slot is
 * back, and look at the rings once, for stores that were not noticed.
 */
#include <linux/errno.h>
#include <linux/vfio.h>

#include "cdna_trace.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_fault.h"

#if CDNA_DOORBELL_PAGE

#include <linux/kvm_host.h>

#define DOORBELL_REARM_MS	10
#define DOORBELL_MAX_TRACKED	64

static_assert(DOORBELL_MAX_TRACKED * CDNA_MAX_CONTEXTS < USHRT_MAX);

static struct cdna_domain *
doorbell_domain(struct kvm_page_track_notifier_node *node)
{
	return container_of(node, struct cdna_domain, doorbell.node);
}

/* Called for every emulated store of the machine: the common case comes first. */
static void doorbell_write(gpa_t gpa, const u8 *new, int bytes,
			   struct kvm_page_track_notifier_node *node)
{
	struct cdna_domain *domain = doorbell_domain(node);

	if (gpa >> PAGE_SHIFT != READ_ONCE(domain->doorbell.gfn) ||
	    !READ_ONCE(domain->doorbell.armed))
		return;
	atomic64_inc(&domain->traps_page);
	trace_cdna_trap(domain->id, true);
	cdna_enqueue_trap(domain);
}

/*
 * Under KVM's slots_lock no slot goes or comes, and none is on its way: one that
 * is can still be found, and a page that is watched in it is lost with it without
 * notice. So starting and ending to watch a page is done with it held, outside of
 * ours.
 */
static void doorbell_lock(struct cdna_domain *domain)
{
	mutex_lock(&domain->vfio->kvm->slots_lock);
	mutex_lock(&domain->doorbell.lock);
}

static void doorbell_unlock(struct cdna_domain *domain)
{
	mutex_unlock(&domain->doorbell.lock);
	mutex_unlock(&domain->vfio->kvm->slots_lock);
}

/*
 * A slot goes, and no other thread holds slots_lock until another one can be made
 * in its place. So with both locks held a page that is armed is tracked, and
 * tracking is never removed from a new slot that never had it.
 *
 * KVM does not say which address space the slot was in. If it was the one that
 * firmware sees in system management mode, the page is still tracked, and once
 * more when it is armed again: see doorbell_arm().
 */
static void doorbell_slot_gone(gfn_t gfn, unsigned long pages,
			       struct kvm_page_track_notifier_node *node)
{
	struct cdna_doorbell *doorbell = &doorbell_domain(node)->doorbell;

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
 * A guest that removes slots on purpose must not get there, with all the
 * contexts that one machine may have.
 */
static int doorbell_arm(struct cdna_domain *domain)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret;

	lockdep_assert_held(&doorbell->lock);

	if (doorbell->spent)
		return -ENOSPC;
	ret = kvm_write_track_add_gfn(domain->vfio->kvm, doorbell->gfn);
	if (ret)
		return ret;
	doorbell->tracked++;
	WRITE_ONCE(doorbell->armed, true);
	if (doorbell->tracked == DOORBELL_MAX_TRACKED)
		WRITE_ONCE(doorbell->spent, true);
	return 0;
}

static void doorbell_rearm(struct work_struct *work)
{
	struct cdna_domain *domain = container_of(to_delayed_work(work),
						  struct cdna_domain,
						  doorbell.rearm);
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret = -ENOENT;

	doorbell_lock(domain);
	if (doorbell->wanted && !doorbell->armed)
		ret = doorbell_arm(domain);
	if (ret == -EINVAL)
		queue_delayed_work(system_wq, &doorbell->rearm,
				   msecs_to_jiffies(DOORBELL_REARM_MS));
	doorbell_unlock(domain);
	if (!ret)
		cdna_enqueue_trap(domain);
	/* No store to the page will be noticed any longer: the guest has to start
	 * again, and finds that the page is not offered.
	 */
	if (ret == -ENOSPC)
		cdna_fault_all(domain, CDNA_VFAULT_WITHDRAWN);
}

/**
 * cdna_doorbell_init - no doorbell page yet
 * @domain: the context
 */
void cdna_doorbell_init(struct cdna_domain *domain)
{
	mutex_init(&domain->doorbell.lock);
	INIT_DELAYED_WORK(&domain->doorbell.rearm, doorbell_rearm);
	domain->doorbell.allowed = true;
}

/**
 * cdna_doorbell_allow - let the next guest have a doorbell page, or none
 * @domain: the context, which is not open
 * @allowed: false leaves it the register
 *
 * Return: 0.
 */
int cdna_doorbell_allow(struct cdna_domain *domain, bool allowed)
{
	lockdep_assert_held(&domain->lock);

	WRITE_ONCE(domain->doorbell.allowed, allowed);
	return 0;
}

/**
 * cdna_doorbell_is_allowed - whether the next guest may have one
 * @domain: the context
 *
 * Return: what was set last; true by default.
 */
bool cdna_doorbell_is_allowed(const struct cdna_domain *domain)
{
	return READ_ONCE(domain->doorbell.allowed);
}

/**
 * cdna_doorbell_open - get notifications from KVM, if there is one
 * @domain: the context, being opened by the machine's own process
 */
void cdna_doorbell_open(struct cdna_domain *domain)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;

	if (!domain->vfio->kvm || !READ_ONCE(doorbell->allowed))
		return;
	doorbell->tracked = 0;
	doorbell->spent = false;
	doorbell->node.track_write = doorbell_write;
	doorbell->node.track_remove_region = doorbell_slot_gone;
	doorbell->registered =
		!kvm_page_track_register_notifier(domain->vfio->kvm,
						  &doorbell->node);
}

/**
 * cdna_doorbell_close - get no more of them
 * @domain: the context, whose doorbell page is forgotten already
 *
 * Context: may sleep: waits for calls in progress, so no lock is held that a trap
 * takes.
 */
void cdna_doorbell_close(struct cdna_domain *domain)
{
	if (!domain->doorbell.registered)
		return;
	kvm_page_track_unregister_notifier(domain->vfio->kvm, &domain->doorbell.node);
	domain->doorbell.registered = false;
	/* A slot that went meanwhile may have started it again. */
	cancel_delayed_work_sync(&domain->doorbell.rearm);
}

/**
 * cdna_doorbell_offered - whether the guest may use a doorbell page
 * @domain: the context, open
 *
 * Return: false without KVM, if the administrator forbids it, or once the guest's
 * memory slots went and came too often.
 */
bool cdna_doorbell_offered(const struct cdna_domain *domain)
{
	return domain->doorbell.registered && !READ_ONCE(domain->doorbell.spent);
}

/**
 * cdna_doorbell_set - watch a page
 * @domain: the context, active
 * @addr: guest-physical address, page-aligned
 *
 * Return: 0, or -EINVAL if it is not memory of this machine.
 */
int cdna_doorbell_set(struct cdna_domain *domain, u64 addr)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	doorbell_lock(domain);
	WRITE_ONCE(doorbell->gfn, addr >> PAGE_SHIFT);
	ret = doorbell_arm(domain);
	doorbell->wanted = !ret;
	doorbell_unlock(domain);
	return ret;
}

/**
 * cdna_doorbell_forget - watch no page
 * @domain: the context
 */
void cdna_doorbell_forget(struct cdna_domain *domain)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;

	lockdep_assert_held(&domain->ctl_lock);

	if (!doorbell->registered)
		return;
	doorbell_lock(domain);
	doorbell->wanted = false;
	if (doorbell->armed) {
		WRITE_ONCE(doorbell->armed, false);
		doorbell->tracked--;
		kvm_write_track_remove_gfn(domain->vfio->kvm, doorbell->gfn);
	}
	doorbell_unlock(domain);
	cancel_delayed_work_sync(&doorbell->rearm);
}

#else

void cdna_doorbell_init(struct cdna_domain *domain) {}
void cdna_doorbell_open(struct cdna_domain *domain) {}
void cdna_doorbell_close(struct cdna_domain *domain) {}
void cdna_doorbell_forget(struct cdna_domain *domain) {}

int cdna_doorbell_allow(struct cdna_domain *domain, bool allowed)
{
	return allowed ? -EOPNOTSUPP : 0;
}

bool cdna_doorbell_is_allowed(const struct cdna_domain *domain)
{
	return false;
}

bool cdna_doorbell_offered(const struct cdna_domain *domain)
{
	return false;
}

int cdna_doorbell_set(struct cdna_domain *domain, u64 addr)
{
	return -EOPNOTSUPP;
}

#endif
