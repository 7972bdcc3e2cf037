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
 * Pages without references stay until room is needed, until they were not used
 * for a while, or until the host needs memory: eviction walks from the oldest and
 * gives a second chance to those used since its last pass. What a call evicts is
 * bounded, but for those that have nothing else to do (cdna_idle.c): when the limit
 * fell by a whole ring, the next miss does not pay for all of it.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "guard/cdna_pin.h"

#define PIN_OWNED	(-1)
#define PIN_WALK	64	/* pages looked at under the lock, at a time */
#define PIN_BATCH	16	/* pages that a miss evicts at most */

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
	xa_init_flags(&pins->pages, XA_FLAGS_ACCOUNT);
	INIT_LIST_HEAD(&pins->order);
	spin_lock_init(&pins->lock);
	pins->count = 0;
	pins->limit = limit;
	init_waitqueue_head(&pins->changed);
	atomic_long_set(&pins->misses, 0);
	atomic_long_set(&pins->evicted, 0);
}

/* A page is in the table once for each direction in which the NIC uses it. */
static unsigned long pin_key(unsigned long gfn, bool write)
{
	return gfn << 1 | write;
}

/* No thread has a reference, and none gets one from now on: the page is ours. */
static bool pin_own(struct cdna_pin *pin)
{
	return atomic_cmpxchg(&pin->refs, 0, PIN_OWNED) == 0;
}

/* Take a page that we own out of the table and wake those that wait for it. */
static void pin_forget(struct cdna_pins *pins, struct cdna_pin *pin)
{
	xa_erase(&pins->pages, pin_key(pin->gfn, pin->write));
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
 * ones have users or were used lately. Each look takes one from @looks.
 */
static struct cdna_pin *pin_oldest(struct cdna_pins *pins, unsigned int *looks)
{
	unsigned int left = PIN_WALK;
	struct cdna_pin *pin;

	if (list_empty(&pins->order))
		*looks = 0;
	while (left-- && *looks) {
		(*looks)--;
		pin = list_first_entry(&pins->order, struct cdna_pin, order);
		list_move_tail(&pin->order, &pins->order);
		if (READ_ONCE(pin->used))
			WRITE_ONCE(pin->used, false);
		else if (pin_own(pin))
			return pin;
	}
	return NULL;
}

/* Evict up to @most pages without users, after no more than @looks looks.
 * Return: how many.
 */
static unsigned int pin_evict(struct cdna_pins *pins, unsigned int most,
			      unsigned int looks)
{
	struct cdna_pin *victim;
	unsigned int done = 0;

	while (done < most && looks) {
		spin_lock(&pins->lock);
		victim = pin_oldest(pins, &looks);
		spin_unlock(&pins->lock);
		if (victim) {
			pin_drop(pins, victim, true);
			atomic_long_inc(&pins->evicted);
			done++;
		}
		cond_resched();
	}
	return done;
}

/* Looks that find each page without a user: the first may find only that it was
 * used.
 */
static unsigned int pin_all_looks(struct cdna_pins *pins)
{
	return 2 * READ_ONCE(pins->count) + PIN_WALK;
}

/* How many pages are above the limit, with @more */
static unsigned int pin_excess(struct cdna_pins *pins, unsigned int more)
{
	unsigned int count = READ_ONCE(pins->count) + more;
	unsigned int limit = READ_ONCE(pins->limit);

	return count > limit ? count - limit : 0;
}

/* Account for one more page, which fits the limit, or which a batch that was
 * evicted makes room for.
 */
static bool pin_take_room(struct cdna_pins *pins, bool made)
{
	bool fits;

	spin_lock(&pins->lock);
	fits = made || !pin_excess(pins, 1);
	pins->count += fits;
	spin_unlock(&pins->lock);
	return fits;
}

static int pin_make_room(struct cdna_pins *pins)
{
	unsigned int evicted = 0;

	while (!pin_take_room(pins, evicted >= PIN_BATCH)) {
		if (!pin_evict(pins, 1, pin_all_looks(pins)))
			return -ENOSPC;
		evicted++;
	}
	return 0;
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

static struct cdna_pin *pin_lookup(struct cdna_pins *pins, unsigned long key)
{
	struct cdna_pin *pin;

	rcu_read_lock();
	pin = xa_load(&pins->pages, key);
	if (pin && !atomic_inc_unless_negative(&pin->refs))
		pin = NULL;
	rcu_read_unlock();
	if (pin && !READ_ONCE(pin->used))
		WRITE_ONCE(pin->used, true);
	return pin;
}

/* True once no thread is pinning or unpinning the page */
static bool pin_settled(struct cdna_pins *pins, unsigned long key)
{
	struct cdna_pin *pin;
	bool settled;

	rcu_read_lock();
	pin = xa_load(&pins->pages, key);
	settled = !pin || atomic_read(&pin->refs) >= 0;
	rcu_read_unlock();
	return settled;
}

/* Put a page into the table, pinned and with a reference for us.
 * Return: the page, NULL if another thread was faster, or an error.
 */
static struct cdna_pin *pin_add(struct cdna_pins *pins, unsigned long gfn,
				bool write)
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
	pin->write = write;
	pin->used = true;
	atomic_set(&pin->refs, PIN_OWNED);
	ret = xa_insert(&pins->pages, pin_key(gfn, write), pin,
			GFP_KERNEL_ACCOUNT);
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
 * @write: the NIC writes it; else it reads it
 * @hits: counts lookups that found the page; the caller's own
 *
 * Context: may sleep when the page is not in the table.
 *
 * Return: the page, with one reference more; or an error: that of the pin
 * operation, -ENOSPC if the table is full of pages in use, -ENOMEM.
 */
struct cdna_pin *cdna_pin_get(struct cdna_pins *pins, unsigned long gfn,
			      bool write, u64 *hits)
{
	unsigned long key = pin_key(gfn, write);
	struct cdna_pin *pin;

	for (;;) {
		pin = pin_lookup(pins, key);
		if (pin) {
			(*hits)++;
			return pin;
		}
		wait_event(pins->changed, pin_settled(pins, key));
		pin = pin_add(pins, gfn, write);
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
	/* It was used before: pairs with the full barrier in pin_own(). */
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
	unsigned long end = pin_key(last, true);
	unsigned long key = pin_key(first, false);
	unsigned int busy = 0;
	struct cdna_pin *pin;
	bool ours;

	for (;;) {
		rcu_read_lock();
		pin = xa_find(&pins->pages, &key, end, XA_PRESENT);
		ours = pin && pin_own(pin);
		rcu_read_unlock();

		if (!pin)
			return busy;
		if (!ours && !pin_settled(pins, key)) {
			wait_event(pins->changed, pin_settled(pins, key));
			continue;
		}
		if (ours)
			pin_drop(pins, pin, false);
		else
			busy++;
		if (key++ == end)
			return busy;
	}
}

/**
 * cdna_pin_trim - evict what is above the limit
 * @pins: the table
 *
 * Context: may sleep; takes as long as the caller's guest has made it.
 */
void cdna_pin_trim(struct cdna_pins *pins)
{
	unsigned int excess = pin_excess(pins, 0);

	if (excess)
		pin_evict(pins, excess, pin_all_looks(pins));
}

/**
 * cdna_pin_evict - evict pages without users
 * @pins: the table
 * @most: how many
 * @all: those used lately as well, after the others; else only those that were not
 *	used since the call before
 *
 * Context: may sleep.
 */
void cdna_pin_evict(struct cdna_pins *pins, unsigned int most, bool all)
{
	pin_evict(pins, most,
		  all ? pin_all_looks(pins) : READ_ONCE(pins->count));
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
