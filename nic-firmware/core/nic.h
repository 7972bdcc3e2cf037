/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The NIC: all of the firmware's state, and what a board calls.
 */
#ifndef FW_NIC_H
#define FW_NIC_H

#include <cdna/regs.h>
#include <cdna/version.h>

#include "base/board.h"
#include "ctx/context.h"
#include "notify/notify.h"
#include "base/pool.h"
#include "switch/switch.h"

#define FW_VERSION		(CDNA_VERSION_MAJOR << 24 | \
				 CDNA_VERSION_MINOR << 16 | CDNA_VERSION_PATCH)

#define FW_RX_BATCH		256	/* wire frames in one step */
#define FW_STORM_FPS		10000	/* default per context, and the wire's */

/* All that this NIC can do, in one format or direction or the other */
#define FW_OFFLOADS_TX		(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | \
				 CDNA_OFFLOAD_TSO6 | CDNA_OFFLOAD_TX_VLAN | \
				 CDNA_OFFLOAD_SG)
#define FW_OFFLOADS_RX		(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | \
				 CDNA_OFFLOAD_RX_VLAN)

/* What was busy, or failed, is tried again after that long */
#define FW_WIRE_RETRY_NS	20000
#define FW_HOST_RETRY_NS	1000000

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
 * struct fw_nic - the NIC
 * @ops: board
 * @board: its pointer
 * @config: what it decided
 * @now: time of this step, in ns
 * @link: the wire was up when last looked at
 * @enabled: admin queue is served
 * @fatal: the admin queue cannot be reached: everything stands until a reset
 * @host_failed: DMA to the host's own memory has failed in this step
 * @rings_set: CDNA_CMD_SET_RINGS was done
 * @cons_addr: the host's consumer table
 * @admin: admin queue
 * @event: event ring
 * @intr: bit vectors
 * @sched: transmit scheduler
 * @storm: multicast and broadcast frames from the wire
 * @landing: packet memory for the next frame from the wire
 * @landed: @landing has cells
 * @lro_dirty: bit per context: it has flows to flush
 * @status_dirty: bit per queue pair: its status is to be published
 * @stats: by enum cdna_nic_stat
 * @wireq: frames that wait for the wire
 * @fetch: descriptors as they stand in host memory, while being decoded
 * @demux: MAC table
 * @flood: who gets copies
 * @ctx: contexts
 * @pool: packet memory
 */
struct fw_nic {
	const struct fw_board_ops *ops;
	void *board;
	struct fw_config config;
	u64 now;
	bool link;
	bool enabled;
	bool fatal;
	bool host_failed;
	bool rings_set;
	u64 cons_addr;
	struct fw_admin admin;
	struct fw_event event;
	struct fw_intr intr;
	struct fw_sched sched;
	struct fw_bucket storm;
	struct fw_frame landing;
	bool landed;
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

/* nic.c */
int fw_nic_init(struct fw_nic *nic, const struct fw_board_ops *ops,
		void *board, const struct fw_config *config);
void fw_nic_reset(struct fw_nic *nic);
bool fw_nic_step(struct fw_nic *nic);
u64 fw_nic_deadline(const struct fw_nic *nic);
void fw_nic_log(struct fw_nic *nic, enum fw_log_level level, const char *what,
		u32 a, u32 b);
void fw_nic_status(struct fw_nic *nic);
void fw_nic_fatal(struct fw_nic *nic, const char *why);
void fw_nic_host_unreachable(struct fw_nic *nic, u64 addr);

/* mailbox.c */
void fw_mailbox_service(struct fw_nic *nic);
u64 fw_mailbox_mgmt64(struct fw_nic *nic, u32 offset);

#endif /* FW_NIC_H */
