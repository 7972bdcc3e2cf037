/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a page leaves the pin table, and where in the table it was.
 */
#ifndef CDNA_PIN_DROP_H
#define CDNA_PIN_DROP_H

#include <linux/types.h>

struct cdna_pin;
struct cdna_pins;

/* A page is in the table once for each direction in which the NIC uses it. */
static inline unsigned long cdna_pin_key(unsigned long gfn, bool write)
{
	return gfn << 1 | write;
}

bool cdna_pin_own(struct cdna_pin *pin);
bool cdna_pin_settled(struct cdna_pins *pins, unsigned long key);
bool cdna_pin_gone(const struct cdna_pins *pins, const struct cdna_pin *pin);
void cdna_pin_forget(struct cdna_pins *pins, struct cdna_pin *pin);
void cdna_pin_drop(struct cdna_pins *pins, struct cdna_pin *pin, bool evicted);

#endif /* CDNA_PIN_DROP_H */
