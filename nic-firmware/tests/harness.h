/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A host and its guests around a NIC on the fake board: what tests, fuzzers
 * and benchmarks drive. Everything goes through the ABI: rings in memory,
 * mailboxes, admin commands. fw_nic is in reach for looking inside.
 *
 *	struct h *h = h_new(NULL);
 *
 *	h_up(h, 0);				context 0, queue pair 0
 *	h_rx_fill(h, 0, 0, 64, 2048);
 *	h_tx_send(h, 0, 0, frame, len);
 *	h_run(h);
 *	len = fake_wire_next(h->board, frame, sizeof(frame));
 *	h_free(h);
 */
#ifndef HARNESS_H
#define HARNESS_H

#include "fake.h"
#include "frames.h"
#include "nic.h"

#define H_ADMIN_SLOTS		16
#define H_NOTIFY_SLOTS		64
#define H_PAGE			4096u

/**
 * struct h_config - how to bring a NIC up; a field of 0 takes the default
 * @contexts: default FW_MAX_CONTEXTS
 * @mtu: default 1500
 * @bitvec_slots: default H_NOTIFY_SLOTS
 * @event_slots: default H_NOTIFY_SLOTS
 * @admin_slots: default H_ADMIN_SLOTS
 * @no_rings: leave SET_RINGS to the test
 * @no_enable: leave the admin queue disabled
 */
struct h_config {
	u32 contexts;
	u32 mtu;
	u32 bitvec_slots;
	u32 event_slots;
	u32 admin_slots;
	bool no_rings;
	bool no_enable;
};

/**
 * struct h_used - a used ring, and the chains that were posted
 * @page: bus address of each 4 KiB
 * @offset: where the ring begins in the first
 * @slots: entries; 0: the queue is of another format
 * @posted: free-running: chains posted
 * @taken: free-running: entries read
 * @first: index of the first descriptor of each chain, by @posted modulo @slots
 */
struct h_used {
	u64 page[FW_USED_MAX_PAGES];
	u32 offset;
	u32 slots;
	u32 posted;
	u32 taken;
	u32 *first;
};

/**
 * struct h_queue - a descriptor ring as its host and driver keep it
 * @exists: it was created
 * @page: bus address of each 4 KiB
 * @slots: size
 * @format: CDNA_FORMAT_*
 * @prod: free-running: descriptors written
 * @seq: sequence number of the next one
 * @buffer: bus address of the buffers: a page for each slot
 * @len: receive: bytes of each buffer posted, by slot
 * @used: its used ring
 */
struct h_queue {
	bool exists;
	u64 page[FW_RING_MAX_PAGES];
	u32 slots;
	u32 format;
	u32 prod;
	u32 seq;
	u64 buffer;
	u16 *len;
	struct h_used used;
};

/**
 * struct h_qp - a queue pair
 * @queue: by CDNA_DIR_*
 * @comp_page: completion ring: bus address of each 4 KiB
 * @comp_slots: its size
 * @comp_cons: free-running: completions read
 * @source: bit of the vector, or FW_NO_SOURCE
 */
struct h_qp {
	struct h_queue queue[CDNA_NR_DIRS];
	u64 comp_page[32];
	u32 comp_slots;
	u32 comp_cons;
	u32 source;
};

/**
 * struct h_ctx - a context
 * @mac: its address
 * @status: bus address of its status page
 * @qp: its queue pairs
 */
struct h_ctx {
	u8 mac[6];
	u64 status;
	struct h_qp qp[CDNA_MAX_QPS];
};

/**
 * struct h_notify - a ring that the NIC fills
 * @addr: bus address of its header
 * @slots: size
 * @bytes: of a slot
 * @cons: free-running
 */
struct h_notify {
	u64 addr;
	u32 slots;
	u32 bytes;
	u32 cons;
};

/**
 * struct h - a NIC and its host
 * @board: the board, with h->board->now being the clock
 * @nic: the firmware's state
 * @config: as it is in force
 * @asq: bus address of the admin submission ring
 * @asq_tail: free-running
 * @acq: admin completions
 * @tag: of the next admin command
 * @bitvec: bit-vector ring
 * @event: event ring
 * @cons: bus address of the host's consumer table
 * @scratch: bus address of a page for admin results
 * @bits: interrupt bits seen by h_bits() and not yet taken by h_bit_take()
 * @steps: steps made
 * @patience: steps that h_admin() waits before it returns CDNA_SC_ABORTED;
 *	0: any number, and not to complete is a failure. Fuzzers set it: their
 *	host breaks its own rings
 * @ctx: contexts
 */
struct h {
	struct fake_board *board;
	struct fw_nic *nic;
	struct h_config config;
	u64 asq;
	u32 asq_tail;
	struct h_notify acq;
	u16 tag;
	struct h_notify bitvec;
	struct h_notify event;
	u64 cons;
	u64 scratch;
	u64 bits[CDNA_MAX_BITVEC_WORDS];
	u64 steps;
	u32 patience;
	struct h_ctx ctx[FW_MAX_CONTEXTS];
};

/* Bring-up and running (harness.c) */
struct h *h_new(const struct h_config *config);
void h_renew(struct h *h);
void h_free(struct h *h);
void h_enable(struct h *h);
u32 h_set_rings(struct h *h);
bool h_step(struct h *h);
void h_run(struct h *h);
void h_run_for(struct h *h, u64 ns);
void h_run_pair(struct h *a, struct h *b);

/* Admin commands (harness.c). Each Return: enum cdna_admin_status */
void h_cmd(struct cdna_admin_cmd *cmd, u32 opcode, u32 ctx);
u16 h_admin_post(struct h *h, struct cdna_admin_cmd *cmd);
bool h_admin_poll(struct h *h, struct cdna_admin_completion *done);
u32 h_admin(struct h *h, struct cdna_admin_cmd *cmd,
	    struct cdna_admin_completion *done);

/* What the NIC tells its host (harness_notify.c, harness_ctx.c) */
void h_notify_init(struct h *h, struct h_notify *ring, u32 slots, u32 bytes);
bool h_notify_next(struct h *h, struct h_notify *ring, void *slot);
u32 h_bits(struct h *h);
bool h_bit_take(struct h *h, u32 bit);
u32 h_events(struct h *h, struct cdna_event *events, u32 max);
void h_host_cons(struct h *h, u32 ctx, u32 qp, u32 *tx, u32 *rx);
void h_read_stats(struct h *h, u32 what, u32 ctx, u32 qp, u64 *value);
void h_partition_info(struct h *h, u32 ctx, struct cdna_partition_info *info);

/* Contexts (harness_ctx.c). Each Return: enum cdna_admin_status */
void h_mac(u8 *mac, u32 ctx);
u32 h_configure(struct h *h, u32 ctx, u32 access_vlan, u32 flags);
u32 h_activate(struct h *h, u32 ctx);
u32 h_ctx_op(struct h *h, u32 opcode, u32 ctx);
u32 h_ctx_query(struct h *h, u32 ctx, struct cdna_ctx_info *info);
u32 h_filter(struct h *h, u32 ctx, u32 flags, const u64 *mc_hash);
u32 h_spread(struct h *h, u32 ctx, u32 qps);
u32 h_rss(struct h *h, u32 ctx, const struct cdna_rss *rss);
u32 h_mac_op(struct h *h, u32 opcode, u32 ctx, const u8 *mac);
u32 h_vlan_op(struct h *h, u32 opcode, u32 ctx, u32 vid);
u32 h_coalesce(struct h *h, u32 ctx, u32 qp, u32 usecs, u32 frames);
u32 h_limits(struct h *h, u32 ctx, u32 mbps, u32 storm_fps);
u32 h_group_set(struct h *h, u32 group, u32 max, u32 min);
u32 h_group_del(struct h *h, u32 group);
u32 h_ctx_group(struct h *h, u32 ctx, u32 group);
u32 h_bind(struct h *h, u32 ctx, u32 qp, u32 bit);
u32 h_unbind(struct h *h, u32 ctx, u32 qp);

/**
 * struct h_ring_spec - a ring to be created
 * @format: CDNA_FORMAT_*
 * @slots: 0 means 256
 * @offloads: CDNA_OFFLOAD_*
 * @first_seq: sequence number of the first descriptor
 * @page_list: give pages out of order by list, not one address
 * @one_piece: leave out CDNA_OFFLOAD_SG, which every other transmit queue has
 * @used_offset: CDNA_FORMAT_VIRTIO: where the used ring is in its first page
 * @used_slots: CDNA_FORMAT_VIRTIO: 0 means 64
 * @used_index: CDNA_FORMAT_VIRTIO: index that the used ring begins at
 */
struct h_ring_spec {
	u32 format;
	u32 slots;
	u32 offloads;
	u32 first_seq;
	bool page_list;
	bool one_piece;
	u32 used_offset;
	u32 used_slots;
	u16 used_index;
};

#define H_OFFLOADS_TX \
	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6 | \
	 CDNA_OFFLOAD_TX_VLAN)
#define H_OFFLOADS_RX \
	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_VLAN)

/* Queues (harness_ctx.c) */
u32 h_queue_create(struct h *h, u32 ctx, u32 qp, u32 dir,
		   const struct h_ring_spec *spec);
u32 h_queue_op(struct h *h, u32 opcode, u32 ctx, u32 qp, u32 dir,
	       struct cdna_queue_info *info);
void h_qp_up(struct h *h, u32 ctx, u32 qp, u32 tx_offloads, u32 rx_offloads);
void h_ctx_up(struct h *h, u32 ctx);
void h_up(struct h *h, u32 ctx);

/* Descriptors as they are in memory (harness_desc.c) */
u32 h_desc_bytes(u32 format);
void h_desc_encode(u8 *raw, u32 format, const struct fw_desc *desc, u32 seq);

/* Descriptors, the driver's part (harness_data.c) */
void h_desc_write(struct h *h, u32 ctx, u32 qp, u32 dir, u32 index,
		  const struct fw_desc *desc, u32 seq);
u32 h_post(struct h *h, u32 ctx, u32 qp, u32 dir, const struct fw_desc *desc);
void h_ring(struct h *h, u32 ctx, u32 qp, u32 dir);
void h_rearm(struct h *h, u32 ctx, u32 qp);
void h_status(struct h *h, u32 ctx, u32 qp, struct cdna_qp_status *status);
u32 h_tx_cons(struct h *h, u32 ctx, u32 qp);
u32 h_room(struct h *h, u32 ctx, u32 qp, u32 dir);
u64 h_buffer(const struct h_queue *queue, u32 index, u32 len);

/**
 * struct h_tx - a frame to be sent
 * @data: the bytes
 * @len: how many
 * @pieces: descriptors, 0: as few as hold it
 * @flags: CDNA_DESC_* without EOP
 * @csum_start: as in struct cdna_desc_offload
 * @csum_offset: the same
 * @mss: the same
 * @vlan_tci: the same
 */
struct h_tx {
	const u8 *data;
	u32 len;
	u32 pieces;
	u16 flags;
	u16 csum_start;
	u16 csum_offset;
	u16 mss;
	u16 vlan_tci;
};

bool h_tx_post(struct h *h, u32 ctx, u32 qp, const struct h_tx *tx);
void h_tx_send(struct h *h, u32 ctx, u32 qp, const u8 *data, u32 len);
void h_rx_post(struct h *h, u32 ctx, u32 qp, u32 count, u32 len);
void h_rx_fill(struct h *h, u32 ctx, u32 qp, u32 count, u32 len);

/**
 * struct h_rx - a frame received
 * @first: completion of its first buffer, fields in processor order
 * @buffers: how many it took
 * @len: bytes
 * @data: the bytes
 */
struct h_rx {
	struct {
		u32 index;
		u32 flags;
		u16 vlan_tci;
		u16 segs;
		u16 mss;
		u16 hdr_len;
		u32 hash;
	} first;
	u32 buffers;
	u32 len;
	u8 data[FRAME_MAX];
};

bool h_rx_next(struct h *h, u32 ctx, u32 qp, struct h_rx *rx);
u32 h_rx_drain(struct h *h, u32 ctx, u32 qp);

/**
 * struct h_vrx - a frame received into virtio chains
 * @hdr: its header, little-endian as it is
 * @chains: how many it took
 * @len: bytes behind the header
 * @data: the bytes
 */
struct h_vrx {
	struct cdna_virtio_hdr hdr;
	u32 chains;
	u32 len;
	u8 data[FRAME_MAX];
};

/* Virtio queues (harness_virtio.c) */
void h_used_reset(struct h_used *used, const struct h_ring_spec *spec);
void *h_used_at(struct h *h, const struct h_used *used, u32 at);
u16 h_used_idx(struct h *h, const struct h_used *used);
u32 h_chain_begin(struct h_queue *queue);
void h_chain_post(struct h *h, u32 ctx, u32 qp, const u16 *len, u32 count);
bool h_used_next(struct h *h, u32 ctx, u32 qp, u32 dir, u32 *len);
bool h_vrx_next(struct h *h, u32 ctx, u32 qp, struct h_vrx *rx);

/* Invariants that hold after any step (harness_check.c) */
void h_check(struct h *h);

#endif /* HARNESS_H */
