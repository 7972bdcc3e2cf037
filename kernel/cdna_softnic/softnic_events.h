/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is reported to cdna_mdev.
 */
#ifndef SOFTNIC_EVENTS_H
#define SOFTNIC_EVENTS_H

#include <linux/types.h>

struct softnic;
struct softnic_ctx;
struct softnic_qp;

int softnic_events_init(struct softnic *nic);
void softnic_events_open(struct softnic *nic);
void softnic_events_destroy(struct softnic *nic);
void softnic_events_mute(struct softnic *nic);
void softnic_events_fault(struct softnic_qp *qp, u8 dir, u32 index,
			  u32 expected, u32 seen);
void softnic_events_link(struct softnic_ctx *ctx, bool up);
void softnic_events_forget_faults(struct softnic_ctx *ctx);
void softnic_events_forget(struct softnic_ctx *ctx);
void softnic_events_failed(struct softnic *nic);

#endif /* SOFTNIC_EVENTS_H */
