// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at a guest's rings that no trap of the guest made: because a store may not
 * have been noticed, or because the NIC has made room that the guest was not asked to
 * notify us of. Memory that its descriptors take is charged to the machine, as in a trap.
 */
#include <linux/bitops.h>
#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "guard/cdna_domain.h"
#include "guard/cdna_enqueue.h"
#include "guard/cdna_resume.h"

/* Reclaim may wait for storage that is reached by what is in the rings. */
static void resume_trapped(struct cdna_domain *domain)
{
	unsigned int flags = domain->resume.of_host ? memalloc_noio_save() : 0;

	cdna_enqueue_trap(domain);
	if (domain->resume.of_host)
		memalloc_noio_restore(flags);
}

static void resume_work(struct work_struct *work)
{
	struct cdna_domain *domain = container_of(to_delayed_work(work),
						  struct cdna_domain,
						  resume.work);
	struct mem_cgroup *old = set_active_memcg(domain->resume.memcg);

	cdna_enqueue_resume(domain, xchg(&domain->resume.queues, 0));
	if (xchg(&domain->resume.trapped, false))
		resume_trapped(domain);
	set_active_memcg(old);
}

/**
 * cdna_resume_init - nobody looks at the rings
 * @domain: the context
 */
void cdna_resume_init(struct cdna_domain *domain)
{
	INIT_DELAYED_WORK(&domain->resume.work, resume_work);
	domain->resume.wq = system_unbound_wq;
}

/**
 * cdna_resume_of_host - the memory is the host's own, and no machine's
 * @domain: the context, not open
 * @wq: where the rings are looked at; has to have a worker in any case
 */
void cdna_resume_of_host(struct cdna_domain *domain,
			 struct workqueue_struct *wq)
{
	domain->resume.wq = wq;
	domain->resume.of_host = true;
}

/**
 * cdna_resume_open - remember whose memory it is
 * @domain: the context, being opened by the machine's own process, or the host's own
 */
void cdna_resume_open(struct cdna_domain *domain)
{
	if (!domain->resume.of_host)
		domain->resume.memcg = get_mem_cgroup_from_mm(current->mm);
}

/**
 * cdna_resume_close - look at the rings no more
 * @domain: the context; no source handler runs, and no page is watched
 *
 * Context: may sleep: waits for the work, so no lock is held that a trap takes.
 */
void cdna_resume_close(struct cdna_domain *domain)
{
	cancel_delayed_work_sync(&domain->resume.work);
	/* Else a work that was cancelled would be taken for one that is to come. */
	WRITE_ONCE(domain->resume.trapped, false);
	mem_cgroup_put(domain->resume.memcg);
	domain->resume.memcg = NULL;
}

/**
 * cdna_resume_queue - have the work look at some rings
 * @domain: the context, open
 * @queues: bit per queue, by CDNA_VQUEUE()
 *
 * Context: any.
 */
void cdna_resume_queue(struct cdna_domain *domain, unsigned long queues)
{
	u32 i;

	for_each_set_bit(i, &queues, CDNA_VDEV_NR_QUEUES)
		set_bit(i, &domain->resume.queues);
	mod_delayed_work(system_unbound_wq, &domain->resume.work, 0);
}

/**
 * cdna_resume_trap - a trap where one must not sleep: have the work do it
 * @domain: the context, open
 *
 * Context: any.
 */
void cdna_resume_trap(struct cdna_domain *domain)
{
	/* Ordered after the caller's tails; pairs with the xchg() of the work. */
	if (!xchg(&domain->resume.trapped, true))
		mod_delayed_work(domain->resume.wq, &domain->resume.work, 0);
}

/**
 * cdna_resume_now - look at the rings
 * @domain: the context, open
 *
 * Context: may sleep, and pins pages.
 */
void cdna_resume_now(struct cdna_domain *domain)
{
	struct mem_cgroup *old = set_active_memcg(domain->resume.memcg);

	cdna_enqueue_trap(domain);
	set_active_memcg(old);
}
