// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a page leaves the pin table, whatever the reason: by a thread that owns it.
 */
#include <linux/slab.h>

#include "guard/cdna_gone.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_pin_drop.h"

/**
 * cdna_pin_own - take a page without references for unpinning
 * @pin: the page, under RCU or with @cdna_pins.lock held
 *
 * Return: whether no thread has a reference, and none gets one from now on: the page is
 * ours.
 */
bool cdna_pin_own(struct cdna_pin *pin)
{
	return atomic_cmpxchg(&pin->refs, 0, CDNA_PIN_OWNED) == 0;
}

/**
 * cdna_pin_settled - whether no thread is pinning or unpinning a page
 * @pins: the table
 * @key: of the page
 *
 * Return: true also if the page is not in the table.
 */
bool cdna_pin_settled(struct cdna_pins *pins, unsigned long key)
{
	struct cdna_pin *pin;
	bool settled;

	rcu_read_lock();
	pin = xa_load(&pins->pages, key);
	settled = !pin || atomic_read(&pin->refs) >= 0;
	rcu_read_unlock();
	return settled;
}

/**
 * cdna_pin_gone - whether the machine has given a page away
 * @pins: the table
 * @pin: a page that is pinned, and stays so meanwhile
 *
 * Return: false also if its memory is of a kind that is not given away.
 */
bool cdna_pin_gone(const struct cdna_pins *pins, const struct cdna_pin *pin)
{
	return pins->gives && cdna_gone(pin->page);
}

/**
 * cdna_pin_forget - take a page that we own out of the table, and wake those that wait for it
 * @pins: the table
 * @pin: the page; not pinned, and freed
 */
void cdna_pin_forget(struct cdna_pins *pins, struct cdna_pin *pin)
{
	xa_erase(&pins->pages, cdna_pin_key(pin->gfn, pin->write));
	spin_lock(&pins->lock);
	pins->count--;
	spin_unlock(&pins->lock);
	kfree_rcu(pin, rcu);
	wake_up_all(&pins->changed);
}

/**
 * cdna_pin_drop - unpin a page that we own; it leaves the table only after that
 * @pins: the table
 * @pin: the page
 * @evicted: to make room, or because nobody used it
 *
 * Context: may sleep.
 */
void cdna_pin_drop(struct cdna_pins *pins, struct cdna_pin *pin, bool evicted)
{
	spin_lock(&pins->lock);
	list_del(&pin->order);
	spin_unlock(&pins->lock);
	pins->ops->unpin(pins->owner, pin, evicted);
	cdna_pin_forget(pins, pin);
}
