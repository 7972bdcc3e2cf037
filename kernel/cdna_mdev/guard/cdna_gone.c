// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the machine's process gives away without a word to VFIO.
 *
 * A balloon, free page reporting, or a hole that is punched into a memory file end in
 * MADV_DONTNEED or the like: the process's page goes, and later another page is in its
 * place. VFIO has a mapping still, so there is no dma_unmap; and its IOMMU layer has the
 * old page for as long as anyone has it pinned. A page that stays pinned as a cache
 * would make the NIC read and write an orphan.
 *
 * The page itself tells, so nobody has to watch the process, or know where in which process
 * the page is. VFIO pins for long, which makes the page belong to one place:
 *
 *   anonymous memory      The page is exclusive to one page table. A child does not get it
 *                         with fork(), it is not merged (KSM), not moved (migration,
 *                         UFFDIO_MOVE), not collapsed, and not swapped: those who unmap
 *                         pages for that see that it is pinned, and leave it mapped. So it
 *                         is mapped until it is given away, and never again after that.
 *   a file's memory       The page is the file's, wherever it is mapped. Reclaim and
 *                         migration do not take a page with such references out of the
 *                         file. A hole or a truncation do, and it does not return.
 *
 * Order. The page has changed when the call returns that gives it away. A guest uses that
 * memory again only afterwards, so a thread that has read a descriptor for it sees the change:
 *
 *   the process                   who has read a descriptor
 *   ------------------            ----------------------------
 *   the page is unmapped
 *   madvise() returns
 *   its guest posts the memory    looks whether the page is mapped
 *
 * What is not noticed: a process that moves a page elsewhere (mremap), or maps other memory in
 * the place of a shared file, and does not tell VFIO. It has to unmap the memory from VFIO
 * before, for this device as for any other.
 */
#include <linux/mm.h>
#include <linux/mmzone.h>

#include "guard/cdna_gone.h"

#ifdef CONFIG_NO_PAGE_MAPCOUNT
#error "Pages of a large folio are not counted: choose CONFIG_PAGE_MAPCOUNT"
#endif

static bool gone_anon(const struct page *page, const struct folio *folio)
{
	if (folio_test_large(folio)) {
		if (folio_entire_mapcount(folio))
			return false;
		/* A huge mapping that is split counts its pages first. */
		smp_rmb();
	}
	return atomic_read(&page->_mapcount) < 0;
}

/**
 * cdna_gone - whether a page was given away
 * @page: the page, pinned by the IOMMU layer
 *
 * Context: any.
 *
 * Return: true if no machine has it any longer; that stays so.
 */
bool cdna_gone(const struct page *page)
{
	const struct folio *folio = page_folio(page);

	if (folio_test_anon(folio))
		return gone_anon(page, folio);
	/*
	 * A device's memory cannot be given away. Pages of a driver have no file either, and
	 * are mapped; those of a file are unmapped before they leave it.
	 */
	return !READ_ONCE(folio->mapping) && !folio_mapped(folio) &&
	       !is_zone_device_page(page);
}
