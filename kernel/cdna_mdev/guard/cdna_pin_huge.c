// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that is pinned keeps all of the huge page that it is part of: neither is split
 * meanwhile. So what the pins of a context cost the host is in their huge pages, which
 * are counted when they are asked for.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/xarray.h>

#include "guard/cdna_pin.h"
#include "guard/cdna_pin_huge.h"

/**
 * cdna_pin_huge_of - the huge page that a page is part of
 * @page: the page, pinned
 *
 * Return: its number; 0: @page is part of none.
 */
unsigned long cdna_pin_huge_of(struct page *page)
{
	return folio_size(page_folio(page)) < PMD_SIZE ?
		       0 : page_to_pfn(page) >> (PMD_SHIFT - PAGE_SHIFT);
}

static int huge_compare(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

/* The huge page of the next page in the table, 0 if that is in none; false at the end */
static bool huge_next(struct cdna_pins *pins, unsigned long *key,
		      unsigned long *huge)
{
	struct cdna_pin *pin;

	*huge = 0;
	rcu_read_lock();
	pin = xa_find(&pins->pages, key, ULONG_MAX, XA_PRESENT);
	/* Pairs with the release when it has been pinned. */
	if (pin && atomic_read_acquire(&pin->refs) >= 0)
		*huge = pin->huge;
	rcu_read_unlock();
	return pin;
}

/* Return: how many are in @list, which has room for @most */
static unsigned int huge_list(struct cdna_pins *pins, unsigned long *list,
			      unsigned int most)
{
	unsigned long key = 0;
	unsigned int n = 0;

	for (; n < most && huge_next(pins, &key, &list[n]); key++) {
		n += !!list[n];
		cond_resched();
	}
	return n;
}

static int huge_distinct(unsigned long *list, unsigned int n)
{
	unsigned int i;
	int found = 0;

	sort(list, n, sizeof(*list), huge_compare, NULL);
	for (i = 0; i < n; i++)
		found += !i || list[i] != list[i - 1];
	return found;
}

/**
 * cdna_pin_huge - how many huge pages have a page that is pinned
 * @pins: the table; it may change meanwhile
 *
 * Context: may sleep; waits for no thread of the machine.
 *
 * Return: the number, or -ENOMEM.
 */
int cdna_pin_huge(struct cdna_pins *pins)
{
	unsigned int most = READ_ONCE(pins->count);
	unsigned long *list;
	int found;

	if (!most)
		return 0;
	list = kvmalloc_array(most, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	found = huge_distinct(list, huge_list(pins, list, most));
	kvfree(list);
	return found;
}
