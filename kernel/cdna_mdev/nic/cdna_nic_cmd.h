/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The admin commands that the NIC's own driver gives; those that concern a
 * context's lifecycle and queues come from the rooms above, by
 * cdna_provider_ops.command().
 */
#ifndef CDNA_NIC_CMD_H
#define CDNA_NIC_CMD_H

#include <linux/types.h>

struct cdna_nic;

int cdna_nic_cmd_identify(struct cdna_nic *nic, dma_addr_t addr);
int cdna_nic_cmd_set_rings(struct cdna_nic *nic);
int cdna_nic_cmd_set_throttle(struct cdna_nic *nic, u32 usecs, u32 burst);
int cdna_nic_cmd_source_bind(struct cdna_nic *nic, u16 ctx, u8 qp, u32 bit);
int cdna_nic_cmd_source_unbind(struct cdna_nic *nic, u16 ctx, u8 qp);
int cdna_nic_cmd_read_stats(struct cdna_nic *nic, u16 what, u16 ctx,
			    u64 value[CDNA_NR_STATS]);

#endif /* CDNA_NIC_CMD_H */
