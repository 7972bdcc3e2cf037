/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Virtio used rings: where a queue of CDNA_FORMAT_VIRTIO reports which chains
 * have been used. They are guest memory: the NIC writes them and reads nothing.
 */
#ifndef FW_USED_H
#define FW_USED_H

#include <cdna/admin.h>

#include "base/port.h"

struct fw_nic;
struct fw_qp;

#define FW_USED_MAX_PAGES	4

/**
 * struct fw_used - a used ring
 * @page: bus address of each 4 KiB
 * @offset: where the ring begins in the first of these
 * @slots: entries, a power of two; 0: the queue is of another format
 * @idx: free-running: entries written
 * @published: @idx as it is in the ring
 */
struct fw_used {
	u64 page[FW_USED_MAX_PAGES];
	u16 offset;
	u16 slots;
	u16 idx;
	u16 published;
};

u32 fw_used_check(const struct cdna_admin_queue *cmd, u16 *detail);
int fw_used_create(struct fw_nic *nic, struct fw_used *used,
		   const struct cdna_admin_queue *cmd);
bool fw_used_put(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		 const struct cdna_used_elem *elem, u32 count);
void fw_used_sent(struct fw_nic *nic, struct fw_qp *qp, u32 head);
void fw_used_publish(struct fw_nic *nic, struct fw_qp *qp, u32 dir);

#endif /* FW_USED_H */
