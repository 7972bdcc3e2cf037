/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where a frame goes: what both directions share.
 *
 * The room "switch", from the bottom up:
 *
 *	wireq      frames that wait for the wire
 *	switch     a frame on its way: its VLAN, its receivers, copies
 *	switch_tx  from a context: may it send that; to contexts or to the wire
 *	switch_rx  from the wire: to contexts
 *	wire       takes frames off the wire
 *
 *	wire ----> switch_rx --.
 *	                        > switch --> rx (delivery to a context)
 *	tx ------> switch_tx --'
 *	                  '----> wireq --> the wire
 *
 * In here a frame carries the tag of its VLAN; each receiver gets it as its
 * queue wants it. A frame to an address of this NIC never leaves it, if a machine
 * drives the context. A frame has one owner: what takes it over says so by its
 * return value.
 */
#ifndef FW_SWITCH_H
#define FW_SWITCH_H

#include "rx/rx.h"

struct fw_nic;
struct fw_ctx;

/**
 * struct fw_hop - a frame on its way through the switch
 * @frame: the frame
 * @sender: context that sent it, NULL if it came from the wire
 * @vid: VLAN that it belongs to, 0: none
 * @trunk_only: has an 802.1ad tag, or one that is not whole, where its VLAN
 *	would be: only trunks may send or see it
 * @refused: a context that takes it was at its bound
 * @parsed: @meta knows its headers
 * @meta: what receivers want to know of it
 */
struct fw_hop {
	struct fw_frame *frame;
	struct fw_ctx *sender;
	u16 vid;
	bool trunk_only;
	bool refused;
	bool parsed;
	struct fw_rx_meta meta;
};

void fw_switch_start(struct fw_hop *hop, struct fw_frame *frame,
		     struct fw_ctx *sender);
bool fw_switch_member(const struct fw_hop *hop, const struct fw_ctx *ctx);
u32 fw_switch_find(const struct fw_nic *nic, const struct fw_hop *hop,
		   u16 to[2]);
bool fw_switch_give(struct fw_nic *nic, struct fw_hop *hop, struct fw_ctx *ctx,
		    bool may_keep);
bool fw_switch_unicast(struct fw_nic *nic, struct fw_hop *hop, const u16 *to,
		       u32 count);
void fw_switch_set_rate(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps);
u32 fw_switch_flood(struct fw_nic *nic, struct fw_hop *hop);

#endif /* FW_SWITCH_H */
