// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts that may have the same pages pinned. The IOMMU layer has one page for an address,
 * for all devices of a machine that have it pinned. Where one of them has a page in its cache
 * that was given away, another one would get it. VFIO does not say which devices are a
 * machine's: those that one process has opened are asked, one after another and always in
 * the same order. That process may be a broker of many machines, so who looks holds no
 * lock while it does: it makes a visit, for which the context waits when it is closed.
 */
#include <linux/container_of.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "guard/cdna_domain.h"
#include "guard/cdna_pin_renew.h"
#include "guard/cdna_sharers.h"

static LIST_HEAD(sharers);
static DEFINE_SPINLOCK(sharers_lock);	/* the list, and visits */
static DECLARE_WAIT_QUEUE_HEAD(sharers_left);

/**
 * cdna_sharers_join - the device is being opened
 * @domain: the context; nothing is pinned
 *
 * Context: in a thread of the process.
 */
void cdna_sharers_join(struct cdna_domain *domain)
{
	/* Held, so that no other process is taken for it later. */
	mmgrab(current->mm);
	domain->sharer.opener = current->mm;
	domain->sharer.visits = 0;
	spin_lock(&sharers_lock);
	list_add_tail(&domain->sharer.node, &sharers);
	spin_unlock(&sharers_lock);
}

static bool sharers_alone(struct cdna_domain *domain)
{
	bool alone;

	spin_lock(&sharers_lock);
	alone = !domain->sharer.visits;
	spin_unlock(&sharers_lock);
	return alone;
}

/**
 * cdna_sharers_leave - the device is being closed
 * @domain: the context; nothing is pinned, not even as a cache: until then, another one
 *	would get such a page, and has to find it here
 *
 * Context: may sleep.
 */
void cdna_sharers_leave(struct cdna_domain *domain)
{
	WARN_ON_ONCE(READ_ONCE(domain->pins.count));
	spin_lock(&sharers_lock);
	list_del_init(&domain->sharer.node);
	spin_unlock(&sharers_lock);
	wait_event(sharers_left, sharers_alone(domain));
	mmdrop(domain->sharer.opener);
}

static struct cdna_sharer *sharers_find(const struct cdna_domain *domain,
					struct list_head *from)
{
	struct cdna_sharer *sharer = list_entry(from, struct cdna_sharer, node);

	list_for_each_entry_continue(sharer, &sharers, node)
		if (sharer->opener == domain->sharer.opener)
			return sharer;
	return NULL;
}

/* End a visit, and begin the next. One that has left meanwhile has no place: begin again. */
static struct cdna_sharer *sharers_next(const struct cdna_domain *domain,
					struct cdna_sharer *at)
{
	struct cdna_sharer *next;

	spin_lock(&sharers_lock);
	next = sharers_find(domain, at && !list_empty(&at->node) ? &at->node :
								   &sharers);
	if (next)
		next->visits++;
	if (at && !--at->visits)
		wake_up_all(&sharers_left);
	spin_unlock(&sharers_lock);
	return next;
}

static void sharers_end_visit(struct cdna_sharer *at)
{
	spin_lock(&sharers_lock);
	if (!--at->visits)
		wake_up_all(&sharers_left);
	spin_unlock(&sharers_lock);
}

/**
 * cdna_sharers_renew - unpin a page that was given away in all contexts of the process
 * @domain: the context that needs the memory
 * @gfn: guest page number
 * @page: the page
 * @wait: for those who pin something there, and may have the page
 *
 * Context: may sleep, and unpins pages; so without cdna_domain.lock.
 *
 * Return: 0; -EAGAIN if a NIC uses the page; -EINTR if the thread is killed.
 */
int cdna_sharers_renew(struct cdna_domain *domain, unsigned long gfn,
		       const struct page *page, bool wait)
{
	struct cdna_sharer *at = NULL;
	struct cdna_domain *other;
	int ret;

	lockdep_assert_not_held(&domain->lock);

	while ((at = sharers_next(domain, at))) {
		other = container_of(at, struct cdna_domain, sharer);
		ret = cdna_pin_renew(&other->pins, gfn, page, wait);
		if (ret) {
			sharers_end_visit(at);
			return ret;
		}
	}
	return 0;
}
