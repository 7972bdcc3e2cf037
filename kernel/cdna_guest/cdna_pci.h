/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context as a PCI function of a virtual machine.
 */
#ifndef CDNA_PCI_H
#define CDNA_PCI_H

#include <linux/pci.h>

extern struct pci_driver cdna_context_driver;

#endif /* CDNA_PCI_H */
