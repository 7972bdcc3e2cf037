/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module registers of the PCI NIC.
 */
#ifndef CDNA_PCI_H
#define CDNA_PCI_H

extern struct pci_driver cdna_pci_driver;

#endif /* CDNA_PCI_H */
