/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Rings that the NIC fills in host memory: admin completions, events, bit
 * vectors (include/cdna/rings.h). And the three users' state.
 */
#ifndef FW_NOTIFY_H
#define FW_NOTIFY_H

#include <cdna/admin.h>
#include <cdna/rings.h>
#include "ctx/ring.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;
struct fw_waiter;

/**
 * struct fw_notify - a ring that the NIC fills
 * @addr: bus address of its struct cdna_ring_header, 0 while not set up
 * @slots: a power of two
 * @slot_bytes: of a slot
 * @prod: free-running
 * @cons: free-running, from the host's mailbox, bounded
 */
struct fw_notify {
	u64 addr;
	u32 slots;
	u32 slot_bytes;
	u32 prod;
	u32 cons;
};

void fw_notify_setup(struct fw_notify *ring, u64 addr, u32 slots,
		     u32 slot_bytes);
void fw_notify_consumed(struct fw_notify *ring, u32 cons);
u32 fw_notify_room(const struct fw_notify *ring);
int fw_notify_push(struct fw_nic *nic, struct fw_notify *ring,
		   const void *slot);

#define FW_BITVEC_WORDS		(FW_MAX_CONTEXTS * CDNA_MAX_QPS / 64)
#define FW_NR_SOURCES		(FW_BITVEC_WORDS * 64)

/**
 * struct fw_intr - interrupt bit vectors
 * @ring: bit-vector ring
 * @pending: the vector to be written next; it gathers while the ring is full
 * @any: @pending has a bit set
 * @waited: @pending has been counted as coalesced
 * @owner: (context * CDNA_MAX_QPS + queue pair) + 1 of each source, 0: free
 * @moderated: queue pairs with news that are armed, by the same number
 */
struct fw_intr {
	struct fw_notify ring;
	u64 pending[FW_BITVEC_WORDS];
	bool any;
	bool waited;
	u16 owner[FW_NR_SOURCES];
	u64 moderated[FW_BITVEC_WORDS];
};

int fw_intr_bind(struct fw_nic *nic, struct fw_qp *qp, u32 bit);
int fw_intr_unbind(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_forget(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_news(struct fw_nic *nic, struct fw_qp *qp, u32 count);
void fw_intr_now(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_rearm(struct fw_nic *nic, struct fw_qp *qp, u32 event);
void fw_intr_service(struct fw_nic *nic);
u64 fw_intr_deadline(const struct fw_nic *nic);

/**
 * struct fw_event - events to the host; none is lost while the ring is full
 * @ring: event ring
 * @faulted: queues whose fault is not told yet: bit 2 * queue pair + direction
 * @fault: these faults, by the same number; copies, because a queue may be
 *	gone before its fault is told
 * @ctx_fault: enum cdna_fault of a context that is not told yet, 0: none
 * @any: something is not told yet
 * @link: a change of the link is not told yet
 * @health: CDNA_HEALTH_* not told yet
 * @told_health: CDNA_HEALTH_* told since the last reset: each is told once
 * @waited: what is not told yet has been counted as delayed
 */
struct fw_event {
	struct fw_notify ring;
	u16 faulted[FW_MAX_CONTEXTS];
	struct fw_ring_fault fault[FW_MAX_CONTEXTS][CDNA_MAX_QPS * 2];
	u8 ctx_fault[FW_MAX_CONTEXTS];
	bool any;
	bool link;
	u32 health;
	u32 told_health;
	bool waited;
};

void fw_event_queue_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_event_ctx_fault(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_event_link(struct fw_nic *nic);
void fw_event_health(struct fw_nic *nic, u32 what);
void fw_event_forget(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_event_service(struct fw_nic *nic);

/**
 * struct fw_admin - admin queue
 * @sq_addr: submission ring
 * @slots: of both rings
 * @sq_head: free-running: commands taken
 * @sq_tail: free-running: from the mailbox, bounded
 * @pending: commands taken whose completion is still to come
 * @completions: completion ring
 * @raise: a completion was written since the last interrupt
 */
struct fw_admin {
	u64 sq_addr;
	u32 slots;
	u32 sq_head;
	u32 sq_tail;
	u32 pending;
	struct fw_notify completions;
	bool raise;
};

void fw_admin_enable(struct fw_nic *nic);
void fw_admin_tail(struct fw_nic *nic, u32 tail);
bool fw_admin_service(struct fw_nic *nic);
void fw_admin_complete(struct fw_nic *nic, u32 opcode, u32 tag, u32 status,
		       u32 detail, const void *result, u32 result_len);
bool fw_admin_may_wait(const struct fw_nic *nic);
void fw_admin_wait(struct fw_nic *nic, struct fw_waiter *waiter,
		   u32 opcode, u32 tag);
void fw_admin_wake(struct fw_nic *nic, struct fw_waiter *waiter, u32 status,
		   const void *result, u32 result_len);

#define FW_ADMIN_BATCH		8	/* commands in one step */

/* Offset of a field in the command: cdna_admin_completion.detail */
#define FW_ADMIN_DETAIL(field)	((u16)offsetof(struct cdna_admin_cmd, field))

/**
 * struct fw_admin_call - a command being executed
 * @cmd: copied from the ring
 * @ctx: the context it names, for commands that name one, else NULL
 * @done: its completion; handlers fill the result and @detail
 * @later: the handler completes it later
 */
struct fw_admin_call {
	struct cdna_admin_cmd cmd;
	struct fw_ctx *ctx;
	struct cdna_admin_completion done;
	bool later;
};

/* Refuse a command for its field at offset @detail. */
static inline u32 fw_admin_refuse(struct fw_admin_call *call, u32 detail)
{
	call->done.detail = fw_to_le16((u16)detail);
	return CDNA_SC_BAD_PARAM;
}

/*
 * Handlers return enum cdna_admin_status. A command that is refused has
 * changed nothing. In admin_nic.c, admin_ctx.c, admin_queue.c.
 */
u32 fw_admin_identify(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_rings(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_read_stats(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_configure(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_activate(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_quiesce(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_reset(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_revoke(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_release(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_ctx_query(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_filter(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_mac_add(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_mac_del(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_vlan_add(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_vlan_del(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_coalesce(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_set_limits(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_create(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_destroy(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_drain(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_queue_query(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_source_bind(struct fw_nic *nic, struct fw_admin_call *call);
u32 fw_admin_source_unbind(struct fw_nic *nic, struct fw_admin_call *call);

#endif /* FW_NOTIFY_H */
