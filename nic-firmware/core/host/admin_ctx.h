/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Admin commands about a context. Handlers return enum cdna_admin_status; a
 * command that is refused has changed nothing.
 */
#ifndef FW_ADMIN_CTX_H
#define FW_ADMIN_CTX_H

#include "host/command.h"

u32 fw_admin_ctx_configure(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_activate(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_quiesce(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_resume(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_reset(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_revoke(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_release(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_spread(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_query(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_filter(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_mac_add(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_mac_del(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_vlan_add(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_vlan_del(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_limits(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_ADMIN_CTX_H */
