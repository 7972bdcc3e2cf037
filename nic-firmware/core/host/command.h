/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * An admin command being executed.
 */
#ifndef FW_COMMAND_H
#define FW_COMMAND_H

#include "notify/completion.h"

struct fw_nic;
struct fw_ctx;

/**
 * struct fw_admin_call - a command being executed
 * @cmd: copied from the ring
 * @ctx: the context it names, for commands that name one, else NULL
 * @done: its completion; handlers fill the result and @detail
 * @later: the handler completes it later
 * @long_step: it took so much of this step that it is the last one in it
 */
struct fw_admin_call {
	struct cdna_admin_cmd cmd;
	struct fw_ctx *ctx;
	struct cdna_admin_completion done;
	bool later;
	bool long_step;
};

/* Refuse a command for its field at offset @detail. */
static inline u32 fw_admin_refuse(struct fw_admin_call *call, u32 detail)
{
	call->done.detail = fw_to_le16((u16)detail);
	return CDNA_SC_BAD_PARAM;
}

#endif /* FW_COMMAND_H */
