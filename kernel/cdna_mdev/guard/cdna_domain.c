// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection domains: opened when a guest activates its context, closed when it
 * resets it, when memory that it lives by goes, or when it is revoked.
 */
#include <linux/err.h>
#include <linux/mm.h>

#include "cdna_provider.h"
#include "guard/cdna_backoff.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_dma.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_range.h"
#include "guard/cdna_resume.h"
#include "guard/cdna_span.h"

/* Status page, tail page, and some slack */
#define DOMAIN_PIN_LIMIT	8

/**
 * cdna_domain_init - make a domain that is closed
 * @domain: zeroed; its NIC, number and formats are filled in later
 * @ops: the mediated side
 * @source: what it calls when a queue pair has news
 * @pin_ops: how pages are pinned
 * @vfio: the VFIO device
 */
void cdna_domain_init(struct cdna_domain *domain,
		      const struct cdna_domain_ops *ops, cdna_source_fn source,
		      const struct cdna_pin_ops *pin_ops,
		      struct vfio_device *vfio)
{
	u32 i;

	domain->ops = ops;
	domain->source = source;
	domain->vfio = vfio;
	mutex_init(&domain->ctl_lock);
	mutex_init(&domain->lock);
	cdna_gate_init(&domain->gate);
	cdna_range_init(&domain->range, vfio);
	cdna_fault_init(domain);
	cdna_pin_init(&domain->pins, pin_ops, domain, DOMAIN_PIN_LIMIT);
	cdna_backoff_init(&domain->backoff);
	cdna_idle_init(domain);
	cdna_doorbell_init(domain);
	cdna_resume_init(domain);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_queue_init(&domain->queue[i], domain, i / CDNA_NR_DIRS,
				i % CDNA_NR_DIRS);
}

/**
 * cdna_domain_unpin - release the pages of a guest
 * @domain: the context
 * @pages: the pages; some may be missing, all are afterwards
 *
 * The NIC no longer uses them.
 */
void cdna_domain_unpin(struct cdna_domain *domain,
		       struct cdna_domain_pages *pages)
{
	if (pages->tails)
		cdna_pin_put(pages->tails);
	if (pages->status)
		cdna_pin_put(pages->status);
	if (pages->own)
		cdna_dma_free(domain->nic->dma_dev, PAGE_SIZE, pages->own,
			      pages->own_dma);
	*pages = (struct cdna_domain_pages) {};
}

/**
 * cdna_domain_own - make a status page for a guest that knows of none
 * @domain: the context
 * @pages: filled in
 *
 * Return: 0 or -ENOMEM; then @pages are none.
 */
int cdna_domain_own(struct cdna_domain *domain, struct cdna_domain_pages *pages)
{
	*pages = (struct cdna_domain_pages) {};
	pages->own = cdna_dma_alloc(domain->nic->dma_dev, PAGE_SIZE,
				    &pages->own_dma, CDNA_SPAN_GFP);
	return pages->own ? 0 : -ENOMEM;
}

/**
 * cdna_domain_status - where the NIC finds the status page
 * @pages: the pages
 *
 * Return: its DMA address.
 */
u64 cdna_domain_status(const struct cdna_domain_pages *pages)
{
	return pages->status ? pages->status->dma : pages->own_dma;
}

/**
 * cdna_domain_pin - take the pages that a guest gives at activation
 * @domain: the context
 * @pages: filled in
 * @status: guest-physical address of the status page
 * @tails: guest-physical address of the tail page
 *
 * Context: pins pages, so without cdna_domain.lock.
 *
 * Return: 0 or an error; then @pages are none.
 */
int cdna_domain_pin(struct cdna_domain *domain, struct cdna_domain_pages *pages,
		    u64 status, u64 tails)
{
	struct cdna_pin *pin;

	*pages = (struct cdna_domain_pages) {};
	pin = cdna_span_page(domain, status, true);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	pages->status = pin;
	pin = cdna_span_page(domain, tails, false);
	if (IS_ERR(pin)) {
		cdna_domain_unpin(domain, pages);
		return PTR_ERR(pin);
	}
	pages->tails = pin;
	return 0;
}

/**
 * cdna_domain_open - let traps in
 * @domain: the context, which the NIC serves
 * @pages: from cdna_domain_pin() or cdna_domain_own(); the domain's from now on
 * @features: CDNA_VFEAT_* that the guest accepted
 */
void cdna_domain_open(struct cdna_domain *domain,
		      const struct cdna_domain_pages *pages, u32 features)
{
	lockdep_assert_held(&domain->lock);

	domain->stripped = false;
	domain->withdrawn = false;
	domain->pages = *pages;
	domain->tails = pages->tails ? page_address(pages->tails->page) : NULL;
	domain->features = features;
	cdna_gate_open(&domain->gate);
}

/**
 * cdna_domain_reopen - let traps in again
 * @domain: the context, which the NIC serves; its gate was shut for a while
 *
 * Return: false if the gate stays shut, because a thread that takes the context's pages
 * away waits for it.
 */
bool cdna_domain_reopen(struct cdna_domain *domain)
{
	lockdep_assert_held(&domain->lock);

	if (domain->withdrawn)
		return false;
	cdna_gate_open(&domain->gate);
	return true;
}

/**
 * cdna_domain_stop - keep traps out, and fault all queues
 * @domain: the context
 * @reason: enum cdna_vfault
 *
 * Queues keep their memory, and the domain its pages, until it is stripped. Traps that
 * are inside finish on their own: nobody waits for them, so that the NIC's death can
 * be reported whatever a machine does.
 */
void cdna_domain_stop(struct cdna_domain *domain, u32 reason)
{
	lockdep_assert_held(&domain->lock);

	cdna_gate_shut(&domain->gate);
	cdna_fault_all(domain, reason);
}

static void domain_forget_pages(struct cdna_domain *domain)
{
	domain->tails = NULL;
	cdna_domain_unpin(domain, &domain->pages);
}

/**
 * cdna_domain_withdraw - the context's own pages are taken away (I9)
 * @domain: the context; its queues are stopped, and its gate is closed
 */
void cdna_domain_withdraw(struct cdna_domain *domain)
{
	lockdep_assert_held(&domain->lock);

	if (domain->stripped) {
		cdna_domain_release(domain);
		return;
	}
	domain->ops->ctx_fault(domain, CDNA_VFAULT_WITHDRAWN);
	cdna_cmd_ctx_reset(domain);
	domain_forget_pages(domain);
}

static void domain_unbind(struct cdna_domain *domain)
{
	struct cdna_provider *nic = domain->nic;

	if (domain->bound)
		nic->ops->source_unbind(nic, domain->id, domain->bound);
	domain->bound = 0;
}

/**
 * cdna_domain_strip - have the NIC forget a guest
 * @domain: the context
 * @stop_nic: the command that stops the NIC: cdna_cmd_ctx_reset() or
 *	cdna_cmd_ctx_revoke()
 *
 * When it returns, no trap begins, the NIC has stopped (or is dead and cut off), and
 * no source handler will be called (I6). What traps in progress use is left, for
 * cdna_domain_release(): no thread is waited for that may be pinning. So who strips a
 * domain calls cdna_domain_settle() without cdna_domain.lock, or has a work do that:
 * nobody else releases what is left, and until then a control queue takes no new memory.
 */
void cdna_domain_strip(struct cdna_domain *domain,
		       void (*stop_nic)(struct cdna_domain *domain))
{
	struct cdna_queue *queue;
	u32 i;

	lockdep_assert_held(&domain->lock);

	cdna_gate_shut(&domain->gate);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_gate_shut(&domain->queue[i].gate);
	cdna_ctrlq_strip(domain);
	stop_nic(domain);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &domain->queue[i];
		cdna_queue_strip(queue);
		cdna_queue_event(queue, CDNA_QEV_RESET, NULL);
	}
	domain_unbind(domain);
	domain->stripped = true;
}

/**
 * cdna_domain_release - release what a guest had
 * @domain: the context
 *
 * Return: false if a trap or a command is in progress that uses it: it is left then.
 */
bool cdna_domain_release(struct cdna_domain *domain)
{
	u32 i;

	lockdep_assert_held(&domain->lock);

	if (!cdna_ctrlq_release(domain))
		return false;
	if (!domain->stripped)
		return true;
	/* A trap goes through this gate before that of a queue. */
	if (!cdna_gate_is_closed(&domain->gate))
		return false;
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_queue_release(&domain->queue[i]);
	domain_forget_pages(domain);
	return true;
}

/**
 * cdna_domain_settle - wait for traps in progress, and release what they used
 * @domain: the context
 *
 * Context: waits for threads of the machine, which may be pinning: only the machine's
 * own threads call this, with locks that only they need.
 */
void cdna_domain_settle(struct cdna_domain *domain)
{
	bool done;

	lockdep_assert_not_held(&domain->lock);

	do {
		if (READ_ONCE(domain->stripped))
			cdna_gate_wait(&domain->gate);
		cdna_ctrlq_wait(domain);
		mutex_lock(&domain->lock);
		done = cdna_domain_release(domain);
		mutex_unlock(&domain->lock);
	} while (!done);
}
