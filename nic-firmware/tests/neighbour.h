/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bystander that sends 1514-byte frames, and neighbours that want as much of
 * the core's time as they can get: for tests and for the benchmark.
 */
#ifndef NEIGHBOUR_H
#define NEIGHBOUR_H

#include "harness.h"

#define NEIGHBOUR_BYSTANDER	0	/* contexts */
#define NEIGHBOUR_HOSTILE	1
#define NEIGHBOUR_FIRST_OTHER	2	/* these receive what is for all */
#define NEIGHBOUR_CONTEXTS	FW_MIN(32, FW_MAX_CONTEXTS)
#define NEIGHBOUR_COMMANDS	(H_ADMIN_SLOTS / 2)
#define NEIGHBOUR_BYTES		1514u	/* frames of the bystander */

/**
 * enum neighbour_kind - what the neighbour does, as fast as it can
 * @NEIGHBOUR_HONEST: sends what the bystander sends
 * @NEIGHBOUR_WIRE: sends 60-byte frames to the wire
 * @NEIGHBOUR_SELF: sends 60-byte frames to itself
 * @NEIGHBOUR_LOCAL: sends 60-byte frames to another context
 * @NEIGHBOUR_TSO: requests segments with one byte of payload
 * @NEIGHBOUR_BROADCAST: sends 60-byte broadcasts, which all others receive
 * @NEIGHBOUR_MULTICAST: the same, to a group that all others are in
 * @NEIGHBOUR_PIECES: sends 60-byte frames in as many descriptors as it may
 * @NEIGHBOUR_FILTER: sends as the honest one, and changes its receive filter
 * @NEIGHBOUR_MAILBOX: sends as the honest one, and stores to all its mailboxes
 * @NEIGHBOUR_RX: sends as the honest one, and gets 60-byte frames off the wire
 * @NEIGHBOUR_BUFFERS: sends as the honest one, and gets 1514-byte frames off
 *	the wire, in buffers of 64 bytes
 * @NEIGHBOUR_KINDS: how many there are
 */
enum neighbour_kind {
	NEIGHBOUR_HONEST,
	NEIGHBOUR_WIRE,
	NEIGHBOUR_SELF,
	NEIGHBOUR_LOCAL,
	NEIGHBOUR_TSO,
	NEIGHBOUR_BROADCAST,
	NEIGHBOUR_MULTICAST,
	NEIGHBOUR_PIECES,
	NEIGHBOUR_FILTER,
	NEIGHBOUR_MAILBOX,
	NEIGHBOUR_RX,
	NEIGHBOUR_BUFFERS,
	NEIGHBOUR_KINDS,
};

extern const char *const neighbour_name[NEIGHBOUR_KINDS];

struct h *neighbour_new(enum neighbour_kind kind);
void neighbour_send(struct h *h, enum neighbour_kind kind);
void neighbour_change_filter(struct h *h);
void neighbour_receive(struct h *h, u32 ctx, u32 len);
void neighbour_load(struct h *h, enum neighbour_kind kind);
u64 neighbour_sent(const struct h *h, u32 ctx);

#endif /* NEIGHBOUR_H */
