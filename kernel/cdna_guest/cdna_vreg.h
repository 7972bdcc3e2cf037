/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The register page: what the device says about itself.
 */
#ifndef CDNA_VREG_H
#define CDNA_VREG_H

#include "cdna_dev.h"

u32 cdna_vreg_read(struct cdna_dev *dev, u32 reg);
bool cdna_vreg_enable_memory(struct cdna_dev *dev);
int cdna_vreg_check(struct cdna_dev *dev);
void cdna_vreg_report(struct cdna_dev *dev, u32 queue,
		      struct cdna_vdev_report *report);

#endif /* CDNA_VREG_H */
