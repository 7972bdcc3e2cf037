/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The doorbell page: guest memory that KVM watches for us.
 */
#ifndef CDNA_DOORBELL_H
#define CDNA_DOORBELL_H

#include <linux/kconfig.h>
#include <linux/types.h>

/* KVM can watch pages for others on x86 only, and if it was built to. */
#define CDNA_DOORBELL_PAGE	IS_ENABLED(CONFIG_KVM_EXTERNAL_WRITE_TRACKING)

#if CDNA_DOORBELL_PAGE
#include <linux/kvm_types.h>
#include <linux/mutex.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include <asm/kvm_page_track.h>
#endif

struct cdna_domain;

/**
 * struct cdna_doorbell - the doorbell page
 * @node: how KVM calls us; registered while @registered
 * @registered: set at open
 * @allowed: an administrator can forbid it; changes under cdna_domain.lock
 * @told: a guest gave a page that cannot be watched; under cdna_domain.ctl_lock
 * @lock: protects the rest; held while KVM is asked to track, and taken when it
 *	says that a slot is gone
 * @wanted: the guest gave a page
 * @armed: KVM watches it
 * @gfn: which page
 * @delay: milliseconds until @rearm tries once more
 * @rearm: watches it again after its memory slot went and came back
 */
struct cdna_doorbell {
#if CDNA_DOORBELL_PAGE
	struct kvm_page_track_notifier_node node;
	bool registered;
	bool allowed;
	bool told;
	struct mutex lock;	/* the rest */
	bool wanted;
	bool armed;
	gfn_t gfn;
	unsigned int delay;
	struct delayed_work rearm;
#endif
};

void cdna_doorbell_init(struct cdna_domain *domain);
int cdna_doorbell_allow(struct cdna_domain *domain, bool allowed);
bool cdna_doorbell_is_allowed(const struct cdna_domain *domain);
void cdna_doorbell_open(struct cdna_domain *domain);
void cdna_doorbell_close(struct cdna_domain *domain);
bool cdna_doorbell_offered(const struct cdna_domain *domain);
int cdna_doorbell_set(struct cdna_domain *domain, u64 addr);
void cdna_doorbell_watch(struct cdna_domain *domain, u64 addr);
void cdna_doorbell_forget(struct cdna_domain *domain);

#endif /* CDNA_DOORBELL_H */
