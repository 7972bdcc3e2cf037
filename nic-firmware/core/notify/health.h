/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * State of the NIC as a whole, which the host finds in the status register.
 */
#ifndef FW_HEALTH_H
#define FW_HEALTH_H

#include "base/port.h"

struct fw_nic;

void fw_health_publish(struct fw_nic *nic);
void fw_health_fatal(struct fw_nic *nic, const char *why);
void fw_health_unreachable(struct fw_nic *nic, u64 addr);

#endif /* FW_HEALTH_H */
