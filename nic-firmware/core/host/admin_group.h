/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Admin commands about rate groups.
 */
#ifndef FW_ADMIN_GROUP_H
#define FW_ADMIN_GROUP_H

#include "host/command.h"

u32 fw_admin_group_set(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_group_del(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_group(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_ADMIN_GROUP_H */
