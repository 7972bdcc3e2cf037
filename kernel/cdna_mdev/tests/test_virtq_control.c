// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of control queues: a command, and room for its answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include <cdna/regs.h>

#include "virtq_machine.h"

#define SIZE	64
#define OUT	VRING_DESC_F_NEXT			/* of the command */
#define IN	VRING_DESC_F_WRITE			/* the last one */
#define IN_NEXT	(VRING_DESC_F_WRITE | VRING_DESC_F_NEXT)

static struct cdna_virtq_chain chain;
static struct virtq_machine *m;

static int fresh(void **state)
{
	(void)state;
	if (!m)
		m = machine_new(SIZE);
	machine_reset(m);
	m->vq.control = true;
	return 0;
}

static int take(void)
{
	machine_offer(m, 0);
	return cdna_virtq_next(&m->vq, &chain);
}

static void command_and_answer(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT + 0x10, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + CDNA_PAGE_SIZE - 4, 10, OUT, 2);
	machine_desc(m, 2, RAM_AT + 0x20, 1, IN, 0);
	assert_int_equal(take(), 1);
	assert_int_equal(chain.head, 0);
	assert_int_equal(chain.pieces, 3);
	assert_int_equal(chain.bytes, 12);
	assert_int_equal(chain.piece[1].len, 4);
	assert_int_equal(chain.piece[2].addr, RAM_AT + CDNA_PAGE_SIZE);
	assert_int_equal(chain.piece[2].len, 6);
	assert_int_equal(chain.answer, RAM_AT + 0x20);
	assert_false(chain.drop);
	/* Nothing was read but the ring. */
	assert_int_equal(m->reads, 0);
}

/* The answer is the first byte that the device may write, whatever follows. */
static void answer_in_several_buffers(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x777, 1, IN_NEXT, 2);
	machine_desc(m, 2, RAM_AT + 0x20, 100, IN, 0);
	assert_int_equal(take(), 1);
	assert_int_equal(chain.answer, RAM_AT + 0x777);
	assert_int_equal(chain.bytes, 2);
}

static void in_a_table(void **state)
{
	(void)state;
	m->vq.indirect = true;
	machine_entry(m, 0, 0, RAM_AT + 0x100, 2, OUT, 1);
	machine_entry(m, 0, 1, RAM_AT + 0x200, 1, IN, 0);
	machine_desc(m, 0, RAM_AT, 32, VRING_DESC_F_INDIRECT, 0);
	assert_int_equal(take(), 1);
	assert_int_equal(chain.bytes, 2);
	assert_int_equal(chain.answer, RAM_AT + 0x200);
}

static void refused(enum cdna_vfault fault)
{
	assert_int_equal(take(), -1);
	assert_int_equal(m->vq.fault, fault);
	assert_int_equal(m->vq.next, 0);
}

static void no_answer(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x20, 1, 0, 0);
	refused(CDNA_VFAULT_LENGTH);
}

static void no_command(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 200, IN, 0);
	refused(CDNA_VFAULT_LENGTH);
}

static void half_a_header(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 1, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x20, 1, IN, 0);
	refused(CDNA_VFAULT_LENGTH);
}

static void command_after_answer(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x20, 1, IN_NEXT, 2);
	machine_desc(m, 2, RAM_AT + 0x30, 8, 0, 0);
	refused(CDNA_VFAULT_FLAGS);
}

static void loop(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x20, 1, IN_NEXT, 1);
	refused(CDNA_VFAULT_CHAIN);
}

static void empty_buffer(void **state)
{
	(void)state;
	machine_desc(m, 0, RAM_AT, 2, OUT, 1);
	machine_desc(m, 1, RAM_AT + 0x20, 0, IN, 0);
	refused(CDNA_VFAULT_LENGTH);
}

/* More than there is room for: the first pieces are there, and so is the answer. */
static void huge(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < SIZE - 1; i++)
		machine_desc(m, i, RAM_AT, 0xfffff000, OUT, i + 1);
	machine_desc(m, SIZE - 1, RAM_AT + 0x40, 1, IN, 0);
	assert_int_equal(take(), 1);
	assert_true(chain.drop);
	assert_int_equal(chain.pieces, CDNA_MAX_VIRTIO_CHAIN);
	assert_int_equal(chain.bytes, CDNA_MAX_VIRTIO_CHAIN * CDNA_PAGE_SIZE);
	assert_int_equal(chain.answer, RAM_AT + 0x40);
}

/* Used entries, over the place where their index wraps */
static void completes(void **state)
{
	struct vring_used_elem *elem;
	u32 i;

	(void)state;
	m->vq.done = 65530;
	for (i = 0; i < 2 * SIZE; i++) {
		elem = &m->used->ring[(65530 + i) % 65536 % SIZE];
		cdna_virtq_complete(&m->vq, i % SIZE, i);
		assert_int_equal(le32_to_cpu(elem->id), i % SIZE);
		assert_int_equal(le32_to_cpu(elem->len), i);
		assert_int_equal(le16_to_cpu(m->used->idx),
				 (65530 + i + 1) % 65536);
	}
	assert_int_equal(le16_to_cpu(m->used->flags), 0);
}

#define TEST(f)	cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(command_and_answer),
		TEST(answer_in_several_buffers),
		TEST(in_a_table),
		TEST(no_answer),
		TEST(no_command),
		TEST(half_a_header),
		TEST(command_after_answer),
		TEST(loop),
		TEST(empty_buffer),
		TEST(huge),
		TEST(completes),
	};

	return cmocka_run_group_tests_name("virtq_control", tests, NULL,
					   NULL);
}
