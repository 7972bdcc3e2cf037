/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What lower rooms ask of upper ones. Calls go down only; where something found
 * below is of interest above, it goes through this table, which nic.c fills.
 * None of it is called for each frame.
 */
#ifndef FW_HOOKS_H
#define FW_HOOKS_H

#include "base/port.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

/**
 * struct fw_hooks - operations of upper rooms
 * @tx_posted: a context has something to send, or to drain
 * @queue_stopped: a queue is not served any longer: forget what is under way
 *	for it
 * @ctx_reset: no frame of a context may leave any longer, and it is in no list
 * @nic_reset: the host resets the NIC
 */
struct fw_hooks {
	void (*tx_posted)(struct fw_nic *nic, struct fw_ctx *ctx);
	void (*queue_stopped)(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
	void (*ctx_reset)(struct fw_nic *nic, struct fw_ctx *ctx);
	void (*nic_reset)(struct fw_nic *nic);
};

#endif /* FW_HOOKS_H */
