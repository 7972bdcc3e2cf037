/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The admin command that sets receive-side scaling.
 */
#ifndef FW_ADMIN_RSS_H
#define FW_ADMIN_RSS_H

#include "host/command.h"

u32 fw_admin_ctx_rss(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_ADMIN_RSS_H */
