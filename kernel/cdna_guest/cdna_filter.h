/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which frames to other addresses are received.
 */
#ifndef CDNA_FILTER_H
#define CDNA_FILTER_H

#include "cdna_dev.h"

void cdna_filter_work(struct work_struct *work);
int cdna_filter_set(struct cdna_dev *dev);
void cdna_filter_quiesce(struct cdna_dev *dev);

#endif /* CDNA_FILTER_H */
