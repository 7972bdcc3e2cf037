/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States of rings.
 */
#ifndef SOFTNIC_QUEUE_H
#define SOFTNIC_QUEUE_H

#include "softnic.h"

void softnic_queue_start(struct softnic_qp *qp, u8 dir);
void softnic_queue_stop(struct softnic_qp *qp, u8 dir);
void softnic_queue_quiesce(struct softnic_qp *qp, u8 dir);
bool softnic_queue_resume(struct softnic_qp *qp, u8 dir);
void softnic_queue_fault(struct softnic_qp *qp, u8 dir, enum cdna_fault reason,
			 u32 index);
void softnic_queue_destroy(struct softnic_qp *qp, u8 dir);
void softnic_queue_scale(struct softnic_ctx *ctx, struct fw_rss *rss);
void softnic_queue_spread(struct softnic_ctx *ctx, unsigned long qps,
			  struct fw_rss *rss);
void softnic_queue_info(const struct softnic_qp *qp, u8 dir,
			struct cdna_queue_info *info);

#endif /* SOFTNIC_QUEUE_H */
