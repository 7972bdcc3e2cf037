/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Frames off the wire.
 */
#ifndef FW_WIRE_H
#define FW_WIRE_H

#include "base/port.h"

struct fw_nic;

#define FW_RX_BATCH		256	/* wire frames in one step */

bool fw_wire_service(struct fw_nic *nic);

#endif /* FW_WIRE_H */
