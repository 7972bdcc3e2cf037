/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Huge pages that pinned pages are part of.
 */
#ifndef CDNA_PIN_HUGE_H
#define CDNA_PIN_HUGE_H

struct cdna_pins;
struct page;

unsigned long cdna_pin_huge_of(struct page *page);
int cdna_pin_huge(struct cdna_pins *pins);

#endif /* CDNA_PIN_HUGE_H */
