/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the NIC is: counts, limits, formats, its own address.
 */
#ifndef CDNA_NIC_INFO_H
#define CDNA_NIC_INFO_H

struct cdna_nic;

int cdna_nic_info_read(struct cdna_nic *nic);

#endif /* CDNA_NIC_INFO_H */
