/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devlink health reporter of the firmware.
 */
#ifndef CDNA_FW_REPORTER_H
#define CDNA_FW_REPORTER_H

struct cdna_nic;

int cdna_fw_reporter_create(struct cdna_nic *nic);
void cdna_fw_reporter_destroy(struct cdna_nic *nic);
void cdna_fw_reporter_dead(struct cdna_nic *nic);

#endif /* CDNA_FW_REPORTER_H */
