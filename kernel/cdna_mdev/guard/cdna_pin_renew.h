/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pinned pages that were given away.
 */
#ifndef CDNA_PIN_RENEW_H
#define CDNA_PIN_RENEW_H

#include <linux/types.h>

struct cdna_pins;
struct page;

int cdna_pin_renew(struct cdna_pins *pins, unsigned long gfn,
		   const struct page *page, bool wait);

#endif /* CDNA_PIN_RENEW_H */
