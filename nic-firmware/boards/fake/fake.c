// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake board: memory, SRAM, interrupts, clock, log.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake.h"

#define FAKE_COLOUR	(9 * CDNA_PAGE_SIZE)

static void fake_abort(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: check failed: %s\n", file, line, what);
	abort();
}

void (*fake_fail)(const char *what, const char *file, int line) = fake_abort;

static u32 fake_region_of(u32 tag)
{
	FAKE_CHECK(tag < CDNA_MAX_CONTEXTS || tag == FW_DMA_HOST);
	return tag == FW_DMA_HOST ? CDNA_MAX_CONTEXTS : tag;
}

static u64 fake_bus(u32 region)
{
	return region == CDNA_MAX_CONTEXTS ? FAKE_HOST_BUS :
					     FAKE_CTX_BUS(region);
}

/* Memory that is aligned to huge pages and backed where it is touched */
static void *fake_map(size_t bytes)
{
	const size_t huge = 2u << 20;
	u8 *mem = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before;

	FAKE_CHECK(mem != MAP_FAILED);
	before = (huge - (uintptr_t)mem % huge) % huge;
	if (before)
		munmap(mem, before);
	munmap(mem + before + bytes, huge - before);
	return mem + before;
}

static u8 *fake_region_mem(struct fake_board *board, u32 nr)
{
	struct fake_region *region = &board->region[nr];

	if (region->mem)
		return region->mem;
	region->mem = fake_map(FAKE_REGION_BYTES);
	if (board->huge_pages)
		madvise(region->mem, FAKE_REGION_BYTES, MADV_HUGEPAGE);
	return region->mem;
}

/**
 * fake_new() - make a board: link up, nothing else
 *
 * Return: the board, to be given to fake_free()
 */
struct fake_board *fake_new(void)
{
	struct fake_board *board = calloc(1, sizeof(*board));

	FAKE_CHECK(board);
	board->link = true;
	board->now = 1000000;
	board->sram = calloc(1, CDNA_BAR_SRAM_SIZE);
	FAKE_CHECK(board->sram);
	board->in.data = fake_map(FAKE_WIRE_BYTES);
	board->out.data = fake_map(FAKE_WIRE_BYTES);
	return board;
}

/**
 * fake_reset() - make a board as if it were new, in less time
 * @board: it
 */
void fake_reset(struct fake_board *board)
{
	struct fake_fifo in = { .data = board->in.data };
	struct fake_fifo out = { .data = board->out.data };
	u32 *sram = board->sram;
	u8 *mem[FAKE_NR_TAGS];
	u32 i;

	for (i = 0; i < FAKE_NR_TAGS; i++) {
		mem[i] = board->region[i].mem;
		if (mem[i])
			memset(mem[i], 0, board->region[i].high);
	}
	memset(sram, 0, CDNA_BAR_SRAM_SIZE);
	memset(board, 0, sizeof(*board));
	for (i = 0; i < FAKE_NR_TAGS; i++)
		board->region[i].mem = mem[i];
	board->in = in;
	board->out = out;
	board->sram = sram;
	board->link = true;
	board->now = 1000000;
}

/**
 * fake_free() - end a board
 * @board: it
 */
void fake_free(struct fake_board *board)
{
	u32 i;

	for (i = 0; i < FAKE_NR_TAGS; i++)
		if (board->region[i].mem)
			munmap(board->region[i].mem, FAKE_REGION_BYTES);
	munmap(board->in.data, FAKE_WIRE_BYTES);
	munmap(board->out.data, FAKE_WIRE_BYTES);
	free(board->sram);
	free(board);
}

/**
 * fake_alloc() - take memory of a tag
 * @board: the board
 * @tag: whose DMA shall reach it: a context or FW_DMA_HOST
 * @bytes: how much
 * @align: power of two
 *
 * Return: its bus address; the memory may hold old bytes
 */
u64 fake_alloc(struct fake_board *board, u32 tag, u32 bytes, u32 align)
{
	u32 nr = fake_region_of(tag);
	struct fake_region *region = &board->region[nr];
	u32 at;

	/* Not all regions alike, or they would share the same cache sets. */
	if (!region->used)
		region->used = nr * FAKE_COLOUR;
	at = (region->used + align - 1) & ~(align - 1);
	FAKE_CHECK(at + bytes <= FAKE_REGION_BYTES);
	region->used = at + bytes;
	region->high = FW_MAX(region->high, region->used);
	return fake_bus(nr) + at;
}

/**
 * fake_alloc_reset() - reclaim all memory of a tag
 * @board: the board
 * @tag: context or FW_DMA_HOST
 */
void fake_alloc_reset(struct fake_board *board, u32 tag)
{
	board->region[fake_region_of(tag)].used = 0;
}

/**
 * fake_ptr() - where a bus address is
 * @board: the board
 * @addr: bus address of a region, any that fake_alloc() gives
 *
 * Return: the byte there, for the test to read and write
 */
void *fake_ptr(struct fake_board *board, u64 addr)
{
	u32 nr = CDNA_MAX_CONTEXTS;

	if (addr >= FAKE_CTX_BUS(0))
		nr = (u32)((addr - FAKE_CTX_BUS(0)) >> 32);
	FAKE_CHECK(nr < FAKE_NR_TAGS);
	FAKE_CHECK(addr - fake_bus(nr) < FAKE_REGION_BYTES);
	return fake_region_mem(board, nr) + (addr - fake_bus(nr));
}

/**
 * fake_mark() - remember how much DMA a tag has done
 * @board: the board
 * @tag: context or FW_DMA_HOST
 */
void fake_mark(struct fake_board *board, u32 tag)
{
	struct fake_region *region = &board->region[fake_region_of(tag)];

	region->mark = region->accesses;
}

/**
 * fake_touched() - DMA since the mark
 * @board: the board
 * @tag: context or FW_DMA_HOST
 *
 * Return: accesses tried with this tag since fake_mark(), failed ones too
 */
u64 fake_touched(const struct fake_board *board, u32 tag)
{
	const struct fake_region *region = &board->region[fake_region_of(tag)];

	return region->accesses - region->mark;
}

/**
 * fake_hole_add() - make bus addresses fail
 * @board: the board
 * @addr: first
 * @len: bytes
 * @read: reads by the NIC fail
 * @write: writes by the NIC fail
 */
void fake_hole_add(struct fake_board *board, u64 addr, u64 len, bool read,
		   bool write)
{
	struct fake_hole hole = {
		.addr = addr, .len = len, .read = read, .write = write,
	};

	FAKE_CHECK(board->holes < FAKE_HOLES);
	board->hole[board->holes++] = hole;
}

/**
 * fake_holes_clear() - all memory works again, and fake_fail_nth() is off
 * @board: the board
 */
void fake_holes_clear(struct fake_board *board)
{
	board->holes = 0;
	board->fail_in = 0;
}

/**
 * fake_fail_nth() - make one access fail
 * @board: the board
 * @tag: DMA with this tag counts
 * @n: which from now on, 1: the next
 */
void fake_fail_nth(struct fake_board *board, u32 tag, u32 n)
{
	board->fail_tag = tag;
	board->fail_in = n;
}

static bool fake_in_hole(const struct fake_board *board, u64 addr, u32 len,
			 bool write)
{
	u32 i;

	for (i = 0; i < board->holes; i++) {
		const struct fake_hole *hole = &board->hole[i];

		if (!(write ? hole->write : hole->read))
			continue;
		if (addr < hole->addr + hole->len && hole->addr < addr + len)
			return true;
	}
	return false;
}

static void fake_trace(struct fake_board *board, u16 tag, u64 addr, u32 len,
		       bool write, bool failed)
{
	struct fake_dma dma = {
		.tag = tag, .write = write, .failed = failed,
		.addr = addr, .len = len,
	};

	board->trace[board->traced++ % FAKE_DMA_TRACE] = dma;
}

/* Return: where an access goes, NULL if it fails */
static u8 *fake_access(struct fake_board *board, u16 tag, u64 addr, u32 len,
		       bool write)
{
	u32 nr = fake_region_of(tag);
	struct fake_region *region = &board->region[nr];
	u64 offset = addr - fake_bus(nr);
	bool failed = false;

	region->accesses++;
	if (board->fail_in && board->fail_tag == tag && !--board->fail_in)
		failed = true;
	if (offset >= FAKE_REGION_BYTES || len > FAKE_REGION_BYTES - offset) {
		board->violations++;
		failed = true;
	}
	if (board->holes && fake_in_hole(board, addr, len, write))
		failed = true;
	if (board->tracing)
		fake_trace(board, tag, addr, len, write, failed);
	if (failed)
		return NULL;
	region->high = FW_MAX(region->high, (u32)offset + len);
	return fake_region_mem(board, nr) + offset;
}

static int fake_dma_read(void *opaque, u16 tag, u64 addr, void *dst, u32 len)
{
	u8 *mem = fake_access(opaque, tag, addr, len, false);

	if (!mem)
		return FW_EFAULT;
	memcpy(dst, mem, len);
	return FW_OK;
}

static int fake_dma_write(void *opaque, u16 tag, u64 addr, const void *src,
			  u32 len)
{
	u8 *mem = fake_access(opaque, tag, addr, len, true);

	if (!mem)
		return FW_EFAULT;
	memcpy(mem, src, len);
	return FW_OK;
}

static void fake_raise(void *opaque, u32 vector)
{
	struct fake_board *board = opaque;

	FAKE_CHECK(vector < CDNA_NR_VECTORS);
	board->raised[vector]++;
}

static bool fake_wire_up(void *opaque)
{
	return ((struct fake_board *)opaque)->link;
}

static u64 fake_now(void *opaque)
{
	return ((struct fake_board *)opaque)->now;
}

const struct fw_board_ops fake_ops = {
	.dma_read = fake_dma_read,
	.dma_write = fake_dma_write,
	.wire_send = fake_wire_send,
	.wire_poll = fake_wire_poll,
	.wire_up = fake_wire_up,
	.mailbox_partitions = fake_mailbox_partitions,
	.mailbox_take = fake_mailbox_take,
	.sram_read = fake_sram_read,
	.sram_write = fake_sram_write,
	.raise = fake_raise,
	.now = fake_now,
	.log = fake_log,
};
