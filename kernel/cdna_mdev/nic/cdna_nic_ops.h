/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the PCI NIC does for its mediated devices.
 */
#ifndef CDNA_NIC_OPS_H
#define CDNA_NIC_OPS_H

struct cdna_provider_ops;

extern const struct cdna_provider_ops cdna_nic_ops;

#endif /* CDNA_NIC_OPS_H */
