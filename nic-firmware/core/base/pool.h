/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Packet memory: cells of 2 KiB in one arena, two budgets (transmit, receive)
 * that all contexts share, and a bound on what each may take (paper 4).
 */
#ifndef FW_POOL_H
#define FW_POOL_H

#include "base/board.h"

#define FW_CELL_BYTES		2048
#define FW_CELL_HEADROOM	16	/* of a frame's first cell: VLAN tag */
#define FW_CELLS_PER_CTX	64	/* of each budget: 128 KiB (paper 4) */
#define FW_BUDGET_CELLS		(FW_CELLS_PER_CTX * FW_MAX_CONTEXTS)
#define FW_NR_CELLS		(FW_NR_BUDGETS * FW_BUDGET_CELLS)
#define FW_WIRE_CELLS		8	/* of the receive budget: for landing */

/* Owner of frames that came from the wire and are not yet a context's */
#define FW_OWNER_WIRE		FW_MAX_CONTEXTS
#define FW_NR_OWNERS		(FW_MAX_CONTEXTS + 1)

enum fw_budget {
	FW_BUDGET_TX,
	FW_BUDGET_RX,
	FW_NR_BUDGETS,
};

/**
 * struct fw_cell - a cell of packet memory
 * @next: next cell of the frame, or of the free list
 * @start: first byte in use
 * @len: bytes in use
 * @data: the bytes
 */
struct fw_cell {
	struct fw_cell *next;
	u16 start;
	u16 len;
	u8 data[FW_CELL_BYTES];
};

/**
 * struct fw_frame - a frame in packet memory, passed by value
 * @head: first cell; all headers are in it
 * @tail: last cell
 * @len: bytes in all cells
 * @owner: context that it is charged to, or FW_OWNER_WIRE
 * @budget: enum fw_budget that it is charged to
 * @cells: how many cells
 */
struct fw_frame {
	struct fw_cell *head;
	struct fw_cell *tail;
	u32 len;
	u16 owner;
	u8 budget;
	u8 cells;
};

/**
 * struct fw_pool - packet memory
 * @free: free list
 * @used: cells in use, by budget
 * @held: cells in use, by budget and owner
 * @waiting: owners below their share that were refused since they last got
 *	some, by budget
 * @nr_waiting: how many wait, by budget
 * @freed: cells were freed, or a claim was withdrawn, since that was last
 *	looked at: an owner that was refused may try again
 * @owners: contexts between which the budgets are divided (those not FREE)
 * @cell: the cells
 */
struct fw_pool {
	struct fw_cell *free;
	u32 used[FW_NR_BUDGETS];
	u16 held[FW_NR_BUDGETS][FW_NR_OWNERS];
	bool waiting[FW_NR_BUDGETS][FW_NR_OWNERS];
	u32 nr_waiting[FW_NR_BUDGETS];
	bool freed;
	u32 owners;
	struct fw_cell cell[FW_NR_CELLS];
};

static inline u8 *fw_frame_data(const struct fw_frame *frame)
{
	return frame->head->data + frame->head->start;
}

void fw_pool_init(struct fw_pool *pool);
bool fw_pool_alloc(struct fw_pool *pool, enum fw_budget budget, u32 owner,
		   u32 bytes, struct fw_frame *frame);
void fw_pool_free(struct fw_pool *pool, struct fw_frame *frame);
void fw_pool_trim(struct fw_pool *pool, struct fw_frame *frame, u32 bytes);
bool fw_pool_move(struct fw_pool *pool, struct fw_frame *frame,
		  enum fw_budget budget, u32 owner);
void fw_pool_append(struct fw_pool *pool, struct fw_frame *frame,
		    struct fw_frame *more);
void fw_pool_resign(struct fw_pool *pool, enum fw_budget budget, u32 owner);
void fw_pool_forget(struct fw_pool *pool, u32 owner);
u32 fw_pool_share(const struct fw_pool *pool, enum fw_budget budget);
u32 fw_frame_iov(const struct fw_frame *frame, struct fw_iov *iov, u32 max);

#endif /* FW_POOL_H */
