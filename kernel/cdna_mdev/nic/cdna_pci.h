/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PCI driver, for the module to register.
 */
#ifndef CDNA_PCI_H
#define CDNA_PCI_H

extern struct pci_driver cdna_pci_driver;

#endif /* CDNA_PCI_H */
