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
#include <linux/minmax.h>
#include <linux/vfio.h>

#include "cdna_trace.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_resume.h"

#if CDNA_DOORBELL_PAGE

#include <linux/device.h>
#include <linux/kvm_host.h>

#define DOORBELL_REARM_MS	10	/* and twice as long each time, up to */
#define DOORBELL_MAX_MS		1000

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
	if (!cdna_ctrlq_notified(domain, offset_in_page(gpa)))
		cdna_enqueue_notified(domain, offset_in_page(gpa));
}

/* KVM has two address spaces: what processors see, and what they see in system
 * management mode. We track in the former only, and there no other slot can be where
 * the one was that is gone.
 */
static bool doorbell_has_slot(struct kvm *kvm, gfn_t gfn)
{
	lockdep_assert_held(&kvm->slots_lock);
	return __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
}

/*
 * KVM calls this after a slot has gone from its list and its readers have ended, in
 * the thread that took it, which keeps slots_lock until then. So tracking that was
 * started in the slot, however late, is noticed here; and a new slot cannot be in its
 * place yet. In between, a page that is armed is not tracked, which does no harm:
 * KVM refuses to stop tracking a page without a slot.
 */
static void doorbell_slot_gone(gfn_t gfn, unsigned long pages,
			       struct kvm_page_track_notifier_node *node)
{
	struct cdna_domain *domain = doorbell_domain(node);
	struct cdna_doorbell *doorbell = &domain->doorbell;

	mutex_lock(&doorbell->lock);
	if (doorbell->armed && doorbell->gfn >= gfn &&
	    doorbell->gfn - gfn < pages &&
	    !doorbell_has_slot(domain->vfio->kvm, doorbell->gfn)) {
		WRITE_ONCE(doorbell->armed, false);
		doorbell->delay = DOORBELL_REARM_MS;
		if (doorbell->wanted)
			queue_delayed_work(system_unbound_wq,
					   &doorbell->rearm,
					   msecs_to_jiffies(DOORBELL_REARM_MS));
	}
	mutex_unlock(&doorbell->lock);
}

/* KVM counts in 16 bits how often a page is tracked, and warns if they overflow:
 * each open device tracks at most one page, once.
 */
static int doorbell_arm(struct cdna_domain *domain)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret;

	lockdep_assert_held(&doorbell->lock);

	ret = kvm_write_track_add_gfn(domain->vfio->kvm, doorbell->gfn);
	if (!ret)
		WRITE_ONCE(doorbell->armed, true);
	return ret;
}

static void doorbell_rearm(struct work_struct *work)
{
	struct cdna_domain *domain = container_of(to_delayed_work(work),
						  struct cdna_domain,
						  doorbell.rearm);
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret = -ENOENT;

	mutex_lock(&doorbell->lock);
	if (doorbell->wanted && !doorbell->armed)
		ret = doorbell_arm(domain);
	if (ret == -EINVAL) {
		queue_delayed_work(system_unbound_wq, &doorbell->rearm,
				   msecs_to_jiffies(doorbell->delay));
		doorbell->delay = min(2 * doorbell->delay, DOORBELL_MAX_MS);
	}
	mutex_unlock(&doorbell->lock);
	/* What the guest stored meanwhile was not noticed. */
	if (!ret) {
		cdna_resume_now(domain);
		cdna_ctrlq_kick(domain);
	}
}

/*
 * KVM watches what processors see, by guest-physical address. A guest that passes an
 * address of its devices instead, behind an IOMMU of its machine, would never be
 * noticed: such addresses are high ones, where there is nothing or ROM.
 */
static bool doorbell_is_memory(struct kvm *kvm, gfn_t gfn)
{
	const u32 bad = KVM_MEMSLOT_INVALID | KVM_MEM_READONLY;
	const struct kvm_memory_slot *slot;
	bool memory;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	slot = __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
	memory = slot && !(slot->flags & bad);
	srcu_read_unlock(&kvm->srcu, idx);
	return memory;
}

/* Once for a device: a guest can repeat it. */
static void doorbell_tell(struct cdna_domain *domain)
{
	if (domain->doorbell.told)
		return;
	domain->doorbell.told = true;
	dev_notice(domain->vfio->dev,
		   "the guest's doorbell page is not in its memory: it has to use the register, which is slower; update its driver, or boot it with iommu=pt\n");
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
 * Return: false without KVM, or if the administrator forbids it.
 */
bool cdna_doorbell_offered(const struct cdna_domain *domain)
{
	return domain->doorbell.registered;
}

/**
 * cdna_doorbell_set - watch a page
 * @domain: the context, active
 * @addr: guest-physical address, page-aligned
 *
 * Return: 0, or -EINVAL if it is not memory of this machine that can be written.
 */
int cdna_doorbell_set(struct cdna_domain *domain, u64 addr)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;
	int ret;

	lockdep_assert_held(&domain->ctl_lock);

	if (!doorbell_is_memory(domain->vfio->kvm, addr >> PAGE_SHIFT)) {
		doorbell_tell(domain);
		return -EINVAL;
	}
	mutex_lock(&doorbell->lock);
	WRITE_ONCE(doorbell->gfn, addr >> PAGE_SHIFT);
	ret = doorbell_arm(domain);
	doorbell->wanted = !ret;
	mutex_unlock(&doorbell->lock);
	return ret;
}

/**
 * cdna_doorbell_watch - watch a page of the device, as soon as it is mapped
 * @domain: the context
 * @addr: guest-physical address, page-aligned; another page is no longer watched
 *
 * The machine's monitor maps such a page where the guest has moved it to, some time
 * after that: no slot is there yet, or it is that of something else, whose stores cause
 * traps that find nothing.
 */
void cdna_doorbell_watch(struct cdna_domain *domain, u64 addr)
{
	struct cdna_doorbell *doorbell = &domain->doorbell;

	lockdep_assert_held(&domain->ctl_lock);

	if (!doorbell->registered)
		return;
	/* The guest may have moved something else: the slot may be there now. */
	if (doorbell->wanted && doorbell->gfn == addr >> PAGE_SHIFT) {
		mutex_lock(&doorbell->lock);
		doorbell->delay = DOORBELL_REARM_MS;
		if (!doorbell->armed)
			mod_delayed_work(system_unbound_wq, &doorbell->rearm, 0);
		mutex_unlock(&doorbell->lock);
		return;
	}
	cdna_doorbell_forget(domain);
	mutex_lock(&doorbell->lock);
	WRITE_ONCE(doorbell->gfn, addr >> PAGE_SHIFT);
	doorbell->wanted = true;
	doorbell->delay = DOORBELL_REARM_MS;
	mutex_unlock(&doorbell->lock);
	mod_delayed_work(system_unbound_wq, &doorbell->rearm, 0);
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
	mutex_lock(&doorbell->lock);
	doorbell->wanted = false;
	if (doorbell->armed) {
		WRITE_ONCE(doorbell->armed, false);
		kvm_write_track_remove_gfn(domain->vfio->kvm, doorbell->gfn);
	}
	mutex_unlock(&doorbell->lock);
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

void cdna_doorbell_watch(struct cdna_domain *domain, u64 addr) {}

#endif
