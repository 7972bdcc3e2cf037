/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a context.
 */
#ifndef SOFTNIC_CTX_H
#define SOFTNIC_CTX_H

#include "ctx/context_state.h"
#include "softnic.h"

int softnic_ctx_init(struct softnic *nic, u32 id);
void softnic_ctx_destroy(struct softnic_ctx *ctx);
u32 softnic_ctx_event(struct softnic_ctx *ctx, enum fw_ctx_event event);
bool softnic_ctx_may(const struct softnic_ctx *ctx, enum fw_ctx_event event);
int softnic_ctx_change(struct softnic_ctx *ctx,
		       const struct softnic_rules *rules);
void softnic_ctx_destroy_queues(struct softnic_ctx *ctx);
void softnic_ctx_unrule(struct softnic_ctx *ctx);

#endif /* SOFTNIC_CTX_H */
