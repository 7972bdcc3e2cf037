/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All queue pairs of the device together. Called under rtnl.
 */
#ifndef CDNA_QUEUES_H
#define CDNA_QUEUES_H

#include "cdna_dev.h"

int cdna_queues_up(struct cdna_dev *dev);
void cdna_queues_down(struct cdna_dev *dev);

#endif /* CDNA_QUEUES_H */
