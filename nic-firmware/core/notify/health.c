// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * State of the NIC as a whole: the status register, and what goes wrong that
 * concerns no single context.
 */
#include "notify/health.h"

#include "state.h"

/**
 * fw_health_publish() - write the status register
 * @nic: the NIC
 */
void fw_health_publish(struct fw_nic *nic)
{
	u32 status = CDNA_STATUS_READY;

	if (nic->enabled)
		status |= CDNA_STATUS_ENABLED;
	if (nic->link)
		status |= CDNA_STATUS_LINK;
	if (nic->fatal)
		status |= CDNA_STATUS_FATAL;
	fw_set_register(nic, CDNA_REG_STATUS, status);
}

/**
 * fw_health_fatal() - stop everything until the host resets the NIC
 * @nic: the NIC
 * @why: text for the log
 *
 * A NIC that the host cannot reach could not be stopped by it either.
 */
void fw_health_fatal(struct fw_nic *nic, const char *why)
{
	if (nic->fatal)
		return;
	nic->fatal = true;
	nic->enabled = false;
	fw_health_publish(nic);
	fw_log(nic, FW_LOG_ERROR, why, 0, 0);
}

/**
 * fw_health_unreachable() - DMA to the host's own memory has failed
 * @nic: the NIC
 * @addr: bus address
 *
 * The event is written at the end of the step, if the event ring can be.
 */
void fw_health_unreachable(struct fw_nic *nic, u64 addr)
{
	nic->host_failed = true;
	fw_nic_count(nic, CDNA_NSTAT_HOST_DMA_ERRORS, 1);
	if (!(nic->health_reported & CDNA_HEALTH_HOST_DMA))
		fw_log(nic, FW_LOG_ERROR, "host memory unreachable",
		       (u32)(addr >> 32), (u32)addr);
	nic->health |= CDNA_HEALTH_HOST_DMA & ~nic->health_reported;
}
