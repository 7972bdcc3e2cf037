/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Consumer indices and states of queues: to the host, then to the guest.
 */
#ifndef FW_STATUS_H
#define FW_STATUS_H

#include "base/port.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

void fw_status_news(struct fw_nic *nic, struct fw_qp *qp, u32 frames);
void fw_status_forget(struct fw_nic *nic, struct fw_qp *qp);
void fw_status_settle(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_status_publish(struct fw_nic *nic);
void fw_status_flush(struct fw_nic *nic, struct fw_qp *qp);

#endif /* FW_STATUS_H */
