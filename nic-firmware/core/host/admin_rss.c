// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The admin command that sets receive-side scaling. What is set does not fit in a
 * command: it is read from the host's memory, once, and all of it is in force or none.
 */
#include "host/admin_rss.h"

#include "base/rss.h"
#include "state.h"

/**
 * fw_admin_ctx_rss() - CDNA_CMD_CTX_RSS
 * @nic: the NIC
 * @call: the command
 *
 * Return: enum cdna_admin_status
 */
u32 fw_admin_ctx_rss(struct fw_nic *nic, struct fw_admin_call *call)
{
	u64 addr = fw_le64(call->cmd.rss.addr);
	struct cdna_rss rss;

	/* Contexts that transmit nothing are not charged in any other way. */
	call->long_step = true;
	fw_ctx_work(call->ctx, FW_WORK_RSS);
	if (!addr || addr % 8)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(rss.addr));
	if (fw_dma_read(nic, FW_DMA_HOST, addr, &rss, sizeof(rss)))
		return CDNA_SC_DMA_ERROR;
	if (!fw_rss_set(&call->ctx->rss, &rss))
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(rss.addr));
	return CDNA_SC_OK;
}
