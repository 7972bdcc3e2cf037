// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of virtqueues, good and bad. What depends on indices only is in
 * test_virtq_events.c, and random rings are in test_virtq_hostile.c.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>
#include <linux/unaligned.h>

#include <cdna/regs.h>

#include "virtq_machine.h"

#define NEXT		VRING_DESC_F_NEXT
#define WRITE		VRING_DESC_F_WRITE
#define INDIRECT	VRING_DESC_F_INDIRECT
#define SIZE		64
#define BUF		(RAM_AT + 0x2000)	/* begins a page, and so does RAM_AT */
#define TABLE		0x800u			/* from RAM_AT */

static struct cdna_virtq_chain chain;
static struct virtq_machine *m;

static int fresh(void **state)
{
	(void)state;
	if (!m)
		m = machine_new(SIZE);
	machine_reset(m);
	m->vq.indirect = true;
	memset(&chain, 0xee, sizeof(chain));
	return 0;
}

static int fresh_receive(void **state)
{
	fresh(state);
	m->vq.write = true;
	return 0;
}

static int walk(u16 head)
{
	machine_offer(m, head);
	return cdna_virtq_next(&m->vq, &chain);
}

/* The chain that begins with descriptor 0 stops the queue, and stays next. */
static void assert_fault(enum cdna_vfault fault)
{
	u16 next = m->vq.next;

	assert_int_equal(walk(0), -1);
	assert_int_equal(m->vq.fault, fault);
	assert_int_equal(m->vq.error, 0);
	assert_int_equal(m->vq.next, next);
}

static void assert_piece(u32 i, u64 addr, u32 len)
{
	assert_true(i < chain.pieces);
	assert_true(chain.piece[i].addr == addr);
	assert_int_equal(chain.piece[i].len, len);
}

/* The chain that begins with descriptor 0 is one that no NIC can send. */
static void assert_drop(u64 addr, u32 len)
{
	assert_int_equal(walk(0), 1);
	assert_true(chain.drop);
	assert_int_equal(chain.pieces, 1);
	assert_int_equal(chain.bytes, len);
	assert_piece(0, addr, len);
}

static void assert_hdr(u64 addr)
{
	assert_memory_equal(chain.hdr, m->ram + (addr - RAM_AT),
			    sizeof(chain.hdr));
}

static void header_and_frame(void **state)
{
	(void)state;
	machine_desc(m, 5, BUF, 12, NEXT, 9);
	machine_desc(m, 9, BUF + 100, 1514, 0, 0);
	assert_int_equal(walk(5), 1);
	assert_int_equal(chain.head, 5);
	assert_false(chain.drop);
	assert_int_equal(chain.pieces, 1);
	assert_int_equal(chain.bytes, 1514);
	assert_piece(0, BUF + 100, 1514);
	assert_hdr(BUF);
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), 0);
	cdna_virtq_unget(&m->vq);
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
	assert_int_equal(chain.head, 5);
}

/* In one buffer with the frame, across a page; and byte by byte */
static void header_anywhere(void **state)
{
	u32 i;

	(void)state;
	machine_desc(m, 0, BUF + 0xff8, 112, 0, 0);
	assert_int_equal(walk(0), 1);
	assert_hdr(BUF + 0xff8);
	assert_int_equal(chain.pieces, 1);
	assert_piece(0, BUF + 0x1004, 100);

	for (i = 0; i < 11; i++)
		machine_desc(m, i, BUF + i, 1, NEXT, i + 1);
	machine_desc(m, 11, BUF + 11, 61, 0, 0);
	assert_int_equal(walk(0), 1);
	assert_hdr(BUF);
	assert_int_equal(chain.pieces, 1);
	assert_piece(0, BUF + 12, 60);
}

static void cut_at_pages(void **state)
{
	(void)state;
	machine_desc(m, 0, BUF, 12, NEXT, 1);
	machine_desc(m, 1, 0x7fffff001, 0x2fff, NEXT, 2);
	machine_desc(m, 2, 0x5000, 0x1000, 0, 0);
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.pieces, 4);
	assert_piece(0, 0x7fffff001, 0xfff);
	assert_piece(1, 0x800000000, 0x1000);
	assert_piece(2, 0x800001000, 0x1000);
	assert_piece(3, 0x5000, 0x1000);
}

/* Direct descriptors may come before an indirect one, whose direction is ignored. */
static void indirect_table(void **state)
{
	(void)state;
	machine_desc(m, 0, BUF, 8, NEXT, 1);
	machine_desc(m, 1, RAM_AT + TABLE, 3 * 16, INDIRECT | WRITE, 7);
	machine_entry(m, TABLE, 0, BUF + 8, 14, NEXT, 2);
	machine_entry(m, TABLE, 1, 0, 0, INDIRECT, 0);
	machine_entry(m, TABLE, 2, BUF + 0x40, 50, 0, 0);
	assert_int_equal(walk(0), 1);
	assert_hdr(BUF);
	assert_int_equal(chain.pieces, 2);
	assert_piece(0, BUF + 12, 10);
	assert_piece(1, BUF + 0x40, 50);
	assert_int_equal(m->reads, 3);
}

/* A table as long as the queue, the end of which is not in the scratch */
static void indirect_table_long(void **state)
{
	u32 i;

	(void)state;
	m->vq.write = true;
	machine_desc(m, 0, RAM_AT + TABLE, SIZE * 16, INDIRECT, 0);
	for (i = 0; i < SIZE; i++)
		machine_entry(m, TABLE, i, BUF + i, 1,
			      WRITE | (i < SIZE - 1 ? NEXT : 0), i + 1);
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.pieces, CDNA_MAX_VIRTIO_CHAIN);
	assert_int_equal(m->reads, 1 + SIZE - CDNA_VIRTQ_SCRATCH);
	/* One buffer more is too many, wherever it is. */
	machine_desc(m, 1, BUF, 1, WRITE | NEXT, 0);
	assert_int_equal(walk(1), -1);
	assert_int_equal(m->vq.fault, CDNA_VFAULT_CHAIN);
	m->vq.next++;
	machine_entry(m, TABLE, SIZE - 1, BUF, 1, WRITE | NEXT, SIZE - 1);
	assert_fault(CDNA_VFAULT_CHAIN);
	machine_entry(m, TABLE, SIZE - 1, BUF, 1, WRITE | NEXT, SIZE);
	assert_fault(CDNA_VFAULT_CHAIN);
}

static void indirect_refused(void **state)
{
	static const struct {
		u32 len;
		u16 flags;
		enum cdna_vfault fault;
	} bad[] = {
		{ 16, INDIRECT | NEXT, CDNA_VFAULT_FLAGS },
		{ 17, INDIRECT, CDNA_VFAULT_CHAIN },
		{ 8, INDIRECT, CDNA_VFAULT_CHAIN },
		{ 0, INDIRECT, CDNA_VFAULT_LENGTH },
		{ (SIZE + 1) * 16, INDIRECT, CDNA_VFAULT_CHAIN },
		{ 0xfffffff0, INDIRECT, CDNA_VFAULT_CHAIN },
	};
	u32 i;

	(void)state;
	machine_entry(m, TABLE, 0, BUF, 100, 0, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		machine_desc(m, 0, RAM_AT + TABLE, bad[i].len, bad[i].flags, 0);
		assert_fault(bad[i].fault);
	}
	machine_desc(m, 0, RAM_AT + TABLE, 16, INDIRECT, 0);
	assert_int_equal(walk(0), 1);
	m->vq.indirect = false;
	assert_fault(CDNA_VFAULT_FLAGS);
	/* A table in a table */
	m->vq.indirect = true;
	machine_entry(m, TABLE, 0, RAM_AT + TABLE, 16, INDIRECT, 0);
	assert_fault(CDNA_VFAULT_FLAGS);
}

static void chain_refused(void **state)
{
	(void)state;
	machine_offer(m, SIZE);
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), -1);
	assert_int_equal(m->vq.fault, CDNA_VFAULT_CHAIN);
	machine_set_avail(m, 0);

	machine_desc(m, 0, BUF, 100, NEXT, SIZE);
	assert_fault(CDNA_VFAULT_CHAIN);
	machine_desc(m, 0, BUF, 100, NEXT, 0);
	assert_fault(CDNA_VFAULT_CHAIN);
	machine_desc(m, 0, BUF, 100, NEXT, 1);
	machine_desc(m, 1, BUF, 0, 0, 0);
	assert_fault(CDNA_VFAULT_LENGTH);
	machine_desc(m, 1, BUF, 10, WRITE, 0);
	assert_fault(CDNA_VFAULT_FLAGS);
	machine_desc(m, 1, ~0ull - 98, 100, 0, 0);
	assert_fault(CDNA_VFAULT_UNMAPPED);
	machine_desc(m, 1, ~0ull - 100, 100, 0, 0);
	assert_int_equal(walk(0), 1);
}

static void dropped(void **state)
{
	(void)state;
	/* A header only, and less */
	machine_desc(m, 0, BUF + 0xffb, 12, 0, 0);
	assert_drop(BUF + 0xffb, 5);
	machine_desc(m, 0, BUF + 3, 11, 0, 0);
	assert_drop(BUF + 3, 11);
	/* The largest request, and one that is larger, by as few pieces */
	machine_desc(m, 0, BUF, 12, NEXT, 1);
	machine_desc(m, 1, BUF, CDNA_MAX_FRAME_BYTES, 0, 0);
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.bytes, CDNA_MAX_FRAME_BYTES);
	machine_desc(m, 1, BUF, CDNA_MAX_FRAME_BYTES + 1, 0, 0);
	assert_drop(BUF, 12);
	machine_desc(m, 1, BUF, 0xffffffff, 0, 0);
	assert_drop(BUF, 12);
}

static void most_pieces(void **state)
{
	u32 i;

	(void)state;
	machine_desc(m, 0, BUF, 12, NEXT, 1);
	for (i = 1; i <= CDNA_MAX_VIRTIO_CHAIN; i++)
		machine_desc(m, i, BUF + i, 1,
			     i < CDNA_MAX_VIRTIO_CHAIN ? NEXT : 0, i + 1);
	assert_int_equal(walk(0), 1);
	assert_false(chain.drop);
	assert_int_equal(chain.pieces, CDNA_MAX_VIRTIO_CHAIN);
	machine_desc(m, CDNA_MAX_VIRTIO_CHAIN, BUF + 0xfff, 2, 0, 0);
	assert_drop(BUF, 12);
}

static void receive(void **state)
{
	(void)state;
	machine_desc(m, 0, 0x12345678, 12, WRITE | NEXT, 1);
	machine_desc(m, 1, 0x9000, 1514, WRITE, 0);
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.pieces, 2);
	assert_int_equal(chain.bytes, 1526);
	assert_piece(0, 0x12345678, 12);
	assert_false(chain.drop);
	/* It is the device that writes the header. */
	assert_int_equal(m->reads, 0);
	machine_desc(m, 1, 0x9000, 1514, 0, 0);
	assert_fault(CDNA_VFAULT_FLAGS);
	machine_desc(m, 0, 0x9000, 11, WRITE, 0);
	assert_fault(CDNA_VFAULT_LENGTH);
	machine_desc(m, 0, 0x9000, 12, WRITE, 0);
	assert_int_equal(walk(0), 1);
}

/* What is beyond the most pieces is left out, and lengths do not overflow. */
static void receive_long(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < SIZE; i++)
		machine_desc(m, i, 0x10000000, 0xffffffff,
			     WRITE | (i < SIZE - 1 ? NEXT : 0), i + 1);
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.pieces, CDNA_MAX_VIRTIO_CHAIN);
	assert_int_equal(chain.bytes, CDNA_MAX_VIRTIO_CHAIN * CDNA_PAGE_SIZE);
	/* What is left out is judged, too. */
	machine_desc(m, SIZE - 1, 0x10000000, 0, WRITE, 0);
	assert_fault(CDNA_VFAULT_LENGTH);
}

static void memory_that_is_not_there(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT - 1, 100, 0, 0);
	assert_int_equal(walk(0), -1);
	assert_int_equal(m->vq.fault, CDNA_VFAULT_NONE);
	assert_int_equal(m->vq.error, -EFAULT);
	machine_desc(m, 0, 16, 16, INDIRECT, 0);
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), -1);
	assert_int_equal(m->vq.error, -EFAULT);
	/* The user may try again, and what was wrong before is no longer said. */
	machine_desc(m, 0, RAM_AT, 100, 0, 0);
	m->error = -EAGAIN;
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), -1);
	assert_int_equal(m->vq.error, -EAGAIN);
	m->error = 0;
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
	machine_desc(m, 0, RAM_AT, 0, 0, 0);
	assert_fault(CDNA_VFAULT_LENGTH);
}

/* The entry beyond the scratch is not there: the table leaves memory. */
static void table_beyond_memory(void **state)
{
	u32 at = RAM_BYTES - CDNA_VIRTQ_SCRATCH * 16, i;

	(void)state;
	m->vq.write = true;
	machine_desc(m, 0, RAM_AT + at, SIZE * 16, INDIRECT, 0);
	for (i = 0; i < CDNA_VIRTQ_SCRATCH; i++)
		machine_entry(m, at, i, BUF, 100, WRITE | NEXT, i + 1);
	assert_int_equal(walk(0), -1);
	assert_int_equal(m->vq.error, -EFAULT);
}

/* While the header is copied, the guest makes all it can of what was judged. */
static void rewrite_ring(struct virtq_machine *machine)
{
	machine_desc(machine, 0, ~0ull, ~0u, INDIRECT | NEXT, 0xffff);
	machine->avail->ring[0] = 0xffff;
	memset(machine->ram + TABLE, 0xff, 16);
}

static void judged_is_used(void **state)
{
	(void)state;
	machine_desc(m, 0, BUF, 112, NEXT, 1);
	machine_desc(m, 1, BUF + 0x200, 50, 0, 0);
	m->hook = rewrite_ring;
	assert_int_equal(walk(0), 1);
	assert_int_equal(chain.head, 0);
	assert_int_equal(chain.pieces, 2);
	assert_piece(0, BUF + 12, 100);
	assert_piece(1, BUF + 0x200, 50);

	machine_desc(m, 2, RAM_AT + TABLE, 16, INDIRECT, 0);
	machine_entry(m, TABLE, 0, BUF, 112, 0, 0);
	assert_int_equal(walk(2), 1);
	assert_int_equal(chain.pieces, 1);
	assert_piece(0, BUF + 12, 100);
}

#define TX(test)	cmocka_unit_test_setup(test, fresh)
#define RX(test)	cmocka_unit_test_setup(test, fresh_receive)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TX(header_and_frame),
		TX(header_anywhere),
		TX(cut_at_pages),
		TX(indirect_table),
		TX(indirect_table_long),
		TX(indirect_refused),
		TX(chain_refused),
		TX(dropped),
		TX(most_pieces),
		RX(receive),
		RX(receive_long),
		TX(memory_that_is_not_there),
		TX(table_beyond_memory),
		TX(judged_is_used),
	};
	int failed = cmocka_run_group_tests_name("virtq", tests, NULL, NULL);

	if (m)
		machine_free(m);
	return failed;
}
