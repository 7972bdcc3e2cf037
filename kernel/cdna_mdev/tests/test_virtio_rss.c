// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling as virtio drivers say it: what is taken, and every bound. The
 * data is at the end of memory of its own, so that the sanitizer sees a byte read beyond.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "vdev/cdna_virtio_rss.h"

#define PAIRS		5
#define TABLE_AT	8
#define TAIL		3
#define MOST		(TABLE_AT + 2 * 65536 + TAIL + 255)

/**
 * struct wish - what a driver says
 * @types: hash types
 * @mask: of the table
 * @other: pair of what has no hash
 * @sending: pairs that transmit
 * @key_bytes: of the key, as it says
 * @more: bytes that it says more or fewer than there should be
 * @table: entry at @at is that
 * @at: of an entry
 */
struct wish {
	u32 types;
	u16 mask;
	u16 other;
	u16 sending;
	u8 key_bytes;
	int more;
	u16 table;
	u32 at;
};

static const struct wish usual = {
	.types = 0x3f, .mask = 127, .other = 1, .sending = PAIRS,
	.key_bytes = 40, .table = 3, .at = 7,
};

static struct cdna_rss rss;

/* Entry i is i modulo PAIRS, byte i of the key is i + 1. */
static u32 say(u8 *data, const struct wish *wish)
{
	u32 entries = wish->mask + 1u, i;
	u8 *tail = data + TABLE_AT + 2 * entries;

	put_unaligned_le32(wish->types, data);
	put_unaligned_le16(wish->mask, data + 4);
	put_unaligned_le16(wish->other, data + 6);
	for (i = 0; i < entries; i++)
		put_unaligned_le16(i == wish->at ? wish->table : i % PAIRS,
				   data + TABLE_AT + 2 * i);
	put_unaligned_le16(wish->sending, tail);
	tail[2] = wish->key_bytes;
	for (i = 0; i < wish->key_bytes; i++)
		tail[TAIL + i] = i + 1;
	return TABLE_AT + 2 * entries + TAIL + wish->key_bytes + wish->more;
}

static bool takes_bytes(const u8 *data, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	bool taken;

	assert_non_null(copy);
	memcpy(copy, data, len);
	taken = cdna_virtio_rss_parse(copy, len, PAIRS, &rss);
	free(copy);
	return taken;
}

static bool takes(const struct wish *wish)
{
	static u8 data[MOST + 8];

	return takes_bytes(data, say(data, wish));
}

static void what_is_said_is_meant(void **state)
{
	u32 i;

	(void)state;
	assert_true(takes(&usual));
	assert_int_equal(le32_to_cpu(rss.types), 0x3f);
	assert_int_equal(rss.other, 1);
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		assert_int_equal(rss.table[i], i == 7 ? 3 : i % PAIRS);
	for (i = 0; i < CDNA_RSS_KEY; i++)
		assert_int_equal(rss.key[i], i + 1);
	for (i = 0; i < sizeof(rss.reserved); i++)
		assert_int_equal(rss.reserved[i], 0);
}

/* The lowest bits of a hash choose, of whatever length the table is. */
static void shorter_tables_are_repeated(void **state)
{
	struct wish wish = usual;
	u32 entries, i;

	(void)state;
	wish.at = 0;
	for (entries = 1; entries <= CDNA_RSS_TABLE; entries *= 2) {
		wish.mask = entries - 1;
		assert_true(takes(&wish));
		for (i = 0; i < CDNA_RSS_TABLE; i++)
			assert_int_equal(rss.table[i], i % entries ?
					 i % entries % PAIRS : 3);
	}
}

static void shorter_keys_end_with_zeros(void **state)
{
	struct wish wish = usual;
	u32 i;

	(void)state;
	for (wish.key_bytes = 1; wish.key_bytes <= 40; wish.key_bytes++) {
		assert_true(takes(&wish));
		for (i = 0; i < CDNA_RSS_KEY; i++)
			assert_int_equal(rss.key[i],
					 i < wish.key_bytes ? i + 1 : 0);
	}
	/* Nothing is hashed: no key is needed. */
	wish.key_bytes = 0;
	assert_false(takes(&wish));
	wish.types = 0;
	assert_true(takes(&wish));
	assert_int_equal(rss.types, 0);
}

static void bounds(void **state)
{
	struct wish wish;
	bool whole;
	u32 i;

	(void)state;
	for (i = 0; i < 32; i++) {
		wish = usual;
		wish.types = 1u << i;
		assert_int_equal(takes(&wish), i < 6);
	}
	wish = usual;
	for (i = 0; i < 65536; i++) {
		wish.mask = i;
		whole = !(i & (i + 1));
		if (i < 300 || whole || i % 4099 == 0)
			assert_int_equal(takes(&wish),
					 whole && i < CDNA_RSS_TABLE);
	}
	for (i = 0; i < 65536; i += i < 300 ? 1 : 1021) {
		wish = usual;
		wish.other = i;
		assert_int_equal(takes(&wish), i < PAIRS);
		wish = usual;
		wish.sending = i;
		assert_int_equal(takes(&wish), i && i <= PAIRS);
		wish = usual;
		wish.table = i;
		assert_int_equal(takes(&wish), i < PAIRS);
		wish.at = CDNA_RSS_TABLE - 1;
		assert_int_equal(takes(&wish), i < PAIRS);
	}
	wish = usual;
	for (i = 1; i < 256; i++) {
		wish.key_bytes = i;
		assert_int_equal(takes(&wish), i <= CDNA_RSS_KEY);
	}
}

/* One byte too few; what is behind the key does not matter */
static void lengths(void **state)
{
	static u8 data[MOST + 8];
	struct wish wish = usual;
	u32 len, i;

	(void)state;
	len = say(data, &wish);
	for (i = 0; i < len + 8; i++)
		assert_int_equal(takes_bytes(data, i), i >= len);
	/* No table that is announced is there. */
	wish.mask = 0xffff;
	say(data, &wish);
	for (i = 0; i < 600; i++)
		assert_false(takes_bytes(data, i));
}

static void noise(void **state)
{
	u8 data[400];
	u32 i, j, len, seed = 1;

	(void)state;
	for (i = 0; i < 200000; i++) {
		len = say(data, &usual);
		for (j = 0; j < 3; j++) {
			seed = seed * 1664525 + 1013904223;
			data[(seed >> 8) % len] = seed >> 24;
		}
		if (!takes_bytes(data, len - (seed >> 16) % 2))
			continue;
		assert_true(rss.other < PAIRS);
		for (j = 0; j < CDNA_RSS_TABLE; j++)
			assert_true(rss.table[j] < PAIRS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_is_meant),
		cmocka_unit_test(shorter_tables_are_repeated),
		cmocka_unit_test(shorter_keys_end_with_zeros),
		cmocka_unit_test(bounds),
		cmocka_unit_test(lengths),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
