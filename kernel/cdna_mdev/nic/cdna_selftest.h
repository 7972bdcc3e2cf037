/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Self-tests at probe: DMA and interrupts.
 */
#ifndef CDNA_SELFTEST_H
#define CDNA_SELFTEST_H

struct cdna_nic;

int cdna_selftest_dma(struct cdna_nic *nic);
int cdna_selftest_irq(struct cdna_nic *nic);

#endif /* CDNA_SELFTEST_H */
