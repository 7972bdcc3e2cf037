/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Admin commands about the NIC as a whole. Handlers return enum
 * cdna_admin_status; a command that is refused has changed nothing.
 */
#ifndef FW_ADMIN_NIC_H
#define FW_ADMIN_NIC_H

#include "host/command.h"

u32 fw_admin_identify(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_rings(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_throttle(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_read_stats(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_ADMIN_NIC_H */
