// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pin table. Theory of operation:
 *
 * A warm lookup takes no lock: it finds the page under RCU and raises its
 * reference count unless that is negative. A thread that pins or unpins a page
 * owns it: it holds the count at CDNA_PIN_OWNED, with the page in the table all the
 * while, so that every other thread that needs the same page, and above all
 * cdna_pin_flush(), finds it and waits. The callbacks run without any lock.
 *
 * Pages without references stay, as a cache, until cdna_pin_evict.c evicts them. A
 * machine may give a page away meanwhile (cdna_gone.c). No lookup finds such a page, and
 * none is put into the table; cdna_pin_renew.c takes them out.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "guard/cdna_pin.h"
#include "guard/cdna_pin_drop.h"
#include "guard/cdna_pin_evict.h"
#include "guard/cdna_pin_renew.h"

#define PIN_ROUNDS	16	/* a page may be given away while it is being pinned */

/**
 * cdna_pin_init - make an empty table
 * @pins: the table
 * @ops: how pages are pinned
 * @owner: first argument of @ops
 * @limit: most pages that it may hold, cached ones included
 */
void cdna_pin_init(struct cdna_pins *pins, const struct cdna_pin_ops *ops,
		   void *owner, unsigned int limit)
{
	pins->ops = ops;
	pins->owner = owner;
	pins->gives = ops->renew;
	xa_init_flags(&pins->pages, XA_FLAGS_ACCOUNT);
	INIT_LIST_HEAD(&pins->order);
	spin_lock_init(&pins->lock);
	pins->count = 0;
	pins->limit = limit;
	init_waitqueue_head(&pins->changed);
	atomic_long_set(&pins->misses, 0);
	atomic_long_set(&pins->evicted, 0);
	atomic_long_set(&pins->dropped, 0);
}

static void pin_return_room(struct cdna_pins *pins)
{
	spin_lock(&pins->lock);
	pins->count--;
	spin_unlock(&pins->lock);
}

/* Another context may have it pinned since before it was given away: that is the page
 * which the IOMMU layer has.
 */
static int pin_fresh(struct cdna_pins *pins, struct cdna_pin *pin)
{
	int ret = pins->ops->pin(pins->owner, pin);

	if (ret || !cdna_pin_gone(pins, pin))
		return ret;
	pins->ops->unpin(pins->owner, pin, false);
	return -ESTALE;
}

/* Pin a page that is in the table and ours. Frees it if that fails. @stale: the page, if it
 * had been given away, which is -ESTALE.
 */
static int pin_fill(struct cdna_pins *pins, struct cdna_pin *pin,
		    const struct page **stale)
{
	int ret = pin_fresh(pins, pin);

	if (ret) {
		*stale = pin->page;
		cdna_pin_forget(pins, pin);
		return ret;
	}
	spin_lock(&pins->lock);
	list_add_tail(&pin->order, &pins->order);
	spin_unlock(&pins->lock);
	/* Pairs with the successful increment in pin_lookup(). */
	atomic_set_release(&pin->refs, 1);
	wake_up_all(&pins->changed);
	return 0;
}

/* Within a grace period, so that cdna_pin_renew() can wait for it */
static bool pin_take(struct cdna_pins *pins, struct cdna_pin *pin)
{
	if (READ_ONCE(pin->gone) ||
	    !atomic_inc_unless_negative(&pin->refs))
		return false;
	if (!cdna_pin_gone(pins, pin))
		return true;
	cdna_pin_put(pin);
	return false;
}

static struct cdna_pin *pin_lookup(struct cdna_pins *pins, unsigned long key)
{
	struct cdna_pin *pin;

	rcu_read_lock();
	pin = xa_load(&pins->pages, key);
	if (pin && !pin_take(pins, pin))
		pin = NULL;
	rcu_read_unlock();
	if (pin && !READ_ONCE(pin->used))
		WRITE_ONCE(pin->used, true);
	return pin;
}

/* Put a page into the table, pinned and with a reference for us.
 * Return: the page, NULL if there is one already, or an error.
 */
static struct cdna_pin *pin_add(struct cdna_pins *pins, unsigned long gfn,
				bool write, const struct page **stale)
{
	struct cdna_pin *pin;
	int ret;

	ret = cdna_pin_evict_for(pins);
	if (ret)
		return ERR_PTR(ret);
	pin = kzalloc(sizeof(*pin), GFP_KERNEL_ACCOUNT);
	if (!pin) {
		pin_return_room(pins);
		return ERR_PTR(-ENOMEM);
	}
	pin->gfn = gfn;
	pin->write = write;
	pin->used = true;
	atomic_set(&pin->refs, CDNA_PIN_OWNED);
	ret = xa_insert(&pins->pages, cdna_pin_key(gfn, write), pin,
			GFP_KERNEL_ACCOUNT);
	if (ret) {
		pin_return_room(pins);
		kfree(pin);
		return ret == -EBUSY ? NULL : ERR_PTR(ret);
	}
	atomic_long_inc(&pins->misses);
	ret = pin_fill(pins, pin, stale);
	return ret ? ERR_PTR(ret) : pin;
}

/* Make the table ready for pin_add(): what is being pinned or unpinned is waited for, and
 * what was given away is unpinned.
 */
static int pin_clear(struct cdna_pins *pins, unsigned long gfn, unsigned long key)
{
	wait_event(pins->changed, cdna_pin_settled(pins, key));
	return pins->gives ? cdna_pin_renew(pins, gfn, NULL, false) : 0;
}

/* The page is not in the table, or it is not that of the machine any longer. */
static struct cdna_pin *pin_miss(struct cdna_pins *pins, unsigned long gfn,
				 bool write, u64 *hits)
{
	unsigned long key = cdna_pin_key(gfn, write);
	const struct page *stale;
	unsigned int rounds = 0;
	struct cdna_pin *pin;
	int ret;

	for (;;) {
		ret = pin_clear(pins, gfn, key);
		if (ret)
			return ERR_PTR(ret);
		pin = pin_lookup(pins, key);
		if (pin) {
			(*hits)++;
			return pin;
		}
		pin = pin_add(pins, gfn, write, &stale);
		if (!pin)
			continue;
		if (pin != ERR_PTR(-ESTALE))
			return pin;
		/* At first those are asked that have it in their caches. */
		ret = pins->ops->renew(pins->owner, gfn, stale, rounds > 0);
		if (!ret && ++rounds == PIN_ROUNDS)
			ret = -EAGAIN;
		if (ret)
			return ERR_PTR(ret);
	}
}

/**
 * cdna_pin_get - a reference to a guest page
 * @pins: the table
 * @gfn: guest page number
 * @write: the NIC writes it; else it reads it
 * @hits: counts lookups that found the page; the caller's own
 *
 * Context: may sleep when the page is not in the table.
 *
 * Return: the page, with one reference more; or an error: that of the pin
 * operation, -EAGAIN if the machine has given away what the NIC has of that memory,
 * -ENOSPC if the table is full of pages in use, -ENOMEM, -EINTR if the thread is killed.
 */
struct cdna_pin *cdna_pin_get(struct cdna_pins *pins, unsigned long gfn,
			      bool write, u64 *hits)
{
	struct cdna_pin *pin = pin_lookup(pins, cdna_pin_key(gfn, write));

	if (!pin)
		return pin_miss(pins, gfn, write, hits);
	(*hits)++;
	return pin;
}

/**
 * cdna_pin_put - release a reference
 * @pin: from cdna_pin_get()
 *
 * The page stays pinned, as a cache, until room is needed or its memory is
 * unmapped.
 *
 * Context: any.
 */
void cdna_pin_put(struct cdna_pin *pin)
{
	/* It was used before: pairs with the full barrier in cdna_pin_own(). */
	(void)atomic_fetch_dec_release(&pin->refs);
}

/**
 * cdna_pin_flush - unpin the pages of a range that have no references
 * @pins: the table
 * @first: guest page number
 * @last: guest page number, inclusive
 *
 * Waits for pages that are being pinned or unpinned; takes no lock under which
 * a thread pins (I9).
 *
 * Context: may sleep.
 *
 * Return: how many pages of the range still have references, counted once for each
 * direction.
 */
unsigned int cdna_pin_flush(struct cdna_pins *pins, unsigned long first,
			    unsigned long last)
{
	unsigned long end = cdna_pin_key(last, true);
	unsigned long key = cdna_pin_key(first, false);
	unsigned int busy = 0;
	struct cdna_pin *pin;
	bool ours;

	for (;;) {
		rcu_read_lock();
		pin = xa_find(&pins->pages, &key, end, XA_PRESENT);
		ours = pin && cdna_pin_own(pin);
		rcu_read_unlock();

		if (!pin)
			return busy;
		if (!ours && !cdna_pin_settled(pins, key)) {
			wait_event(pins->changed, cdna_pin_settled(pins, key));
			continue;
		}
		if (ours)
			cdna_pin_drop(pins, pin, false);
		else
			busy++;
		if (key++ == end)
			return busy;
	}
}

/**
 * cdna_pin_limit - let the table hold more pages, or fewer
 * @pins: the table
 * @change: how many
 *
 * Pages above the limit stay until room is needed or cdna_pin_trim().
 */
void cdna_pin_limit(struct cdna_pins *pins, int change)
{
	spin_lock(&pins->lock);
	WRITE_ONCE(pins->limit, pins->limit + change);
	spin_unlock(&pins->lock);
}

/**
 * cdna_pin_destroy - unpin all pages; none has a reference
 * @pins: the table
 */
void cdna_pin_destroy(struct cdna_pins *pins)
{
	cdna_pin_flush(pins, 0, ULONG_MAX);
	xa_destroy(&pins->pages);
}
