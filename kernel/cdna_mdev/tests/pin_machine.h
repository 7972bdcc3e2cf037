/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine whose pages test_pin.c has pinned. Include it after cmocka.h. */
#ifndef PIN_MACHINE_H
#define PIN_MACHINE_H

#include <sched.h>
#include <string.h>

#include <linux/err.h>

#include "guard/cdna_gone.h"
#include "guard/cdna_pin.h"

#define PAGES	256

/* The machine: which pages are pinned how often, and which it does not have. */
static struct machine {
	int pinned[PAGES];	/* for the NIC to read */
	int written[PAGES];	/* for the NIC to write */
	int pins, unpins, evictions;
	int error[PAGES];
} machine;

static int *count_of(struct machine *m, const struct cdna_pin *pin)
{
	return pin->write ? &m->written[pin->gfn] : &m->pinned[pin->gfn];
}

static int do_pin(void *owner, struct cdna_pin *pin)
{
	struct machine *m = owner;

	if (pin->gfn >= PAGES)
		return -EINVAL;
	if (m->error[pin->gfn])
		return m->error[pin->gfn];
	assert_int_equal(__atomic_add_fetch(count_of(m, pin), 1,
					    __ATOMIC_SEQ_CST), 1);
	__atomic_add_fetch(&m->pins, 1, __ATOMIC_SEQ_CST);
	sched_yield();
	pin->dma = pin->gfn << 12 | 1ull << 40;
	return 0;
}

static void do_unpin(void *owner, struct cdna_pin *pin, bool evicted)
{
	struct machine *m = owner;

	sched_yield();
	assert_int_equal(__atomic_sub_fetch(count_of(m, pin), 1,
					    __ATOMIC_SEQ_CST), 0);
	__atomic_add_fetch(&m->unpins, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&m->evictions, evicted, __ATOMIC_SEQ_CST);
}

/* It gives nothing away: test_pin_renew.c is about that. */
bool cdna_gone(const struct page *page)
{
	(void)page;
	return true;
}

static const struct cdna_pin_ops ops = { .pin = do_pin, .unpin = do_unpin };

static struct cdna_pins *setup(unsigned int limit)
{
	static struct cdna_pins pins;

	memset(&machine, 0, sizeof(machine));
	cdna_pin_init(&pins, &ops, &machine, limit);
	return &pins;
}

/* For reading, if the test is not about that */
static struct cdna_pin *get(struct cdna_pins *pins, unsigned long gfn, u64 *hits)
{
	return cdna_pin_get(pins, gfn, false, hits);
}

#endif
