/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A context: lifecycle, queue pairs, what the host allows it.
 */
#ifndef FW_CONTEXT_H
#define FW_CONTEXT_H

#include <cdna/admin.h>
#include <cdna/stats.h>
#include "rx/lro.h"
#include "base/packet.h"
#include "ctx/context_state.h"
#include "ctx/ring.h"
#include "tx/sched.h"
#include "tx/tso.h"

struct fw_nic;
struct fw_ctx;

/**
 * struct fw_waiter - an admin command that waits for a drain
 * @active: there is one
 * @opcode: of the command
 * @tag: of the command
 */
struct fw_waiter {
	bool active;
	u16 opcode;
	u16 tag;
};

/**
 * struct fw_queue - one ring of a queue pair
 * @state: enum cdna_queue_state
 * @fault: enum cdna_fault that stopped it
 * @offloads: CDNA_OFFLOAD_* that the host chose
 * @ring: the descriptors
 * @drain: who waits for it to drain
 */
struct fw_queue {
	u8 state;
	u8 fault;
	u16 offloads;
	struct fw_ring ring;
	struct fw_waiter drain;
};

/**
 * struct fw_moderation - interrupt state of a queue pair
 * @source: bit of the vector, FW_NO_SOURCE if none is bound
 * @usecs: longest wait, in us
 * @frames: news that end the wait, 0: any
 * @event: number of the last status published
 * @told: @event when the source was last raised
 * @armed: the driver wants to be told
 * @news: frames since the source was last raised
 * @since: time of the first of them, in ns
 * @counted: this wait is in the statistics
 */
struct fw_moderation {
	u32 source;
	u32 usecs;
	u32 frames;
	u32 event;
	u32 told;
	bool armed;
	bool counted;
	u32 news;
	u64 since;
};

#define FW_NO_SOURCE		0xffffffffu

/**
 * struct fw_qp - a queue pair
 * @ctx: whose
 * @id: 0 to CDNA_MAX_QPS - 1
 * @queue: by CDNA_DIR_*
 * @comp_page: bus address of each 4 KiB of the completion ring
 * @comp_slots: its size, that of the receive ring
 * @comp_prod: free-running: completions written
 * @tso: segmentation under way in the transmit queue
 * @moderation: interrupts
 * @news: frames since the status was last published
 * @stats: by enum cdna_qp_stat
 */
struct fw_qp {
	struct fw_ctx *ctx;
	u8 id;
	struct fw_queue queue[CDNA_NR_DIRS];
	u64 comp_page[CDNA_MAX_RING * sizeof(struct cdna_rx_completion) / 4096];
	u32 comp_slots;
	u32 comp_prod;
	struct fw_tso tso;
	struct fw_moderation moderation;
	u32 news;
	u64 stats[CDNA_NR_QSTATS];
};

/**
 * struct fw_ctx - a context
 * @id: number
 * @state: enum cdna_ctx_state
 * @fault: enum cdna_fault of the context itself
 * @flags: CDNA_CTXF_*
 * @access_vlan: 0 for none
 * @nr_macs: addresses, the first being its own
 * @mac: the addresses
 * @filter: CDNA_FILTER_*
 * @mc_hash: multicast filter
 * @vlans: bit per VLAN that it may use, where it has no access VLAN
 * @status_addr: status page
 * @tx_running: bit per queue pair: its transmit queue is served
 * @rx_running: bit per queue pair: its receive queue is served
 * @quiesce: who waits for its transmit queues to drain
 * @sched: its place among those that transmit
 * @storm: how many multicast and broadcast frames it may send
 * @lro: aggregation under way
 * @stats: by enum cdna_ctx_stat
 * @qp: queue pairs
 */
struct fw_ctx {
	u16 id;
	u8 state;
	u8 fault;
	u32 flags;
	u16 access_vlan;
	u16 nr_macs;
	u8 mac[CDNA_MAX_CTX_MACS][FW_ETH_ALEN];
	u32 filter;
	u64 mc_hash[4];
	u64 vlans[4096 / 64];
	u64 status_addr;
	u8 tx_running;
	u8 rx_running;
	struct fw_waiter quiesce;
	struct fw_sched_entry sched;
	struct fw_bucket storm;
	struct fw_lro lro;
	u64 stats[CDNA_NR_STATS];
	struct fw_qp qp[CDNA_MAX_QPS];
};

static inline void fw_ctx_count(struct fw_ctx *ctx, u32 stat, u64 n)
{
	ctx->stats[stat] += n;
}

static inline void fw_ctx_drop(struct fw_ctx *ctx, enum cdna_drop reason)
{
	ctx->stats[CDNA_CSTAT_DROP + reason]++;
}

/* Number of a queue pair among all of the NIC */
static inline u32 fw_qp_number(const struct fw_qp *qp)
{
	return qp->ctx->id * CDNA_MAX_QPS + qp->id;
}

/* context.c */
void fw_ctx_init(struct fw_ctx *ctx, u32 id);
bool fw_ctx_may(const struct fw_ctx *ctx, enum fw_ctx_event event);
u32 fw_ctx_event(struct fw_nic *nic, struct fw_ctx *ctx,
		 enum fw_ctx_event event);
void fw_ctx_fault(struct fw_nic *nic, struct fw_ctx *ctx, enum cdna_fault why);
void fw_ctx_publish_info(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_ctx_drained(struct fw_nic *nic, struct fw_ctx *ctx);

/* queue.c */
u32 fw_queue_create(struct fw_nic *nic, struct fw_qp *qp,
		    const struct cdna_admin_queue *cmd, u16 *detail);
void fw_queue_destroy(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_drain(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_stop(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_queue_fault_at(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		       enum cdna_fault why, u32 index);
void fw_queue_posted(struct fw_nic *nic, struct fw_qp *qp, u32 dir, u32 prod);
void fw_queue_drained(struct fw_nic *nic, struct fw_qp *qp);
void fw_queue_info(const struct fw_qp *qp, u32 dir,
		   struct cdna_queue_info *info);

/* status.c: consumer indices, to the host and then to the guest */
void fw_status_news(struct fw_nic *nic, struct fw_qp *qp, u32 frames);
void fw_status_forget(struct fw_nic *nic, struct fw_qp *qp);
void fw_status_publish(struct fw_nic *nic);
void fw_status_flush(struct fw_nic *nic, struct fw_qp *qp);

#endif /* FW_CONTEXT_H */
