/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pin table of a context: guest pages that the NIC may reach (paper 3.3).
 */
#ifndef CDNA_PIN_H
#define CDNA_PIN_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/xarray.h>

struct page;

#define CDNA_PIN_OWNED	(-1)	/* a thread is pinning or unpinning the page */

/**
 * struct cdna_pin - one guest page in the table
 * @gfn: guest page number
 * @write: the NIC writes it, and may not read it; else the other way round
 * @page: the page
 * @huge: number of the huge page that it is part of, 0 if it is not
 * @dma: its address as the NIC sees it
 * @refs: descriptors and queues that name it; 0 is a cached page; below 0 the
 *	page is being pinned or unpinned and may not be used
 * @used: looked up since eviction last passed by
 * @gone: the machine was found to have given it away, which stays so
 * @order: place in cdna_pins.order, protected by cdna_pins.lock
 * @rcu: frees it after lookups in progress
 */
struct cdna_pin {
	unsigned long gfn;
	bool write;
	struct page *page;
	unsigned long huge;
	u64 dma;
	atomic_t refs;
	bool used;
	bool gone;
	struct list_head order;
	struct rcu_head rcu;
};

/**
 * struct cdna_pin_ops - how pages are pinned
 * @pin: pin the page @gfn of the machine, for @write or not, and set @pin->page, @pin->huge
 *	and @pin->dma. May sleep. Return: 0 or an error
 * @unpin: undo it. May sleep. @evicted: to make room, or because nobody used it
 * @renew: call cdna_pin_renew() of this table and of all that can have the same page. May
 *	sleep. Return: an error of one of them, or 0. NULL, and so is the next one: nothing
 *	is ever given away
 * @release: release the references that are not in use any longer. May sleep
 */
struct cdna_pin_ops {
	int (*pin)(void *owner, struct cdna_pin *pin);
	void (*unpin)(void *owner, struct cdna_pin *pin, bool evicted);
	int (*renew)(void *owner, unsigned long gfn, const struct page *page,
		     bool wait);
	void (*release)(void *owner);
};

/**
 * struct cdna_pins - the table
 * @ops: how pages are pinned
 * @owner: their first argument
 * @gives: whether pages may be given away while they are pinned
 * @pages: struct cdna_pin by guest page number and direction
 * @order: pinned pages, oldest first
 * @lock: protects @order, @count and @limit; nothing is pinned or unpinned under it
 * @count: pages in the table, pinned or about to be
 * @limit: most of them
 * @changed: a page became usable, or left the table
 * @misses: lookups that had to pin
 * @evicted: pages unpinned to make room, or because nobody used them
 * @dropped: pages unpinned because they had been given away
 */
struct cdna_pins {
	const struct cdna_pin_ops *ops;
	void *owner;
	bool gives;
	struct xarray pages;
	struct list_head order;
	spinlock_t lock;	/* @order, @count, @limit */
	unsigned int count;
	unsigned int limit;
	wait_queue_head_t changed;
	atomic_long_t misses;
	atomic_long_t evicted;
	atomic_long_t dropped;
};

void cdna_pin_init(struct cdna_pins *pins, const struct cdna_pin_ops *ops,
		   void *owner, unsigned int limit);
void cdna_pin_limit(struct cdna_pins *pins, int change);
void cdna_pin_destroy(struct cdna_pins *pins);
struct cdna_pin *cdna_pin_get(struct cdna_pins *pins, unsigned long gfn,
			      bool write, u64 *hits);
void cdna_pin_put(struct cdna_pin *pin);
unsigned int cdna_pin_flush(struct cdna_pins *pins, unsigned long first,
			    unsigned long last);

#endif /* CDNA_PIN_H */
