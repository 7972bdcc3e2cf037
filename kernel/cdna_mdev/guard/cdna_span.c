// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest pages through VFIO: the pin table's operations, and runs of pages that
 * a queue or a context has for as long as it lives.
 */
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/memremap.h>
#include <linux/page-flags.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

#include "cdna_provider.h"
#include "cdna_trace.h"
#include "guard/cdna_backoff.h"
#include "guard/cdna_dma.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_pin_huge.h"
#include "guard/cdna_range.h"
#include "guard/cdna_release.h"
#include "guard/cdna_sharers.h"
#include "guard/cdna_span.h"

static_assert(PAGE_SIZE == CDNA_PAGE_SIZE, "a NIC's page is a guest's page");

static u64 span_now(void)
{
	return ktime_get_coarse_ns() / NSEC_PER_MSEC;
}

static int span_take_page(struct cdna_domain *domain, struct cdna_pin *pin)
{
	dma_addr_t iova = (dma_addr_t)pin->gfn << PAGE_SHIFT;
	int ret;

	ret = vfio_pin_pages(domain->vfio, iova, 1,
			     pin->write ? IOMMU_WRITE : IOMMU_READ, &pin->page);
	if (ret != 1)
		return ret < 0 ? ret : -EINVAL;
	/* VFIO accepts memory of devices if it has struct pages. */
	ret = -EFAULT;
	if (!PageReserved(pin->page) && !is_pci_p2pdma_page(pin->page))
		ret = cdna_dma_map(domain->nic->dma_dev, pin->page, pin->write,
				   &pin->dma);
	if (ret)
		vfio_unpin_pages(domain->vfio, iova, 1);
	else
		pin->huge = cdna_pin_huge_of(pin->page);
	return ret;
}

/* The IOMMU layer logs each page that it refuses without memory. */
static int span_try_page(struct cdna_domain *domain, struct cdna_pin *pin)
{
	int ret;

	if (cdna_backoff_refuses(&domain->backoff, span_now()))
		return -ENOMEM;
	ret = span_take_page(domain, pin);
	if (ret == -ENOMEM)
		cdna_backoff_failed(&domain->backoff, span_now());
	return ret;
}

/* Callbacks of the pin table. Pinning and unpinning take a lock inside which
 * dma_unmap is called: so neither is done under one that dma_unmap takes.
 */
static int span_pin_one(void *owner, struct cdna_pin *pin)
{
	struct cdna_domain *domain = owner;
	int ret;

	might_sleep();
	lockdep_assert_not_held(&domain->lock);

	/* Pairs with the one in cdna_range_close(): the page is in the table. */
	smp_mb();
	ret = cdna_range_closed(&domain->range, pin->gfn) ?
	      -EAGAIN : span_try_page(domain, pin);
	trace_cdna_pin(domain->id, pin->gfn, ret);
	return ret;
}

static void span_unpin_one(void *owner, struct cdna_pin *pin, bool evicted)
{
	struct cdna_domain *domain = owner;

	might_sleep();
	lockdep_assert_not_held(&domain->lock);

	cdna_dma_unmap(domain->nic->dma_dev, pin->dma, pin->write);
	vfio_unpin_pages(domain->vfio, (dma_addr_t)pin->gfn << PAGE_SHIFT, 1);
	trace_cdna_unpin(domain->id, pin->gfn, evicted);
}

static int span_renew_one(void *owner, unsigned long gfn,
			  const struct page *page, bool wait)
{
	return cdna_sharers_renew(owner, gfn, page, wait);
}

/* A guest may give away what the NIC has done with. */
static void span_release(void *owner)
{
	struct cdna_domain *domain = owner;

	mutex_lock(&domain->lock);
	cdna_release_all(domain);
	mutex_unlock(&domain->lock);
}

const struct cdna_pin_ops cdna_span_pin_ops = {
	.pin = span_pin_one,
	.unpin = span_unpin_one,
	.renew = span_renew_one,
	.release = span_release,
};

/**
 * cdna_span_fault - why a page could not be pinned, for the guest
 * @error: from cdna_pin_get(), negative
 *
 * Return: an enum cdna_vfault.
 */
enum cdna_vfault cdna_span_fault(int error)
{
	switch (error) {
	case -EPERM:
		return CDNA_VFAULT_READONLY;
	case -EFAULT:
		return CDNA_VFAULT_NOT_RAM;
	case -ENOMEM:
	case -ENOSPC:
	case -EOPNOTSUPP:
		return CDNA_VFAULT_NO_MEMORY;
	case -EAGAIN:
		return CDNA_VFAULT_WITHDRAWN;
	default:
		return CDNA_VFAULT_UNMAPPED;
	}
}

/**
 * cdna_span_may_come - whether a page may be had later, without an event that says so
 * @domain: whose memory
 * @error: from cdna_span_pin() or cdna_span_page(), negative
 *
 * The end of a revocation is an event.
 *
 * Return: true if so: try again after a while.
 */
bool cdna_span_may_come(const struct cdna_domain *domain, int error)
{
	if (error == -EAGAIN)
		return !READ_ONCE(domain->range.stopped);
	return cdna_span_fault(error) == CDNA_VFAULT_NO_MEMORY;
}

/**
 * cdna_span_result - why a page could not be pinned, for a command
 * @error: from cdna_span_pin() or cdna_span_page(), negative
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_span_result(int error)
{
	return cdna_span_fault(error) == CDNA_VFAULT_NO_MEMORY ?
	       CDNA_VRES_NO_MEMORY : CDNA_VRES_BAD_ADDRESS;
}

/**
 * cdna_span_get - a reference to the page that holds an address
 * @domain: whose memory
 * @addr: guest-physical address
 * @write: the NIC writes it; else the NIC or the host reads it
 * @hits: counts pages that were pinned already
 *
 * Context: may sleep; pins pages, so without cdna_domain.lock.
 *
 * Return: the page, or an error for cdna_span_fault(): -EAGAIN if that memory
 * is being taken away.
 */
struct cdna_pin *cdna_span_get(struct cdna_domain *domain, u64 addr, bool write,
			       u64 *hits)
{
	unsigned long gfn = addr >> PAGE_SHIFT;
	struct cdna_pin *pin;

	pin = cdna_pin_get(&domain->pins, gfn, write, hits);
	if (!IS_ERR(pin) && unlikely(cdna_range_closed(&domain->range, gfn))) {
		cdna_pin_put(pin);
		return ERR_PTR(-EAGAIN);
	}
	return pin;
}

/**
 * cdna_span_page - a reference to the page at an address
 * @domain: whose memory
 * @addr: guest-physical address
 * @write: the NIC writes it; else the NIC or the host reads it
 *
 * Return: the page or an error, -EINVAL if @addr is not page-aligned.
 */
struct cdna_pin *cdna_span_page(struct cdna_domain *domain, u64 addr, bool write)
{
	u64 hits = 0;

	if (!PAGE_ALIGNED(addr))
		return ERR_PTR(-EINVAL);
	return cdna_span_get(domain, addr, write, &hits);
}

/**
 * cdna_span_pin - references to a run of pages
 * @domain: whose memory
 * @span: filled in
 * @addr: guest-physical address, page-aligned
 * @bytes: length
 * @write: the NIC writes it; else the NIC or the host reads it
 *
 * Return: 0 or an error; then @span is empty.
 */
int cdna_span_pin(struct cdna_domain *domain, struct cdna_span *span, u64 addr,
		  size_t bytes, bool write)
{
	u32 pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	struct cdna_pin *pin;

	span->pages = 0;
	if (addr + bytes < addr)
		return -EINVAL;
	span->pin = kvcalloc(pages, sizeof(*span->pin), CDNA_SPAN_GFP);
	if (!span->pin)
		return -ENOMEM;
	while (span->pages < pages) {
		pin = cdna_span_page(domain, addr +
				     ((u64)span->pages << PAGE_SHIFT), write);
		if (IS_ERR(pin)) {
			cdna_span_unpin(span);
			return PTR_ERR(pin);
		}
		span->pin[span->pages++] = pin;
	}
	return 0;
}

/**
 * cdna_span_unpin - release the references
 * @span: may be empty; is empty afterwards
 */
void cdna_span_unpin(struct cdna_span *span)
{
	while (span->pages)
		cdna_pin_put(span->pin[--span->pages]);
	kvfree(span->pin);
	span->pin = NULL;
}

/**
 * cdna_span_map - map a run of pages into the host
 * @span: the pages; they stay referenced until vunmap()
 *
 * Return: the address, NULL without memory.
 */
void *cdna_span_map(const struct cdna_span *span)
{
	struct page **pages;
	void *addr;
	u32 i;

	pages = kvmalloc_array(span->pages, sizeof(*pages), CDNA_SPAN_GFP);
	if (!pages)
		return NULL;
	for (i = 0; i < span->pages; i++)
		pages[i] = span->pin[i]->page;
	addr = vmap(pages, span->pages, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return addr;
}

/**
 * cdna_span_uses - whether a run of pages overlaps a range
 * @span: the pages
 * @first: guest page number
 * @last: guest page number, inclusive
 *
 * Return: true if they share a page.
 */
bool cdna_span_uses(const struct cdna_span *span, unsigned long first,
		    unsigned long last)
{
	u32 i;

	for (i = 0; i < span->pages; i++)
		if (span->pin[i]->gfn >= first && span->pin[i]->gfn <= last)
			return true;
	return false;
}
