/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Admin commands.
 */
#ifndef SOFTNIC_CMD_H
#define SOFTNIC_CMD_H

#include "softnic.h"

u16 softnic_cmd_run(struct softnic_ctx *ctx, const struct cdna_admin_cmd *cmd,
		    struct cdna_admin_completion *done);

#endif /* SOFTNIC_CMD_H */
