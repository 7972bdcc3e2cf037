/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors on their way into the NIC's ring.
 */
#ifndef CDNA_PUBLISH_H
#define CDNA_PUBLISH_H

#include <linux/types.h>

#include <cdna/vdev.h>

struct cdna_queue;

void cdna_publish_copy(u64 *to, const u64 *from, u32 bytes);
enum cdna_vfault cdna_publish_write(struct cdna_queue *queue, u64 *desc,
				    u32 index);
void cdna_publish_mailbox(struct cdna_queue *queue);
void cdna_publish_fault(struct cdna_queue *queue, enum cdna_vfault reason);
void cdna_publish_end(struct cdna_queue *queue, u32 count, u32 released,
		      enum cdna_vfault fault);

#endif /* CDNA_PUBLISH_H */
