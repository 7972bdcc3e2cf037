/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One ring of a queue pair: creation, the mailbox, draining, its end.
 */
#ifndef FW_QUEUE_H
#define FW_QUEUE_H

#include "ctx/queue_state.h"
#include "ctx/ring.h"
#include "ctx/used.h"
#include "notify/completion.h"

struct fw_nic;
struct fw_qp;

/**
 * struct fw_queue - one ring of a queue pair
 * @state: enum cdna_queue_state; only fw_queue_event() changes it
 * @resumes: it has stopped because its context is paused, and goes on when that
 *	does
 * @max_chain: transmit: most descriptors of a frame
 * @offloads: CDNA_OFFLOAD_* that the host chose
 * @ring: the descriptors
 * @used: CDNA_FORMAT_VIRTIO: where used chains are reported
 * @drain: the command that waits for it to drain
 */
struct fw_queue {
	u8 state;
	bool resumes;
	u8 max_chain;
	u16 offloads;
	struct fw_ring ring;
	struct fw_used used;
	struct fw_waiter drain;
};

u32 fw_queue_create(struct fw_nic *nic, struct fw_qp *qp,
		    const struct cdna_admin_queue *cmd, u16 *detail);
void fw_queue_drain(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_quiesce(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_resume(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_event(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		    enum fw_queue_event event);
void fw_queue_posted(struct fw_nic *nic, struct fw_qp *qp, u32 dir, u32 prod);
void fw_queue_info(const struct fw_qp *qp, u32 dir,
		   struct cdna_queue_info *info);

#endif /* FW_QUEUE_H */
