/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The NIC, as a board sees it.
 *
 * A board calls fw_nic_init() once and fw_nic_step() for as long as it runs;
 * each step is bounded, and nothing waits in it. The firmware calls the board
 * through struct fw_board_ops only.
 *
 * The rooms of the core, each of which calls only those below it:
 *
 *	nic      the event loop
 *	host     what the host asks: mailboxes, admin commands
 *	tx       which context sends next; frames; segmentation
 *	switch   where a frame goes; the wire
 *	rx       delivery of a frame to a context; aggregation
 *	ctx      contexts, queues, descriptor rings, status, interrupts
 *	notify   what the NIC reports: completions, events, bit vectors
 *	base     compiler, board, packet headers, packet memory, token buckets
 *
 * What lower rooms need of upper ones they get from nic.c as a table of
 * operations (base/hooks.h). state.h has the memory of all rooms.
 */
#ifndef FW_NIC_H
#define FW_NIC_H

#include "state.h"

/* What was busy, or failed, is tried again after that long */
#define FW_WIRE_RETRY_NS	20000
#define FW_HOST_RETRY_NS	1000000

int fw_nic_init(struct fw_nic *nic, const struct fw_board_ops *ops,
		void *board, const struct fw_config *config);
void fw_nic_reset(struct fw_nic *nic);
bool fw_nic_step(struct fw_nic *nic);
u64 fw_nic_deadline(const struct fw_nic *nic);

#endif /* FW_NIC_H */
