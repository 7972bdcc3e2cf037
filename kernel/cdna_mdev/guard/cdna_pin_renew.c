// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before memory is pinned again, the page that was there before leaves the pin table, if it
 * was given away (cdna_gone.c):
 *
 *   without references    it is unpinned
 *   with references       the descriptor that needs the memory is refused: the guest has
 *                         given away what the NIC has of it
 *
 * References to what the NIC has consumed are released first. What the NIC has not stays
 * pinned in any case (I3).
 *
 * A lookup has a reference for a moment, until it finds that the page is gone. Once
 * cdna_pin.gone is set no lookup takes one, so that after a grace period those that are
 * left are descriptors', or queues'.
 */
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>

#include "guard/cdna_pin.h"
#include "guard/cdna_pin_drop.h"
#include "guard/cdna_pin_renew.h"

/**
 * enum renew_found - what is in the table
 * @RENEW_NOTHING: nothing that was given away, as far as the caller is concerned
 * @RENEW_OURS: such a page, which the caller owns now
 * @RENEW_BUSY: such a page, with references
 * @RENEW_MOVING: a page that is being pinned or unpinned
 */
enum renew_found {
	RENEW_NOTHING,
	RENEW_OURS,
	RENEW_BUSY,
	RENEW_MOVING,
};

static enum renew_found renew_own(struct cdna_pin *pin)
{
	if (cdna_pin_own(pin))
		return RENEW_OURS;
	return atomic_read(&pin->refs) < 0 ? RENEW_MOVING : RENEW_BUSY;
}

/* Another machine's page at the same place, or a fresh one: not even a reference is taken. */
static bool renew_differs(const struct cdna_pin *pin, const struct page *page)
{
	/* Pairs with the release in pin_fill(). */
	return page && atomic_read_acquire(&pin->refs) >= 0 &&
	       READ_ONCE(pin->page) != page;
}

/* Return: whether it is known to be gone; the reference is for the look alone */
static enum renew_found renew_look(const struct cdna_pins *pins,
				   struct cdna_pin *pin)
{
	if (READ_ONCE(pin->gone))
		return RENEW_BUSY;
	if (!atomic_inc_unless_negative(&pin->refs))
		return RENEW_MOVING;
	if (cdna_pin_gone(pins, pin))
		WRITE_ONCE(pin->gone, true);
	(void)atomic_fetch_dec_release(&pin->refs);
	return READ_ONCE(pin->gone) ? RENEW_BUSY : RENEW_NOTHING;
}

static enum renew_found renew_find(struct cdna_pins *pins, unsigned long key,
				   const struct page *page,
				   struct cdna_pin **pin)
{
	enum renew_found found = RENEW_NOTHING;

	rcu_read_lock();
	*pin = xa_load(&pins->pages, key);
	if (*pin && !renew_differs(*pin, page))
		found = renew_look(pins, *pin);
	if (found == RENEW_BUSY)
		found = renew_own(*pin);
	rcu_read_unlock();
	return found;
}

/* Have references released, the quick way first. Return: false if there is no other way. */
static bool renew_release(struct cdna_pins *pins, unsigned int *tries)
{
	switch ((*tries)++) {
	case 0:
		pins->ops->release(pins->owner);
		return true;
	case 1:
		synchronize_rcu();
		return true;
	default:
		return false;
	}
}

static int renew_one(struct cdna_pins *pins, unsigned long key,
		     const struct page *page, bool wait)
{
	unsigned int tries = 0;
	struct cdna_pin *pin;

	for (;;) {
		switch (renew_find(pins, key, page, &pin)) {
		case RENEW_NOTHING:
			return 0;
		case RENEW_OURS:
			atomic_long_inc(&pins->dropped);
			cdna_pin_drop(pins, pin, false);
			return 0;
		case RENEW_BUSY:
			if (!renew_release(pins, &tries))
				return -EAGAIN;
			break;
		case RENEW_MOVING:
			if (!wait)
				return 0;
			if (wait_event_killable(pins->changed,
						cdna_pin_settled(pins, key)))
				return -EINTR;
			tries = 0;
			break;
		}
	}
}

/**
 * cdna_pin_renew - unpin what was given away of a guest page
 * @pins: the table
 * @gfn: guest page number; both directions are looked at
 * @page: only if it is this one; NULL: whichever it is
 * @wait: for what is being pinned or unpinned there
 *
 * Context: may sleep.
 *
 * Return: 0; -EAGAIN if the NIC uses a page that was given away; -EINTR if the thread
 * is killed.
 */
int cdna_pin_renew(struct cdna_pins *pins, unsigned long gfn,
		   const struct page *page, bool wait)
{
	int ret = renew_one(pins, cdna_pin_key(gfn, true), page, wait);

	return ret ?: renew_one(pins, cdna_pin_key(gfn, false), page, wait);
}
