/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fake board: arrays for memory, SRAM and the wire, for unit tests,
 * fuzzing and benchmarks.
 *
 * Memory is one flat region per DMA tag, each at its own bus address above
 * 4 GiB. DMA with a tag reaches that tag's region and nothing else, as behind
 * an IOMMU that works per context; any other access fails and is counted.
 * Nothing happens by itself: the clock does not move, the wire has what the test
 * put there.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdio.h>

#include "nic.h"

#define FAKE_REGION_BYTES	(64u << 20)	/* backed where it is touched */
#define FAKE_HOST_BUS		0x100000000ull
#define FAKE_CTX_BUS(ctx)	(0x10000000000ull + ((u64)(ctx) << 32))
#define FAKE_NR_TAGS		(CDNA_MAX_CONTEXTS + 1)

#define FAKE_WIRE_FRAMES	16384	/* in each direction */
#define FAKE_WIRE_BYTES		(32u << 20)
#define FAKE_DMA_TRACE		1024	/* accesses remembered */
#define FAKE_LOG_LINES		64
#define FAKE_HOLES		16

/* How a check of the board or harness fails; aborts unless a test sets it. */
extern void (*fake_fail)(const char *what, const char *file, int line);

#define FAKE_CHECK(cond) \
	do { \
		if (!(cond)) \
			fake_fail(#cond, __FILE__, __LINE__); \
	} while (0)

/**
 * struct fake_dma - an access that the firmware tried
 * @tag: context or FW_DMA_HOST
 * @write: NIC to memory
 * @failed: it was refused
 * @addr: bus address
 * @len: bytes
 */
struct fake_dma {
	u16 tag;
	bool write;
	bool failed;
	u64 addr;
	u32 len;
};

/**
 * struct fake_hole - bus addresses that DMA cannot reach
 * @addr: first
 * @len: bytes, 0: entry not in use
 * @read: reads fail
 * @write: writes fail
 */
struct fake_hole {
	u64 addr;
	u64 len;
	bool read;
	bool write;
};

/**
 * struct fake_region - memory of a DMA tag
 * @mem: the bytes, NULL before the first use
 * @used: bytes given out by fake_alloc()
 * @high: bytes that may not be zero
 * @accesses: DMA that was tried with this tag, failed or not
 * @mark: @accesses at fake_mark()
 */
struct fake_region {
	u8 *mem;
	u32 used;
	u32 high;
	u64 accesses;
	u64 mark;
};

/**
 * struct fake_fifo - frames on one direction of the wire
 * @head: free-running: next to take
 * @tail: free-running: next to put
 * @bytes: free-running: bytes put
 * @at: where each starts, as @bytes was
 * @len: bytes of each
 * @data: the bytes
 */
struct fake_fifo {
	u32 head;
	u32 tail;
	u64 bytes;
	u64 at[FAKE_WIRE_FRAMES];
	u32 len[FAKE_WIRE_FRAMES];
	u8 *data;
};

/* A line that the firmware logged */
struct fake_log {
	enum fw_log_level level;
	char what[80];
	u32 a;
	u32 b;
};

/**
 * struct fake_board - the board
 * @now: the clock in ns; tests set it
 * @link: the wire has a link
 * @busy: wire_send refuses that many more frames with FW_EBUSY
 * @paced: wire_send takes @room more bytes, then refuses with FW_EBUSY
 * @room: bytes that the wire still takes; tests give it more
 * @stuck: it has refused a frame for lack of @room
 * @discard: count sent frames but do not keep them (benchmarks)
 * @repeat: wire_poll gives the queued frames round and round, that many
 * @fail_tag: DMA with this tag counts for @fail_in
 * @fail_in: the access of that number from now fails, 1: the next; 0: none
 * @hole: bus addresses that fail
 * @holes: how many
 * @huge_pages: memory of contexts is in huge pages, so that a benchmark does
 *	not measure this machine's TLB, which DMA does not use
 * @violations: DMA outside of the tag's region
 * @trace: accesses, at free-running @traced modulo FAKE_DMA_TRACE
 * @traced: accesses traced so far
 * @tracing: record them
 * @sram: BAR0 as 32-bit words in processor order
 * @level1: partitions with mailbox events
 * @level2: mailboxes with events, by partition
 * @raised: MSI-X messages by vector
 * @out: frames sent, oldest overwritten when full
 * @in: frames to be received
 * @sink: called with each sent frame instead of keeping it in @out
 * @sink_arg: its first argument
 * @sent: frames sent
 * @sent_bytes: their bytes
 * @polls: calls of wire_poll
 * @log: lines, at free-running @logged modulo FAKE_LOG_LINES
 * @logged: lines logged so far
 * @region: memory; the last is the host's
 */
struct fake_board {
	u64 now;
	bool link;
	u32 busy;
	bool paced;
	u64 room;
	bool stuck;
	bool discard;
	u64 repeat;
	u32 fail_tag;
	u32 fail_in;
	struct fake_hole hole[FAKE_HOLES];
	u32 holes;
	bool huge_pages;
	u64 violations;
	struct fake_dma trace[FAKE_DMA_TRACE];
	u32 traced;
	bool tracing;
	u32 *sram;
	u32 level1[FW_EVENT_WORDS];
	u32 level2[CDNA_MAX_CONTEXTS + 1];
	u32 raised[CDNA_NR_VECTORS];
	struct fake_fifo out;
	struct fake_fifo in;
	void (*sink)(void *arg, const u8 *frame, u32 len);
	void *sink_arg;
	u64 sent;
	u64 sent_bytes;
	u64 polls;
	struct fake_log log[FAKE_LOG_LINES];
	u32 logged;
	struct fake_region region[FAKE_NR_TAGS];
};

extern const struct fw_board_ops fake_ops;

struct fake_board *fake_new(void);
void fake_reset(struct fake_board *board);
void fake_free(struct fake_board *board);

/* Memory (fake.c). @tag is a context or FW_DMA_HOST. */
u64 fake_alloc(struct fake_board *board, u32 tag, u32 bytes, u32 align);
void fake_alloc_reset(struct fake_board *board, u32 tag);
void *fake_ptr(struct fake_board *board, u64 addr);
void fake_mark(struct fake_board *board, u32 tag);
u64 fake_touched(const struct fake_board *board, u32 tag);

/* DMA failures */
void fake_hole_add(struct fake_board *board, u64 addr, u64 len, bool read,
		   bool write);
void fake_holes_clear(struct fake_board *board);
void fake_fail_nth(struct fake_board *board, u32 tag, u32 n);

/* Parts of fake_ops (fake_sram.c, fake_wire.c) */
u32 fake_mailbox_partitions(void *opaque, u32 word);
u32 fake_mailbox_take(void *opaque, u32 partition);
u32 fake_sram_read(void *opaque, u32 offset);
void fake_sram_write(void *opaque, u32 offset, u32 value);
int fake_wire_send(void *opaque, const struct fw_iov *iov, u32 count);
int fake_wire_poll(void *opaque, const struct fw_iov *iov, u32 count);
void fake_log(void *opaque, enum fw_log_level level, const char *what, u32 a,
	      u32 b);

/* SRAM as the bus sees it: stores into mailboxes are events (fake_sram.c) */
void fake_sram_store(struct fake_board *board, u32 offset, u32 value);
u32 fake_sram_load(const struct fake_board *board, u32 offset);
void fake_mbox_store(struct fake_board *board, u32 partition, u32 mbox,
		     u32 value);

/* The wire (fake_wire.c) */
bool fake_wire_push(struct fake_board *board, const void *frame, u32 len);
u32 fake_wire_next(struct fake_board *board, u8 *frame, u32 max);
u32 fake_wire_pending(const struct fake_board *board);
void fake_wire_clear(struct fake_board *board);
void fake_wire_connect(struct fake_board *a, struct fake_board *b);

bool fake_logged(const struct fake_board *board, const char *what);

#endif /* FAKE_H */
