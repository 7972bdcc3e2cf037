/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recovery from faults, resets and revocation.
 */
#ifndef CDNA_RECOVER_H
#define CDNA_RECOVER_H

#include <linux/interrupt.h>

#include "cdna_dev.h"

void cdna_recover_init(struct cdna_dev *dev);
void cdna_recover_enable(struct cdna_dev *dev);
void cdna_recover_disable(struct cdna_dev *dev);
void cdna_recover_pause(struct cdna_dev *dev);
int cdna_recover_resume(struct cdna_dev *dev);
void cdna_recover_retry(struct cdna_dev *dev);
irqreturn_t cdna_recover_irq(int irq, void *data);

#endif /* CDNA_RECOVER_H */
