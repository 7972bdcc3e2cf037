/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The management page, as the host has written it.
 */
#ifndef FW_MGMT_H
#define FW_MGMT_H

#include "state.h"

/* Value of two of its words */
static inline u64 fw_mgmt_read64(struct fw_nic *nic, u32 offset)
{
	u32 at = CDNA_MGMT_PAGE + offset;

	return nic->ops->sram_read(nic->board, at) |
	       (u64)nic->ops->sram_read(nic->board, at + 4) << 32;
}

#endif /* FW_MGMT_H */
