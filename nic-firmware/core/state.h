/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * All that the firmware remembers, in one structure of a size known when it is
 * built (paper 4: 12 MB for 32 contexts), composed of what each room declares.
 *
 * That is why this header alone includes those of all rooms, and why each room
 * may include it. Rooms see the whole state, but change their own part only;
 * and calls go one way (scripts/rooms.py checks it).
 */
#ifndef FW_STATE_H
#define FW_STATE_H

#include <cdna/regs.h>
#include <cdna/stats.h>
#include <cdna/version.h>

#include "base/board.h"
#include "base/bucket.h"
#include "base/hooks.h"
#include "base/pool.h"
#include "base/rss.h"
#include "base/work.h"
#include "ctx/context_state.h"
#include "ctx/demux.h"
#include "ctx/filter.h"
#include "ctx/intr.h"
#include "ctx/mark.h"
#include "ctx/queue.h"
#include "notify/bitvec.h"
#include "notify/completion.h"
#include "notify/event.h"
#include "rx/lro.h"
#include "switch/wireq.h"
#include "tx/sched.h"
#include "tx/tso.h"

#define FW_VERSION		(CDNA_VERSION_MAJOR << 24 | \
				 CDNA_VERSION_MINOR << 16 | CDNA_VERSION_PATCH)

#define FW_STORM_FPS		10000	/* per context: default of what it sends;
					 * multicast, broadcast that it gets
					 */

/* All that this NIC can do, in one format or direction or the other */
#define FW_OFFLOADS_TX		(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | \
				 CDNA_OFFLOAD_TSO6 | CDNA_OFFLOAD_TX_VLAN | \
				 CDNA_OFFLOAD_SG)
#define FW_OFFLOADS_RX		(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | \
				 CDNA_OFFLOAD_RX_VLAN | CDNA_OFFLOAD_RX_CHAINS)

/**
 * struct fw_config - what a board decides
 * @contexts: 1 to FW_MAX_CONTEXTS
 * @mac: the NIC's own address
 * @mtu: of the wire, CDNA_MIN_MTU to CDNA_MAX_MTU
 * @speed: of the wire in Mb/s, 0 if it has none
 * @boot_id: differs each time
 */
struct fw_config {
	u32 contexts;
	u8 mac[FW_ETH_ALEN];
	u16 mtu;
	u32 speed;
	u32 boot_id;
};

/**
 * struct fw_qp - a queue pair
 * @ctx: its context
 * @id: 0 to CDNA_MAX_QPS - 1
 * @queue: by CDNA_DIR_*
 * @comp_page: bus address of each 4 KiB of the completion ring
 * @comp_slots: its size, that of the receive ring
 * @comp_prod: free-running: completions written
 * @rx_missed: free-running: frames dropped because there were too few buffers
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
	u32 rx_missed;
	struct fw_tso tso;
	struct fw_moderation moderation;
	u32 news;
	u64 stats[CDNA_NR_QSTATS];
};

/**
 * struct fw_bounds - of a context; what it has used up outlives its release
 * @storm: multicast and broadcast frames that it sends
 * @multicast: multicast frames that it gets from the wire
 * @broadcast: the same for broadcast
 * @rx_rate: bytes that it gets
 */
struct fw_bounds {
	struct fw_bucket storm;
	struct fw_bucket multicast;
	struct fw_bucket broadcast;
	struct fw_bucket rx_rate;
};

/**
 * struct fw_ctx - a context
 * @id: number
 * @state: enum cdna_ctx_state; only fw_ctx_event() changes it
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
 * @rx_spread: bit per queue pair: it may receive, where @rss does not say
 * @driven: it has been active since it was configured
 * @rss: which queue pair receives which flow
 * @faulted: queues that are marked (ctx/mark.h): bit 2 * queue pair + direction
 * @drained: queue pairs whose transmit queue is marked to have drained
 * @held: mailboxes that were stored to while it was paused (ctx/mbox.h)
 * @work: what it has caused and does not pay for yet, in bytes (base/work.h)
 * @sched: its place among those that transmit
 * @bounds: of what it sends and gets, beside those of the scheduler
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
	u8 rx_spread;
	bool driven;
	struct fw_rss rss;
	u16 faulted;
	u8 drained;
	u32 held;
	u32 work;
	struct fw_sched_entry sched;
	struct fw_bounds bounds;
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

/* The core has worked for a context, for as long as @bytes take it. */
static inline void fw_ctx_work(struct fw_ctx *ctx, u32 bytes)
{
	ctx->work = FW_MIN(ctx->work + bytes, FW_WORK_MAX);
}

static inline void fw_ctx_sent(struct fw_ctx *ctx, u32 len, bool multicast)
{
	fw_ctx_count(ctx, CDNA_CSTAT_TX_FRAMES, 1);
	fw_ctx_count(ctx, CDNA_CSTAT_TX_BYTES, len);
	if (multicast)
		fw_ctx_count(ctx, CDNA_CSTAT_TX_MULTICAST, 1);
}

/* The transmit or receive queues of a context that are served */
static inline u8 *fw_ctx_running(struct fw_ctx *ctx, u32 dir)
{
	return dir == CDNA_DIR_TX ? &ctx->tx_running : &ctx->rx_running;
}

/* Runs or drains, and is not marked (ctx/mark.h) */
static inline bool fw_queue_served(const struct fw_qp *qp, u32 dir)
{
	u32 running = dir == CDNA_DIR_TX ? qp->ctx->tx_running :
					   qp->ctx->rx_running;

	return running >> qp->id & 1;
}

/* Exists, served or not, and has a used ring */
static inline bool fw_queue_has_used(const struct fw_qp *qp, u32 dir)
{
	const struct fw_queue *queue = &qp->queue[dir];

	return queue->state != CDNA_QUEUE_NONE && queue->used.slots;
}

/* Number of a queue within its context */
static inline u32 fw_queue_number(const struct fw_qp *qp, u32 dir)
{
	return qp->id * CDNA_NR_DIRS + dir;
}

/* Number of a queue pair among all of the NIC */
static inline u32 fw_qp_number(const struct fw_qp *qp)
{
	return qp->ctx->id * CDNA_MAX_QPS + qp->id;
}

/**
 * struct fw_nic - the NIC
 * @ops: board
 * @board: its pointer
 * @hooks: operations of upper rooms
 * @config: what it decided
 * @now: time of this step, in ns
 * @link: the wire was up when last looked at
 * @enabled: admin queue is served
 * @fatal: the admin queue cannot be reached: nothing is done until a reset
 * @host_failed: DMA to the host's own memory has failed in this step
 * @rings_set: CDNA_CMD_SET_RINGS was done
 * @raise_admin: CDNA_VECTOR_ADMIN is due: a completion or an event was written
 * @health: CDNA_HEALTH_* still to be reported
 * @health_reported: those reported since the last reset: each is reported once
 * @cons_addr: the host's consumer table
 * @admin: admin queue
 * @event: event ring
 * @bitvec: bit vectors
 * @intr: sources and moderation
 * @marks: contexts of which something is marked
 * @sched: transmit scheduler
 * @landing: packet memory for the next frame from the wire
 * @landed: @landing has cells
 * @received: bit per context: it got frames off the wire since the scheduler
 *	last looked
 * @lro_dirty: bit per context: it has flows to flush
 * @status_dirty: bit per queue pair: its status is to be published
 * @stats: by enum cdna_nic_stat
 * @wireq: frames that wait for the wire
 * @fetch: descriptors as they are in host memory, while being decoded
 * @demux: MAC table
 * @flood: which contexts get copies
 * @ctx: contexts
 * @pool: packet memory
 */
struct fw_nic {
	const struct fw_board_ops *ops;
	void *board;
	const struct fw_hooks *hooks;
	struct fw_config config;
	u64 now;
	bool link;
	bool enabled;
	bool fatal;
	bool host_failed;
	bool rings_set;
	bool raise_admin;
	u32 health;
	u32 health_reported;
	u64 cons_addr;
	struct fw_admin admin;
	struct fw_event event;
	struct fw_bitvec bitvec;
	struct fw_intr intr;
	struct fw_marks marks;
	struct fw_sched sched;
	struct fw_frame landing;
	bool landed;
	u32 received[(FW_MAX_CONTEXTS + 31) / 32];
	u32 lro_dirty[(FW_MAX_CONTEXTS + 31) / 32];
	u64 status_dirty[FW_BITVEC_WORDS];
	u64 stats[CDNA_NR_STATS];
	struct fw_wireq wireq;
	u8 fetch[FW_RING_CACHE * sizeof(struct cdna_desc_offload)];
	struct fw_demux demux;
	struct fw_flood flood;
	struct fw_ctx ctx[FW_MAX_CONTEXTS];
	struct fw_pool pool;
};

/* Paper 4: "only 12 MB of memory on the NIC is needed to support 32 contexts" */
#define FW_NIC_MAX_BYTES	(12u << 20)
static_assert(FW_MAX_CONTEXTS > 32 ||
	      sizeof(struct fw_nic) <= FW_NIC_MAX_BYTES,
	      "the firmware's state for 32 contexts outgrew 12 MB");
static_assert(FW_MAX_CONTEXTS >= 8 && FW_MAX_CONTEXTS <= CDNA_MAX_CONTEXTS &&
	      FW_MAX_CONTEXTS % 8 == 0, "FW_MAX_CONTEXTS: 8, 16, ... 256");

static inline void fw_nic_count(struct fw_nic *nic, u32 stat, u64 n)
{
	nic->stats[stat] += n;
}

static inline int fw_dma_read(struct fw_nic *nic, u32 ctx, u64 addr, void *dst,
			      u32 len)
{
	return nic->ops->dma_read(nic->board, (u16)ctx, addr, dst, len);
}

static inline int fw_dma_write(struct fw_nic *nic, u32 ctx, u64 addr,
			       const void *src, u32 len)
{
	return nic->ops->dma_write(nic->board, (u16)ctx, addr, src, len);
}

static inline void fw_log(struct fw_nic *nic, enum fw_log_level level,
			  const char *what, u32 a, u32 b)
{
	if (nic->ops->log)
		nic->ops->log(nic->board, level, what, a, b);
}

static inline void fw_set_register(struct fw_nic *nic, u32 reg, u32 value)
{
	nic->ops->sram_write(nic->board, CDNA_REGISTER_PAGE + reg, value);
}

#endif /* FW_STATE_H */
