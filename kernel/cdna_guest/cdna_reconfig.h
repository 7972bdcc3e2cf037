/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes that need new queues. Called under rtnl.
 */
#ifndef CDNA_RECONFIG_H
#define CDNA_RECONFIG_H

#include "cdna_dev.h"

int cdna_reconfig_rings(struct cdna_dev *dev, u32 tx_slots, u32 rx_slots);
int cdna_reconfig_pairs(struct cdna_dev *dev, u32 nr_qps);
int cdna_reconfig_restart(struct cdna_dev *dev);

#endif /* CDNA_RECONFIG_H */
