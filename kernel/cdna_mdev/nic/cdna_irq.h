/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two MSI-X vectors.
 */
#ifndef CDNA_IRQ_H
#define CDNA_IRQ_H

struct cdna_nic;

int cdna_irq_request(struct cdna_nic *nic);
void cdna_irq_free(struct cdna_nic *nic);

#endif /* CDNA_IRQ_H */
