/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pinned pages that a machine does not have any longer.
 */
#ifndef CDNA_GONE_H
#define CDNA_GONE_H

#include <linux/types.h>

struct page;

bool cdna_gone(const struct page *page);

#endif /* CDNA_GONE_H */
