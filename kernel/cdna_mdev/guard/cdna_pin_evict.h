/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages leave the pin table.
 */
#ifndef CDNA_PIN_EVICT_H
#define CDNA_PIN_EVICT_H

#include <linux/types.h>

struct cdna_pins;

int cdna_pin_evict_for(struct cdna_pins *pins);
void cdna_pin_trim(struct cdna_pins *pins);
void cdna_pin_evict(struct cdna_pins *pins, unsigned int most, bool all);

#endif /* CDNA_PIN_EVICT_H */
