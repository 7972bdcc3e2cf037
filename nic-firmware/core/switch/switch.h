/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where a frame goes: MAC table, filters, wire queue, delivery.
 */
#ifndef FW_SWITCH_H
#define FW_SWITCH_H

#include "rx/lro.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

#define FW_DEMUX_SLOTS		(FW_MAX_CONTEXTS * CDNA_MAX_CTX_MACS * 4)
#define FW_NO_CTX		0xffffu

/**
 * struct fw_demux_slot - a slot of the MAC table
 * @key: MAC in bits 47..0, access VLAN in bits 59..48, bit 63 set if in use
 * @ctx: whose address it is
 */
struct fw_demux_slot {
	u64 key;
	u16 ctx;
};

/**
 * struct fw_demux - MAC table: hashed, open addressing
 * @used: slots in use
 * @slot: the table
 */
struct fw_demux {
	u32 used;
	struct fw_demux_slot slot[FW_DEMUX_SLOTS];
};

/* demux.c */
int fw_demux_add(struct fw_demux *demux, const u8 *mac, u32 vlan, u32 ctx);
int fw_demux_del(struct fw_demux *demux, const u8 *mac, u32 vlan);
u32 fw_demux_find(const struct fw_demux *demux, const u8 *mac, u32 vlan);

/* filter.c: what a context may send and wants to get */
bool fw_filter_vlan_allowed(const struct fw_ctx *ctx, u32 vid);
bool fw_filter_source_ok(const struct fw_ctx *ctx, const u8 *src);
bool fw_filter_wants(const struct fw_ctx *ctx, const u8 *dst, u32 mc_bit);
u32 fw_filter_mc_bit(const u8 *mac);
void fw_filter_update(struct fw_nic *nic, const struct fw_ctx *ctx);

/**
 * struct fw_flood - who gets copies, a bit per context
 * @multicast: ACTIVE contexts that take multicast or broadcast
 * @promisc: ACTIVE contexts that are promiscuous and may be
 */
struct fw_flood {
	u32 multicast[(FW_MAX_CONTEXTS + 31) / 32];
	u32 promisc[(FW_MAX_CONTEXTS + 31) / 32];
};

/**
 * struct fw_hop - a frame on its way through the switch
 * @frame: the frame
 * @sender: context that sent it, NULL if it came from the wire
 * @vid: VLAN that it belongs to, 0: none
 * @qinq: has an 802.1ad tag: trunks may see it, nobody else
 * @parsed: @meta knows its headers
 * @meta: what receivers want to know of it
 */
struct fw_hop {
	struct fw_frame *frame;
	struct fw_ctx *sender;
	u16 vid;
	bool qinq;
	bool parsed;
	struct fw_rx_meta meta;
};

/* switch.c: what both directions share */
void fw_switch_start(struct fw_hop *hop, struct fw_frame *frame,
		     struct fw_ctx *sender);
bool fw_switch_member(const struct fw_hop *hop, const struct fw_ctx *ctx);
u32 fw_switch_find(const struct fw_nic *nic, const struct fw_hop *hop,
		   u16 to[2]);
bool fw_switch_give(struct fw_nic *nic, struct fw_hop *hop, struct fw_ctx *ctx,
		    bool may_keep);
bool fw_switch_unicast(struct fw_nic *nic, struct fw_hop *hop, const u16 *to,
		       u32 count);
u32 fw_switch_flood(struct fw_nic *nic, struct fw_hop *hop);

/* switch_tx.c: takes the frame, whatever it does with it */
u32 fw_switch_tx(struct fw_nic *nic, struct fw_qp *qp, struct fw_frame *frame);

/* switch_rx.c */
bool fw_switch_rx(struct fw_nic *nic, struct fw_frame *frame);

/* wireq.c */
#define FW_WIREQ_FRAMES		256	/* what waits longer waits in its ring */

/**
 * struct fw_wireq - frames that wait for the wire
 * @head: free-running: next to send
 * @tail: free-running: next free place
 * @blocked: the wire has refused a frame in this step
 * @frame: the frames
 */
struct fw_wireq {
	u32 head;
	u32 tail;
	bool blocked;
	struct fw_frame frame[FW_WIREQ_FRAMES];
};

static inline bool fw_wireq_full(const struct fw_wireq *wireq)
{
	return wireq->tail - wireq->head >= FW_WIREQ_FRAMES;
}

void fw_wireq_send(struct fw_nic *nic, struct fw_frame *frame);
void fw_wireq_service(struct fw_nic *nic);
void fw_wireq_forget(struct fw_nic *nic, u32 owner);

/* rx.c */
bool fw_rx_service(struct fw_nic *nic);
bool fw_rx_deliver(struct fw_nic *nic, struct fw_ctx *ctx,
		   struct fw_frame *frame, struct fw_rx_meta *meta,
		   bool may_keep);
void fw_rx_flush(struct fw_nic *nic);

/* rx_put.c */
u32 fw_rx_room(struct fw_nic *nic, struct fw_qp *qp, u32 len, u32 *room);
void fw_rx_put(struct fw_nic *nic, struct fw_qp *qp,
	       const struct fw_frame *frame, const struct fw_rx_meta *meta);

#endif /* FW_SWITCH_H */
