/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Admin commands about queues.
 */
#ifndef SOFTNIC_CMD_QUEUE_H
#define SOFTNIC_CMD_QUEUE_H

#include "softnic.h"

u16 softnic_cmd_queue_create(struct softnic_ctx *ctx,
			     const struct cdna_admin_cmd *cmd,
			     struct cdna_admin_completion *done);
u16 softnic_cmd_queue_destroy(struct softnic_ctx *ctx,
			      const struct cdna_admin_cmd *cmd,
			      struct cdna_admin_completion *done);
u16 softnic_cmd_queue_drain(struct softnic_ctx *ctx,
			    const struct cdna_admin_cmd *cmd,
			    struct cdna_admin_completion *done);
u16 softnic_cmd_queue_query(struct softnic_ctx *ctx,
			    const struct cdna_admin_cmd *cmd,
			    struct cdna_admin_completion *done);
u16 softnic_cmd_queue_coalesce(struct softnic_ctx *ctx,
			       const struct cdna_admin_cmd *cmd,
			       struct cdna_admin_completion *done);

#endif /* SOFTNIC_CMD_QUEUE_H */
