/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A context's lifecycle, and what is published of it.
 *
 * The room "ctx": contexts, queue pairs, queues, and what is known of them.
 * From the bottom up:
 *
 *	ring            descriptors: fetched, decoded, checked (I4, I5)
 *	used            virtio used rings: which chains have been used
 *	demux, filter   whose an address is, what a context sends and receives
 *	context_state,  tables: state by event
 *	queue_state
 *	mark            what was found to have come to its end, in the middle of
 *	                other work
 *	mbox            what a store into a mailbox leads to
 *	intr            interrupt of a queue pair: source and moderation
 *	status          indices: to the host's table, then the guest's page
 *	queue           what a queue's transitions do
 *	context         what a context's transitions do; serves the marks
 *
 *	      CONFIGURE           ACTIVATE          QUIESCE
 *	FREE ----------> CONFIGURED -----> ACTIVE ----------> QUIESCED
 *	 |                  |                 ^ <--- RESUME ---'  |
 *	 ^                  ^   <--------- RESET -----------------'
 *	 |                  |                | FAULT   (also from QUIESCED)
 *	 | RELEASE          '---- RESET ---- FAULTED
 *	 | (from any)
 *	 '---------------- REVOKED <--- REVOKE (from any but FREE)
 *
 *	      CREATE            DRAIN              DRAINED
 *	NONE --------> RUNNING -------> DRAINING ----------> STOPPED
 *	 ^                |  '-- STOP ---------|----------------^
 *	 |                ^ <-- RESUME, of a quiesced one ------'
 *	 |                '-- FAULT -----------'--> FAULTED
 *	 '-- DESTROY (from any)
 *
 * Only fw_ctx_event() stores a context's state and only fw_queue_event() a
 * queue's. Both are called by the host's commands and by fw_ctx_service(),
 * never from within the work on a frame: there, marks are left. What transmit,
 * receive and the switch keep of a queue or a context is given up through the
 * hooks (base/hooks.h).
 */
#ifndef FW_CONTEXT_H
#define FW_CONTEXT_H

#include "ctx/context_state.h"
#include "base/port.h"

struct fw_nic;
struct fw_ctx;

void fw_ctx_init(struct fw_ctx *ctx, u32 id);
bool fw_ctx_may(const struct fw_ctx *ctx, enum fw_ctx_event event);
u32 fw_ctx_event(struct fw_nic *nic, struct fw_ctx *ctx,
		 enum fw_ctx_event event);
void fw_ctx_service(struct fw_nic *nic);
void fw_ctx_publish_info(struct fw_nic *nic, struct fw_ctx *ctx);

#endif /* FW_CONTEXT_H */
