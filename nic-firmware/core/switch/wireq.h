/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Frames that wait for the wire.
 */
#ifndef FW_WIREQ_H
#define FW_WIREQ_H

#include "base/pool.h"

struct fw_nic;

#define FW_WIREQ_FRAMES		256	/* what waits longer waits in its ring */

/**
 * struct fw_wireq - frames that wait for the wire
 * @head: free-running: next to send
 * @tail: free-running: next free place
 * @blocked: the wire has refused a frame in this step
 * @frame: the frames
 * @len: of each, as its sender posted it; 0: its sender has had it counted,
 *	because contexts got copies
 */
struct fw_wireq {
	u32 head;
	u32 tail;
	bool blocked;
	struct fw_frame frame[FW_WIREQ_FRAMES];
	u32 len[FW_WIREQ_FRAMES];
};

static inline bool fw_wireq_full(const struct fw_wireq *wireq)
{
	return wireq->tail - wireq->head >= FW_WIREQ_FRAMES;
}

void fw_wireq_send(struct fw_nic *nic, struct fw_frame *frame, u32 len);
void fw_wireq_service(struct fw_nic *nic);
void fw_wireq_forget(struct fw_nic *nic, u32 owner);

#endif /* FW_WIREQ_H */
