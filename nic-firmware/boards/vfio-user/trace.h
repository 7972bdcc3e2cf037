/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_TRACE_H
#define NICD_TRACE_H

#include "vfu.h"

const char *trace_command(u32 cmd);
void trace_request(const struct vfu_request *rq);
void trace_reply(const struct vfu_request *rq, int err,
		 const struct vfu_reply *reply);
void trace_irq(const struct irq *irq, u32 vector);

#endif /* NICD_TRACE_H */
