/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The admin queue: privileged commands from the host to the NIC.
 */
#ifndef CDNA_ADMINQ_H
#define CDNA_ADMINQ_H

#include <linux/completion.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <cdna/admin.h>
#include <cdna/regs.h>
#include <cdna/rings.h>

struct cdna_nic;

#define CDNA_ADMINQ_SLOTS	CDNA_MAX_ADMIN_RING

/**
 * enum cdna_adminq_state - state of a slot
 * @CDNA_ADMINQ_FREE: not in use
 * @CDNA_ADMINQ_WAITED: its command is in flight, the caller waits
 * @CDNA_ADMINQ_ABANDONED: its command is in flight, the caller has timed out
 * @CDNA_ADMINQ_DONE: completed, or aborted because the NIC is dead
 */
enum cdna_adminq_state {
	CDNA_ADMINQ_FREE,
	CDNA_ADMINQ_WAITED,
	CDNA_ADMINQ_ABANDONED,
	CDNA_ADMINQ_DONE,
};

/**
 * struct cdna_adminq_slot - a command in flight
 * @state: enum cdna_adminq_state
 * @answered: the NIC has completed it: @result is valid
 * @opcode: of the command
 * @tag: slot number, and above it how often the slot was used
 * @done: what the caller waits for
 * @result: the completion
 */
struct cdna_adminq_slot {
	enum cdna_adminq_state state;
	bool answered;
	u16 opcode;
	u16 tag;
	struct completion done;
	struct cdna_admin_completion result;
};

/**
 * struct cdna_adminq - the admin queue of a NIC
 * @nic: the NIC
 * @lock: protects all below
 * @sq: submission ring
 * @sq_dma: its DMA address
 * @cq: completion ring
 * @cq_dma: its DMA address
 * @tail: free-running index one past the last command submitted
 * @cons: free-running index one past the last completion taken
 * @drains: drains in flight
 * @in_use: slots that are not free
 * @closed: commands are not accepted
 * @room: callers that wait for a slot
 * @slot: commands in flight
 *
 * There are as many slots as each ring has entries: a command that has a slot
 * has room in both.
 */
struct cdna_adminq {
	struct cdna_nic *nic;
	spinlock_t lock; /* protects all below; taken in interrupts */
	struct cdna_admin_cmd *sq;
	dma_addr_t sq_dma;
	struct cdna_ring_header *cq;
	dma_addr_t cq_dma;
	u32 tail;
	u32 cons;
	u32 drains;
	u32 in_use;
	bool closed;
	wait_queue_head_t room;
	struct cdna_adminq_slot slot[CDNA_ADMINQ_SLOTS];
};

int cdna_adminq_alloc(struct cdna_nic *nic);
int cdna_adminq_open(struct cdna_nic *nic);
struct cdna_adminq_slot *cdna_adminq_submit(struct cdna_nic *nic,
					    const struct cdna_admin_cmd *cmd);
int cdna_adminq_wait(struct cdna_nic *nic, struct cdna_adminq_slot *slot,
		     const struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done, unsigned long end);
int cdna_adminq_run(struct cdna_nic *nic, const struct cdna_admin_cmd *cmd,
		    struct cdna_admin_completion *done);
void cdna_adminq_fail(struct cdna_nic *nic, const char *why);
void cdna_adminq_poll(struct cdna_nic *nic);
void cdna_adminq_abort(struct cdna_nic *nic);

#endif /* CDNA_ADMINQ_H */
