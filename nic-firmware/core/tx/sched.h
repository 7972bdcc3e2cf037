/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which context transmits next: deficit round robin over contexts by bytes, a
 * token bucket each (paper 3.1: "services all of the hardware contexts
 * fairly").
 */
#ifndef FW_SCHED_H
#define FW_SCHED_H

#include <cdna/admin_group.h>

#include "base/bucket.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

/* More than the largest wire frame, so that each turn sends something */
#define FW_SCHED_QUANTUM	16384	/* bytes, and work as bytes */
#define FW_SCHED_FRAMES		256	/* frames in one step, all together */

/* Tokens that gather in this many times 2^20 ns, so that late timers lose none */
#define FW_SCHED_BURST		4

/* For minimum rates: longer, as what others have put into the queue of the wire before
 * has to leave it first
 */
#define FW_SCHED_SHARE_BURST	16

/**
 * enum fw_sched_where - where a context's entry is
 * @FW_SCHED_IDLE: nothing to send
 * @FW_SCHED_ACTIVE: in the round
 * @FW_SCHED_LIMITED: waits for its rate limit, or for that of its group
 * @FW_SCHED_STARVED: waits for packet memory
 * @FW_SCHED_BLOCKED: waits for room on the wire
 */
enum fw_sched_where {
	FW_SCHED_IDLE,
	FW_SCHED_ACTIVE,
	FW_SCHED_LIMITED,
	FW_SCHED_STARVED,
	FW_SCHED_BLOCKED,
};

#define FW_SCHED_WORDS		((FW_MAX_CONTEXTS + 31) / 32)

/* What a group divides among its members */
enum fw_sched_part {
	FW_SCHED_MAX,
	FW_SCHED_MIN,
	FW_SCHED_NR_PARTS,
};

/**
 * struct fw_sched_group - contexts with limits that they share (tx/sched_group.h)
 * @exists: the host has made it
 * @members: bit per context: it is a member
 * @busy: how many members have something to send, whatever they wait for
 * @rate: by enum fw_sched_part: rate limit and minimum rate of all together. The
 *	tokens are those that no member has yet
 */
struct fw_sched_group {
	bool exists;
	u32 members[FW_SCHED_WORDS];
	u32 busy;
	struct fw_bucket rate[FW_SCHED_NR_PARTS];
};

/**
 * struct fw_sched_entry - a context's place
 * @next: in the list it is in
 * @where: enum fw_sched_where
 * @in_turn: its quantum for this turn was given
 * @blocked: bit per queue pair: its next frame waits for room on the wire
 * @next_qp: queue pair to serve next
 * @deficit: bytes and work left to it in this turn; below 0: it had more
 * @owed: work done for it between its turns, which these have not paid for
 * @when: FW_SCHED_LIMITED: when its limits allow it to go on, in ns
 * @rate: rate limit, tokens being bytes
 * @share: minimum rate, the same; what it sends in its turns counts as well
 * @promised: what it sends is not part of a turn, but of a minimum rate
 * @group: the group that it is a member of, or NULL
 * @part: what it has of the rates of that, in bytes, by enum fw_sched_part; 0 or less:
 *	it has had its part
 */
struct fw_sched_entry {
	struct fw_ctx *next;
	u8 where;
	bool in_turn;
	u8 blocked;
	u8 next_qp;
	s32 deficit;
	u32 owed;
	u64 when;
	struct fw_bucket rate;
	struct fw_bucket share;
	bool promised;
	struct fw_sched_group *group;
	s32 part[FW_SCHED_NR_PARTS];
};

/**
 * struct fw_sched_list - contexts in order
 * @head: first
 * @tail: last
 */
struct fw_sched_list {
	struct fw_ctx *head;
	struct fw_ctx *tail;
};

/**
 * struct fw_sched - all contexts that have something to send
 * @active: the round; its head is served next
 * @limited: those over their rate limit, the one that may go first in front
 * @starved: those that packet memory was refused
 * @blocked: bit per context: it has blocked queue pairs
 * @shares: bit per context: it has a minimum rate, or its group has
 * @share_next: which of these comes first
 * @share_left: bytes that this one may still send then; 0 or less: its turn has
 *	not begun
 * @group: by number, the first being CDNA_NO_GROUP + 1
 * @wire_turn: which of these comes first when the wire has room
 * @wire_new: its turn has not begun
 * @spare: the last step ended with nothing left to do: the core has time for
 *	all of them
 */
struct fw_sched {
	struct fw_sched_list active;
	struct fw_sched_list limited;
	struct fw_sched_list starved;
	u32 blocked[FW_SCHED_WORDS];
	u32 shares[FW_SCHED_WORDS];
	u16 share_next;
	s32 share_left;
	struct fw_sched_group group[CDNA_MAX_GROUPS];
	u16 wire_turn;
	bool wire_new;
	bool spare;
};

void fw_sched_wake(struct fw_nic *nic, struct fw_ctx *ctx);
void fw_sched_stopped(struct fw_nic *nic, struct fw_qp *qp);
void fw_sched_idle(struct fw_nic *nic, struct fw_ctx *ctx);
bool fw_sched_service(struct fw_nic *nic);
u64 fw_sched_deadline(const struct fw_nic *nic);
void fw_sched_set_rate(struct fw_nic *nic, struct fw_ctx *ctx, u32 mbps);

#endif /* FW_SCHED_H */
