/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Mailbox events.
 */
#ifndef FW_MAILBOX_H
#define FW_MAILBOX_H

#include "base/port.h"

struct fw_nic;

void fw_mailbox_service(struct fw_nic *nic);

#endif /* FW_MAILBOX_H */
