// SPDX-License-Identifier: GPL-2.0-only
/*
 * Used rings of virtio queues, anywhere in pages that are here and there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "softnic_used.h"

#define FILL	0xa5

/* Pages in an order of their own, each between others that nobody may touch */
static u8 memory[2 * SOFTNIC_USED_PAGES + 1][CDNA_PAGE_SIZE];

static struct softnic_used used_ring(u16 offset, u16 slots)
{
	struct softnic_used used = { .offset = offset, .slots = slots };
	u32 i;

	memset(memory, FILL, sizeof(memory));
	for (i = 0; i < SOFTNIC_USED_PAGES; i++)
		used.page[i] = memory[2 * (SOFTNIC_USED_PAGES - i) - 1];
	return used;
}

/* What the guest reads, who sees the pages in a row */
static u8 byte_at(const struct softnic_used *used, u32 at)
{
	const u8 *page = used->page[(used->offset + at) / CDNA_PAGE_SIZE];

	return page[(used->offset + at) % CDNA_PAGE_SIZE];
}

static u32 value_at(const struct softnic_used *used, u32 at, u32 bytes)
{
	u32 value = 0, i;

	for (i = 0; i < bytes; i++)
		value |= (u32)byte_at(used, at + i) << 8 * i;
	return value;
}

static u32 index_of(const struct softnic_used *used)
{
	return value_at(used, 2, 2);
}

static void expect_entry(const struct softnic_used *used, u32 slot, u32 id,
			 u32 len)
{
	assert_int_equal(value_at(used, 4 + 8 * slot, 4), id);
	assert_int_equal(value_at(used, 8 + 8 * slot, 4), len);
}

static u32 touched(void)
{
	const u8 *byte = memory[0];
	u32 n = 0, i;

	for (i = 0; i < sizeof(memory); i++)
		n += byte[i] != FILL;
	return n;
}

/* Where an entry is on two pages, where the index is the last of a page, and between */
static void entries_are_in_place(void **state)
{
	static const u16 offsets[] = { 0, 4, 2048, 4084, 4088, 4092 };
	struct softnic_used used;
	u32 i, n;

	(void)state;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		used = used_ring(offsets[i], CDNA_MAX_USED_RING);
		for (n = 0; n < CDNA_MAX_USED_RING; n++) {
			softnic_used_put(&used, 0, n ^ 0x5a5a, 0x10000 + n);
			softnic_used_publish(&used, 1);
			assert_int_equal(index_of(&used), n + 1);
		}
		for (n = 0; n < CDNA_MAX_USED_RING; n++)
			expect_entry(&used, n, n ^ 0x5a5a, 0x10000 + n);
		/* Flags are not written, nor is what follows the entries. */
		assert_int_equal(value_at(&used, 0, 2), FILL << 8 | FILL);
		assert_int_equal(value_at(&used, 4 + 8 * n, 2), FILL << 8 | FILL);
	}
}

static void nothing_else_is_written(void **state)
{
	struct softnic_used used = used_ring(4092, 1);

	(void)state;
	softnic_used_put(&used, 0, 0x01020304, 0x05060708);
	assert_int_equal(touched(), 8);
	softnic_used_publish(&used, 1);
	/* Two bytes of index */
	assert_int_equal(touched(), 10);
	expect_entry(&used, 0, 0x01020304, 0x05060708);
	assert_int_equal(index_of(&used), 1);
}

static void entries_come_before_their_index(void **state)
{
	struct softnic_used used = used_ring(0, 4);

	(void)state;
	softnic_used_publish(&used, 3);
	softnic_used_put(&used, 0, 7, 1);
	softnic_used_put(&used, 1, 9, 2);
	assert_int_equal(index_of(&used), 3);
	/* What was not published is written again. */
	softnic_used_put(&used, 0, 8, 3);
	softnic_used_publish(&used, 2);
	assert_int_equal(index_of(&used), 5);
	expect_entry(&used, 3, 8, 3);
	expect_entry(&used, 0, 9, 2);
}

static void index_is_modulo_65536(void **state)
{
	struct softnic_used used = used_ring(64, 256);

	(void)state;
	softnic_used_publish(&used, 0xffff);
	softnic_used_put(&used, 0, 1, 11);
	softnic_used_put(&used, 1, 2, 12);
	softnic_used_publish(&used, 2);
	assert_int_equal(index_of(&used), 1);
	expect_entry(&used, 255, 1, 11);
	expect_entry(&used, 0, 2, 12);
}

static void pages_are_counted(void **state)
{
	(void)state;
	assert_int_equal(softnic_used_pages(0, 1), 1);
	assert_int_equal(softnic_used_pages(4084, 1), 1);
	assert_int_equal(softnic_used_pages(4088, 1), 2);
	assert_int_equal(softnic_used_pages(4092, 1), 2);
	assert_int_equal(softnic_used_pages(0, CDNA_MAX_USED_RING), 3);
	assert_int_equal(softnic_used_pages(4092, CDNA_MAX_USED_RING), 3);
	/* With the host's field, it is what there is room for. */
	assert_int_equal((4092 + 4 + 8 * CDNA_MAX_USED_RING + 2 + 4095) / 4096,
			 SOFTNIC_USED_PAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_in_place),
		cmocka_unit_test(nothing_else_is_written),
		cmocka_unit_test(entries_come_before_their_index),
		cmocka_unit_test(index_is_modulo_65536),
		cmocka_unit_test(pages_are_counted),
	};

	return cmocka_run_group_tests_name("softnic_used", tests, NULL, NULL);
}
