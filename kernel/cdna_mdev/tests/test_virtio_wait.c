// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/array_size.h>

#include "vdev/cdna_virtio_wait.h"

#define SIZE	256

static const struct cdna_virtio_coal standard = { 20, 0 };

/* What becomes of both directions' wishes */
static void expect_wait(struct cdna_virtio_coal tx, struct cdna_virtio_coal rx,
			u16 entries, u32 usecs, u32 frames)
{
	struct cdna_virtio_coal pair = cdna_virtio_wait(&tx, &rx, &standard,
							entries);

	assert_int_equal(pair.usecs, usecs);
	assert_int_equal(pair.frames, frames);
}

#define COAL(usecs, frames)	((struct cdna_virtio_coal) { usecs, frames })

static void of_both_directions(void **state)
{
	(void)state;
	expect_wait(COAL(50, 8), COAL(100, 4), SIZE, 50, 4);
	expect_wait(COAL(100, 4), COAL(50, 8), SIZE, 50, 4);
	expect_wait(COAL(100, 4), COAL(100, 4), SIZE, 100, 4);
}

/* One direction wants no moderation, and is not to wait for the other. */
static void of_one_direction(void **state)
{
	(void)state;
	expect_wait(COAL(0, 0), COAL(1000, 8), SIZE, 20, SIZE / 4);
	expect_wait(COAL(0, 8), COAL(1000, 8), SIZE, 20, SIZE / 4);
	expect_wait(COAL(1000, 8), COAL(1000, 1), SIZE, 20, SIZE / 4);
	expect_wait(COAL(1000, 8), COAL(1000, 0), SIZE, 20, SIZE / 4);
}

/* In which no direction wants any */
static void standard_ones(void **state)
{
	static const struct cdna_virtio_coal none[] = {
		{ 0, 0 }, { 0, 1 }, { 0, 1000 }, { 1000, 0 }, { 1000, 1 },
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(none); i++)
		for (k = 0; k < ARRAY_SIZE(none); k++)
			expect_wait(none[i], none[k], SIZE, 20, SIZE / 4);
}

/* A virtqueue does not run dry, whatever is wanted. */
static void ends_in_time(void **state)
{
	const u32 frames[] = { 2, 63, 64, 65, 255, 256, 4096, 0x80000000, ~0u };
	u32 want, entries;
	size_t i;

	(void)state;
	for (entries = 1; entries <= SIZE; entries *= 2) {
		want = entries < 4 ? 1 : entries / 4;
		expect_wait(COAL(0, 0), COAL(0, 0), entries, 20, want);
		for (i = 0; i < ARRAY_SIZE(frames); i++)
			expect_wait(COAL(10000, frames[i]),
				    COAL(10000, frames[i]), entries, 10000,
				    frames[i] < want ? frames[i] : want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_both_directions),
		cmocka_unit_test(of_one_direction),
		cmocka_unit_test(standard_ones),
		cmocka_unit_test(ends_in_time),
	};

	return cmocka_run_group_tests_name("virtio_wait", tests, NULL, NULL);
}
