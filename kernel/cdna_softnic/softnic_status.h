/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Consumer indices, and interrupts of queue pairs.
 */
#ifndef SOFTNIC_STATUS_H
#define SOFTNIC_STATUS_H

#include <linux/types.h>

#include "cdna_provider.h"

struct softnic_ctx;
struct softnic_qp;

void softnic_status_init(struct softnic_qp *qp);
void softnic_status_attach(struct softnic_qp *qp, struct cdna_qp_status *status);
void softnic_status_detach(struct softnic_qp *qp);
void softnic_status_publish(struct softnic_qp *qp, u32 news);
u32 softnic_status_pause(struct softnic_qp *qp, bool paused);
void softnic_status_missed(struct softnic_qp *qp);
void softnic_status_raise(struct softnic_qp *qp);
int softnic_status_bind(struct softnic_qp *qp, cdna_source_fn fn, void *data);
void softnic_status_unbind(struct softnic_ctx *ctx, unsigned long qps);

#endif /* SOFTNIC_STATUS_H */
