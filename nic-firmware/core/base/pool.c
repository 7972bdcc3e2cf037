// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Packet memory (paper 4): a free list of cells, and which owner may take from
 * it.
 *
 * A context may always hold its share of a budget, as far as cells are left.
 * It may hold more while no context below its own share has been refused.
 */
#include "base/pool.h"

/**
 * fw_pool_init() - put all cells on the free list
 * @pool: packet memory; nothing may hold a frame
 */
void fw_pool_init(struct fw_pool *pool)
{
	u32 i, b;

	pool->free = NULL;
	pool->owners = 0;
	pool->freed = false;
	for (i = FW_NR_CELLS; i > 0; i--) {
		pool->cell[i - 1].next = pool->free;
		pool->free = &pool->cell[i - 1];
	}
	for (b = 0; b < FW_NR_BUDGETS; b++) {
		pool->used[b] = 0;
		pool->nr_waiting[b] = 0;
		for (i = 0; i < FW_NR_OWNERS; i++) {
			pool->held[b][i] = 0;
			pool->waiting[b][i] = false;
		}
	}
}

/* Cells of a budget that contexts may hold all together */
static u32 pool_divided(enum fw_budget budget)
{
	return budget == FW_BUDGET_RX ? FW_BUDGET_CELLS - FW_WIRE_CELLS :
					FW_BUDGET_CELLS;
}

/**
 * fw_pool_share() - how many cells a context may hold in any case
 * @pool: packet memory
 * @budget: which budget
 *
 * Return: cells: the budget divided by the contexts that are not FREE
 */
u32 fw_pool_share(const struct fw_pool *pool, enum fw_budget budget)
{
	u32 owners = pool->owners;

	return pool_divided(budget) / (owners ? owners : 1);
}

/* May @owner hold @n cells more? If not, say whether it waits for its share. */
static bool pool_allowed(struct fw_pool *pool, enum fw_budget budget, u32 owner,
			 u32 n, bool *deprived)
{
	u32 total = pool_divided(budget);
	u32 others = pool->nr_waiting[budget] - pool->waiting[budget][owner];
	u32 held = pool->held[budget][owner] + n;

	*deprived = false;
	if (owner == FW_OWNER_WIRE)
		return pool->used[budget] + n <= FW_BUDGET_CELLS;
	/* No share is smaller than this, and a division takes its time. */
	if (pool->used[budget] + n <= total &&
	    (!others || held < FW_CELLS_PER_CTX - FW_WIRE_CELLS))
		return true;
	*deprived = held <= fw_pool_share(pool, budget);
	return *deprived && pool->used[budget] + n <= total;
}

/**
 * fw_pool_resign() - an owner no longer waits for packet memory
 * @pool: packet memory
 * @budget: which budget
 * @owner: context, or FW_OWNER_WIRE
 */
void fw_pool_resign(struct fw_pool *pool, enum fw_budget budget, u32 owner)
{
	if (!pool->waiting[budget][owner])
		return;
	pool->waiting[budget][owner] = false;
	pool->nr_waiting[budget]--;
	/* Others may hold more than their shares again. */
	pool->freed = true;
}

static void pool_wait(struct fw_pool *pool, enum fw_budget budget, u32 owner)
{
	if (pool->waiting[budget][owner])
		return;
	pool->waiting[budget][owner] = true;
	pool->nr_waiting[budget]++;
}

static void pool_charge(struct fw_pool *pool, const struct fw_frame *frame)
{
	pool->used[frame->budget] += frame->cells;
	pool->held[frame->budget][frame->owner] += frame->cells;
}

static void pool_credit(struct fw_pool *pool, u32 budget, u32 owner, u32 cells)
{
	pool->used[budget] -= cells;
	pool->held[budget][owner] -= (u16)cells;
	pool->freed = true;
}

/* Cells for @bytes: the first one has headroom for a tag */
static u32 pool_cells(u32 bytes)
{
	if (bytes <= FW_CELL_BYTES - FW_CELL_HEADROOM)
		return 1;
	return (bytes + FW_CELL_HEADROOM + FW_CELL_BYTES - 1) / FW_CELL_BYTES;
}

static void pool_take(struct fw_pool *pool, struct fw_frame *frame)
{
	struct fw_cell *cell = pool->free;
	u32 left = frame->len;
	u32 start = FW_CELL_HEADROOM;
	u32 i;

	frame->head = cell;
	for (i = 0; i < frame->cells; i++) {
		frame->tail = cell;
		cell->start = (u16)start;
		cell->len = (u16)FW_MIN(left, FW_CELL_BYTES - start);
		left -= cell->len;
		start = 0;
		cell = cell->next;
	}
	pool->free = cell;
	frame->tail->next = NULL;
}

/**
 * fw_pool_alloc() - packet memory for a frame
 * @pool: packet memory
 * @budget: which budget it is charged to
 * @owner: context that it is charged to, or FW_OWNER_WIRE
 * @bytes: length of the frame
 * @frame: where to put it; the cells are sized for @bytes, not cleared
 *
 * An owner that is refused what its share allows is remembered: until it gets
 * some or resigns, no owner gets more than a share.
 *
 * Return: whether it was granted
 */
bool fw_pool_alloc(struct fw_pool *pool, enum fw_budget budget, u32 owner,
		   u32 bytes, struct fw_frame *frame)
{
	u32 cells = pool_cells(bytes);
	bool deprived;

	if (cells > 0xff)
		return false;
	if (!pool_allowed(pool, budget, owner, cells, &deprived)) {
		if (deprived)
			pool_wait(pool, budget, owner);
		return false;
	}
	frame->len = bytes;
	frame->owner = (u16)owner;
	frame->budget = (u8)budget;
	frame->cells = (u8)cells;
	pool_take(pool, frame);
	pool_charge(pool, frame);
	fw_pool_resign(pool, budget, owner);
	return true;
}

/**
 * fw_pool_free() - release a frame's packet memory
 * @pool: packet memory
 * @frame: the frame; has no cells afterwards. May have none before
 */
void fw_pool_free(struct fw_pool *pool, struct fw_frame *frame)
{
	if (!frame->head)
		return;
	frame->tail->next = pool->free;
	pool->free = frame->head;
	frame->head = NULL;
	frame->tail = NULL;
	pool_credit(pool, frame->budget, frame->owner, frame->cells);
	frame->cells = 0;
	frame->len = 0;
}

/**
 * fw_pool_trim() - shorten a frame and free the cells that it no longer needs
 * @pool: packet memory
 * @frame: the frame
 * @bytes: its new length, not more than its present one
 */
void fw_pool_trim(struct fw_pool *pool, struct fw_frame *frame, u32 bytes)
{
	struct fw_cell *cell = frame->head;
	struct fw_frame rest = *frame;
	u32 left = bytes;
	u32 kept = 1;

	while (cell->len < left) {
		left -= cell->len;
		cell = cell->next;
		kept++;
	}
	cell->len = (u16)left;
	frame->len = bytes;
	if (cell == frame->tail)
		return;
	rest.head = cell->next;
	rest.cells = (u8)(frame->cells - kept);
	cell->next = NULL;
	frame->tail = cell;
	frame->cells = (u8)kept;
	fw_pool_free(pool, &rest);
}

/**
 * fw_pool_move() - charge a frame to another budget or owner
 * @pool: packet memory
 * @frame: the frame
 * @budget: new budget
 * @owner: new owner
 *
 * Return: whether the new owner's share allows it; if not, nothing has changed
 */
bool fw_pool_move(struct fw_pool *pool, struct fw_frame *frame,
		  enum fw_budget budget, u32 owner)
{
	struct fw_frame old = *frame;
	bool deprived;

	if (frame->budget == budget && frame->owner == owner)
		return true;
	/* Within a budget, what it holds now is not in the way. */
	pool->used[old.budget] -= old.cells;
	if (!pool_allowed(pool, budget, owner, old.cells, &deprived)) {
		pool->used[old.budget] += old.cells;
		return false;
	}
	pool->used[old.budget] += old.cells;
	frame->budget = (u8)budget;
	frame->owner = (u16)owner;
	pool_charge(pool, frame);
	pool_credit(pool, old.budget, old.owner, old.cells);
	return true;
}

/**
 * fw_pool_append() - add a frame's bytes to the end of another
 * @pool: packet memory
 * @frame: the frame that grows, to at most 255 cells
 * @more: what is added; charged to the same owner and budget. Has no cells
 *	afterwards
 */
void fw_pool_append(struct fw_pool *pool, struct fw_frame *frame,
		    struct fw_frame *more)
{
	(void)pool;
	frame->tail->next = more->head;
	frame->tail = more->tail;
	frame->len += more->len;
	frame->cells = (u8)(frame->cells + more->cells);
	more->head = NULL;
	more->tail = NULL;
	more->cells = 0;
	more->len = 0;
}

/**
 * fw_pool_forget() - an owner ceases to exist and waits for nothing
 * @pool: packet memory
 * @owner: context
 */
void fw_pool_forget(struct fw_pool *pool, u32 owner)
{
	fw_pool_resign(pool, FW_BUDGET_TX, owner);
	fw_pool_resign(pool, FW_BUDGET_RX, owner);
}

/**
 * fw_frame_iov() - the pieces of a frame
 * @frame: the frame
 * @iov: where to list them
 * @max: room there
 *
 * Return: how many pieces; more than @max if they did not fit
 */
u32 fw_frame_iov(const struct fw_frame *frame, struct fw_iov *iov, u32 max)
{
	struct fw_cell *cell;
	u32 n = 0;

	for (cell = frame->head; cell; cell = cell->next, n++) {
		if (n >= max)
			return n + 1;
		iov[n].base = cell->data + cell->start;
		iov[n].len = cell->len;
	}
	return n;
}
