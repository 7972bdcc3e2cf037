// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that nobody uses do not stay pinned: after a command those that are above
 * the limit go, or all if the context is closed, in the thread of the guest that
 * caused it; those not used for a while, or given away, go by time; and the host gets more back
 * when it is short of memory.
 *
 * A shrinker may run inside any allocation, and the IOMMU layer allocates under
 * the lock that unpinning takes. So the shrinker only asks: a work evicts.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/shrinker.h>
#include <linux/spinlock.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_pin_evict.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"

#define IDLE_PERIOD	(4 * HZ)	/* a page goes after one to two of them */
#define IDLE_BATCH	4096		/* pages that the shrinker asks for at a time */
#define IDLE_POLL_US	1000		/* between looks at pages that are looked at */

static struct shrinker *idle_shrinker;
static LIST_HEAD(idle_domains);
static DEFINE_SPINLOCK(idle_lock);	/* the list, and places in it */

/* About how many pages have no user: without those that the NIC can still use. */
static unsigned int idle_pages(const struct cdna_domain *domain)
{
	unsigned int count = READ_ONCE(domain->pins.count);
	const struct cdna_queue *queue;
	unsigned int used = 0;
	u32 i, posted;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &domain->queue[i];
		if (READ_ONCE(queue->state) != CDNA_QUEUE_RUNNING)
			continue;
		posted = READ_ONCE(queue->accepted) -
			 cdna_provider_cons(domain->nic, domain->id, queue->qp,
					    queue->dir);
		used += min_t(u32, posted, CDNA_MAX_RING);
	}
	return count > used ? count - used : 0;
}

static unsigned long idle_count(struct shrinker *shrinker,
				struct shrink_control *control)
{
	struct cdna_domain *domain;
	unsigned long pages = 0;

	spin_lock(&idle_lock);
	list_for_each_entry(domain, &idle_domains, idle.node)
		pages += idle_pages(domain);
	spin_unlock(&idle_lock);
	return pages ?: SHRINK_EMPTY;
}

/* The next time others are asked first. */
static unsigned long idle_scan(struct shrinker *shrinker,
			       struct shrink_control *control)
{
	unsigned long left = control->nr_to_scan;
	struct cdna_domain *domain;
	unsigned int pages;

	spin_lock(&idle_lock);
	list_for_each_entry(domain, &idle_domains, idle.node) {
		pages = min_t(unsigned long, left, idle_pages(domain));
		if (!pages)
			continue;
		atomic_add(pages, &domain->idle.wanted);
		mod_delayed_work(system_unbound_wq, &domain->idle.work, 0);
		left -= pages;
		if (!left) {
			list_rotate_to_front(&domain->idle.node, &idle_domains);
			break;
		}
	}
	spin_unlock(&idle_lock);
	/* Nothing is free yet. */
	return 0;
}

/**
 * cdna_idle_register - let the host ask for memory
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_idle_register(void)
{
	idle_shrinker = shrinker_alloc(0, "cdna-pins");
	if (!idle_shrinker)
		return -ENOMEM;
	idle_shrinker->count_objects = idle_count;
	idle_shrinker->scan_objects = idle_scan;
	idle_shrinker->batch = IDLE_BATCH;
	shrinker_register(idle_shrinker);
	return 0;
}

/**
 * cdna_idle_unregister - undo it; no device is open
 */
void cdna_idle_unregister(void)
{
	shrinker_free(idle_shrinker);
}

static void idle_work(struct work_struct *work)
{
	struct cdna_domain *domain = container_of(to_delayed_work(work),
						  struct cdna_domain,
						  idle.work);
	int wanted = atomic_xchg(&domain->idle.wanted, 0);

	mutex_lock(&domain->lock);
	cdna_release_all(domain);
	mutex_unlock(&domain->lock);
	if (wanted)
		cdna_pin_evict(&domain->pins, wanted, true);
	else
		cdna_pin_evict(&domain->pins, UINT_MAX, false);
	queue_delayed_work(system_unbound_wq, &domain->idle.work, IDLE_PERIOD);
}

/**
 * cdna_idle_init - look for no pages yet
 * @domain: the context
 */
void cdna_idle_init(struct cdna_domain *domain)
{
	INIT_LIST_HEAD(&domain->idle.node);
	INIT_DEFERRABLE_WORK(&domain->idle.work, idle_work);
}

/**
 * cdna_idle_begin - the device is open: pages may be pinned
 * @domain: the context
 */
void cdna_idle_begin(struct cdna_domain *domain)
{
	atomic_set(&domain->idle.wanted, 0);
	queue_delayed_work(system_unbound_wq, &domain->idle.work, IDLE_PERIOD);
	spin_lock(&idle_lock);
	list_add_tail(&domain->idle.node, &idle_domains);
	spin_unlock(&idle_lock);
}

/**
 * cdna_idle_end - the device is being closed: unpin what is pinned (I10)
 * @domain: the context, without users of pages
 *
 * Context: may sleep.
 */
void cdna_idle_end(struct cdna_domain *domain)
{
	spin_lock(&idle_lock);
	list_del_init(&domain->idle.node);
	spin_unlock(&idle_lock);
	cancel_delayed_work_sync(&domain->idle.work);
	/* Who looks for another context (cdna_sharers.c) has a reference for a moment. */
	while (cdna_pin_flush(&domain->pins, 0, ULONG_MAX))
		fsleep(IDLE_POLL_US);
}

/**
 * cdna_idle_trim - unpin what a command has left behind
 * @domain: the context
 *
 * Context: the thread that issued the command; may sleep, and takes as long as there
 * are pages, so no lock is held.
 */
void cdna_idle_trim(struct cdna_domain *domain)
{
	lockdep_assert_not_held(&domain->ctl_lock);
	lockdep_assert_not_held(&domain->lock);

	if (cdna_gate_is_open(&domain->gate))
		cdna_pin_trim(&domain->pins);
	else
		cdna_pin_flush(&domain->pins, 0, ULONG_MAX);
}
