// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pin table. Theory of operation:
 *
 * A warm lookup takes no lock: it finds the page under RCU and raises its
 * reference count unless that is negative. A thread that pins or unpins a page
 * owns it: it holds the count at PIN_OWNED, with the page in the table all the
 * while, so that every other thread that needs the same page, and above all
 * cdna_pin_flush(), finds it and waits. The callbacks run without any lock.
 *
 * Pages without references stay until room is needed: eviction walks from the
 * oldest and gives a second chance to those used since its last pass.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "guard/cdna_pin.h"

#define PIN_OWNED	(-1)
#define PIN_WALK	64	/* pages looked at under the lock, at a time */

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
	xa_init(&pins->pages);
	INIT_LIST_HEAD(&pins->order);
	spin_lock_init(&pins->lock);
	pins->count = 0;
	pins->limit = limit;
	init_waitqueue_head(&pins->changed);
	atomic_long_set(&pins->misses, 0);
	atomic_long_set(&pins->evicted, 0);
}

/* No thread has a reference, and none gets one from now on: the page is ours. */
static bool pin_own(struct cdna_pin *pin)
{
	return atomic_cmpxchg(&pin->refs, 0, PIN_OWNED) == 0;
}

/* Take a page that we own out of the table and wake those that wait for it. */
static void pin_forget(struct cdna_pins *pins, struct cdna_pin *pin)
{
	xa_erase(&pins->pages, pin->gfn);
	spin_lock(&pins->lock);
	pins->count--;
	spin_unlock(&pins->lock);
	kfree_rcu(pin, rcu);
	wake_up_all(&pins->changed);
}

/* Unpin a page that we own; it leaves the table only after that. */
static void pin_drop(struct cdna_pins *pins, struct cdna_pin *pin, bool evicted)
{
	spin_lock(&pins->lock);
	list_del(&pin->order);
	spin_unlock(&pins->lock);
	pins->ops->unpin(pins->owner, pin, evicted);
	pin_forget(pins, pin);
}

/* The oldest page without a user, which is ours now; NULL if all of the next
 * ones have users or were used lately.
 */
static struct cdna_pin *pin_oldest(struct cdna_pins *pins)
{
	unsigned int left = PIN_WALK;
	struct cdna_pin *pin;

	while (left-- && !list_empty(&pins->order)) {
		pin = list_first_entry(&pins->order, struct cdna_pin, order);
		list_move_tail(&pin->order, &pins->order);
		if (READ_ONCE(pin->used))
			WRITE_ONCE(pin->used, false);
		else if (pin_own(pin))
			return pin;
	}
	return NULL;
}

/* Account for one more page, after evicting what is over the limit. Each page is
 * looked at twice: the first look may find only that it was used.
 */
static int pin_make_room(struct cdna_pins *pins)
{
	struct cdna_pin *victim = NULL;
	unsigned int looked = 0;
	unsigned int count;
	bool full;

	for (;;) {
		spin_lock(&pins->lock);
		count = pins->count;
		full = count >= READ_ONCE(pins->limit);
		if (full)
			victim = pin_oldest(pins);
		else
			pins->count++;
		spin_unlock(&pins->lock);

		if (!full)
			return 0;
		if (victim) {
			pin_drop(pins, victim, true);
			atomic_long_inc(&pins->evicted);
			continue;
		}
		looked += PIN_WALK;
		if (looked >= 2 * count + PIN_WALK)
			return -ENOSPC;
		cond_resched();
	}
}

static void pin_return_room(struct cdna_pins *pins)
{
	spin_lock(&pins->lock);
	pins->count--;
	spin_unlock(&pins->lock);
}

/* Pin a page that is in the table and ours. Frees it if that fails. */
static int pin_fill(struct cdna_pins *pins, struct cdna_pin *pin)
{
	int ret = pins->ops->pin(pins->owner, pin);

	if (ret) {
		pin_forget(pins, pin);
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

static struct cdna_pin *pin_lookup(struct cdna_pins *pins, unsigned long gfn)
{
	struct cdna_pin *pin;

	rcu_read_lock();
	pin = xa_load(&pins->pages, gfn);
	if (pin && !atomic_inc_unless_negative(&pin->refs))
		pin = NULL;
	rcu_read_unlock();
	if (pin && !READ_ONCE(pin->used))
		WRITE_ONCE(pin->used, true);
	return pin;
}

/* True once no thread is pinning or unpinning the page */
static bool pin_settled(struct cdna_pins *pins, unsigned long gfn)
{
	struct cdna_pin *pin;
	bool settled;

	rcu_read_lock();
	pin = xa_load(&pins->pages, gfn);
	settled = !pin || atomic_read(&pin->refs) >= 0;
	rcu_read_unlock();
	return settled;
}

/* Put a page into the table, pinned and with a reference for us.
 * Return: the page, NULL if another thread was faster, or an error.
 */
static struct cdna_pin *pin_add(struct cdna_pins *pins, unsigned long gfn)
{
	struct cdna_pin *pin;
	int ret;

	ret = pin_make_room(pins);
	if (ret)
		return ERR_PTR(ret);
	pin = kzalloc(sizeof(*pin), GFP_KERNEL_ACCOUNT);
	if (!pin) {
		pin_return_room(pins);
		return ERR_PTR(-ENOMEM);
	}
	pin->gfn = gfn;
	pin->used = true;
	atomic_set(&pin->refs, PIN_OWNED);
	ret = xa_insert(&pins->pages, gfn, pin, GFP_KERNEL_ACCOUNT);
	if (ret) {
		pin_return_room(pins);
		kfree(pin);
		return ret == -EBUSY ? NULL : ERR_PTR(ret);
	}
	atomic_long_inc(&pins->misses);
	ret = pin_fill(pins, pin);
	return ret ? ERR_PTR(ret) : pin;
}

/**
 * cdna_pin_get - a reference to a guest page
 * @pins: the table
 * @gfn: guest page number
 * @hits: counts lookups that found the page; the caller's own
 *
 * Context: may sleep when the page is not in the table.
 *
 * Return: the page, with one reference more; or an error: that of the pin
 * operation, -ENOSPC if the table is full of pages in use, -ENOMEM.
 */
struct cdna_pin *cdna_pin_get(struct cdna_pins *pins, unsigned long gfn,
			      u64 *hits)
{
	struct cdna_pin *pin;

	for (;;) {
		pin = pin_lookup(pins, gfn);
		if (pin) {
			(*hits)++;
			return pin;
		}
		wait_event(pins->changed, pin_settled(pins, gfn));
		pin = pin_add(pins, gfn);
		if (pin)
			return pin;
	}
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
	atomic_dec(&pin->refs);
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
 * Return: how many pages of the range still have references.
 */
unsigned int cdna_pin_flush(struct cdna_pins *pins, unsigned long first,
			    unsigned long last)
{
	unsigned long gfn = first;
	unsigned int busy = 0;
	struct cdna_pin *pin;
	bool ours;

	for (;;) {
		rcu_read_lock();
		pin = xa_find(&pins->pages, &gfn, last, XA_PRESENT);
		ours = pin && pin_own(pin);
		rcu_read_unlock();

		if (!pin)
			return busy;
		if (!ours && !pin_settled(pins, gfn)) {
			wait_event(pins->changed, pin_settled(pins, gfn));
			continue;
		}
		if (ours)
			pin_drop(pins, pin, false);
		else
			busy++;
		if (gfn++ == last)
			return busy;
	}
}

/**
 * cdna_pin_limit - let the table hold more pages, or fewer
 * @pins: the table
 * @change: how many
 *
 * Pages above the limit stay until room is needed.
 */
void cdna_pin_limit(struct cdna_pins *pins, int change)
{
	spin_lock(&pins->lock);
	pins->limit += change;
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
