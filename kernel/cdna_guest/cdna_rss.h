/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive-side scaling: which queue pair receives which flow.
 */
#ifndef CDNA_RSS_H
#define CDNA_RSS_H

#include "cdna_dev.h"

void cdna_rss_init(struct cdna_dev *dev);
void cdna_rss_spread(struct cdna_dev *dev);
int cdna_rss_set(struct cdna_dev *dev);

#endif /* CDNA_RSS_H */
