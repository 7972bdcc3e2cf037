// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eviction: pages without references leave the pin table when room is needed, when they
 * were not used for a while, when they were given away, or when the host needs memory. It
 * walks from the oldest and gives a second chance to those used since its last pass, if the
 * machine has them still. What a call evicts is
 * bounded, but for those that have nothing else to do (cdna_idle.c): when the limit
 * fell by a whole ring, the next miss does not pay for all of it.
 */
#include <linux/errno.h>
#include <linux/sched.h>

#include "guard/cdna_pin.h"
#include "guard/cdna_pin_drop.h"
#include "guard/cdna_pin_evict.h"

#define PIN_WALK	64	/* pages looked at under the lock, at a time */
#define PIN_BATCH	16	/* pages that a miss evicts at most */

/* A page in the list is pinned until it has left it. */
static bool pin_stays(const struct cdna_pins *pins, struct cdna_pin *pin)
{
	if (!READ_ONCE(pin->used) || cdna_pin_gone(pins, pin))
		return false;
	WRITE_ONCE(pin->used, false);
	return true;
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
		if (!pin_stays(pins, pin) && cdna_pin_own(pin))
			return pin;
	}
	return NULL;
}

static void pin_count(struct cdna_pins *pins, const struct cdna_pin *pin)
{
	if (cdna_pin_gone(pins, pin))
		atomic_long_inc(&pins->dropped);
	else
		atomic_long_inc(&pins->evicted);
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
			pin_count(pins, victim);
			cdna_pin_drop(pins, victim, true);
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

/**
 * cdna_pin_evict_for - make room for one more page, and account for it
 * @pins: the table
 *
 * Context: may sleep.
 *
 * Return: 0, or -ENOSPC if the table is full of pages in use.
 */
int cdna_pin_evict_for(struct cdna_pins *pins)
{
	unsigned int evicted = 0;

	while (!pin_take_room(pins, evicted >= PIN_BATCH)) {
		if (!pin_evict(pins, 1, pin_all_looks(pins)))
			return -ENOSPC;
		evicted++;
	}
	return 0;
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
