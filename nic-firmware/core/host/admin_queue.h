/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Admin commands about queues. Handlers return enum cdna_admin_status; a
 * command that is refused has changed nothing.
 */
#ifndef FW_ADMIN_QUEUE_H
#define FW_ADMIN_QUEUE_H

#include "host/command.h"

u32 fw_admin_set_coalesce(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_create(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_destroy(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_drain(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_query(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_source_bind(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_source_unbind(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_ADMIN_QUEUE_H */
