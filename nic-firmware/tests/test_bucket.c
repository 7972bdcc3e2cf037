// SPDX-License-Identifier: GPL-2.0-only
/*
 * Token buckets: accurate at any rate, exact about when, and bounded.
 */
#include "test.h"

#define SECOND		1000000000ull

/* Take single tokens as soon as there are any, at odd times. */
static u64 bucket_takes(u32 rate, u64 ns, struct prng *prng)
{
	struct fw_bucket bucket;
	u64 now = 12345, taken = 0;
	u64 end = now + ns;

	fw_bucket_set(&bucket, rate, 1000, now);
	fw_bucket_take(&bucket, 1000);
	while (now < end) {
		u32 n = 1 + prng_below(prng, 900);

		if (fw_bucket_ready(&bucket, now)) {
			fw_bucket_take(&bucket, n);
			taken += n;
		} else {
			now = fw_bucket_when(&bucket);
		}
	}
	return taken;
}

static void buckets_are_accurate(void **state)
{
	static const u32 rates[] = { 1, 10, 131, 999, 13107, 1310720,
				     26214400 };
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "buckets_are_accurate");
	for (i = 0; i < FW_ARRAY_SIZE(rates); i++) {
		/* About 100000 tokens */
		u64 ns = (100000ull << 20) / rates[i];

		test_near(bucket_takes(rates[i], ns, &prng), 100000, 11);
	}
}

static void buckets_tell_when(void **state)
{
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "buckets_tell_when");
	for (i = 0; i < 100000; i++) {
		struct fw_bucket bucket, copy;
		u64 now = prng_next(&prng) >> 20;
		u64 when;

		fw_bucket_set(&bucket, 1 + (u32)(prng_next(&prng) >>
						 (36 + prng_below(&prng, 27))),
			      1 + prng_below(&prng, 100000), now);
		/* A debt first: a full bucket has no part of a token. */
		fw_bucket_take(&bucket, prng_below(&prng, 200000));
		now += prng_below(&prng, 1000000);
		fw_bucket_ready(&bucket, now);
		fw_bucket_take(&bucket, prng_below(&prng, 400000));
		when = fw_bucket_when(&bucket);
		copy = bucket;
		assert_true(fw_bucket_ready(&copy, when));
		if (when <= now)
			continue;
		copy = bucket;
		assert_false(fw_bucket_ready(&copy, when - 1));
		/* Looking often changes nothing. */
		assert_true(fw_bucket_ready(&copy, when));
	}
}

static void buckets_have_bounds(void **state)
{
	struct fw_bucket bucket;
	u32 i;

	(void)state;
	fw_bucket_set(&bucket, 0, 0, 5);
	assert_true(fw_bucket_ready(&bucket, 5));
	fw_bucket_take(&bucket, ~0u);
	assert_true(fw_bucket_ready(&bucket, 5));
	assert_int_equal(fw_bucket_when(&bucket), 0);
	/* No more gathers than the burst, however long it takes. */
	fw_bucket_set(&bucket, 1u << 27, 100, 5);
	assert_true(fw_bucket_ready(&bucket, ~0ull >> 1));
	assert_int_equal(bucket.tokens, 100);
	/* Debts do not wrap to riches. */
	for (i = 0; i < 10; i++)
		fw_bucket_take(&bucket, 0x7fffffff);
	assert_true(bucket.tokens < 0);
	assert_false(fw_bucket_ready(&bucket, ~0ull >> 1));
	/* A clock that goes back gives nothing. */
	fw_bucket_set(&bucket, 1000, 1, 1u << 20);
	fw_bucket_take(&bucket, 10);
	assert_false(fw_bucket_ready(&bucket, 0));
	assert_int_equal(bucket.tokens, -9);
}

static void buckets_of_frames(void **state)
{
	static const u32 fps[] = { 1, 7, 100, 10000, CDNA_MAX_STORM_FPS };
	struct fw_bucket bucket;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(fps); i++) {
		u64 step = SECOND / fps[i] / 50;
		u64 now, taken = 0;

		fw_bucket_set_frames(&bucket, fps[i], 0);
		while (fw_bucket_take_frame(&bucket, 0))
			taken++;
		assert_int_equal(taken, FW_MIN(fps[i] / 10 + 1, 16383u));
		taken = 0;
		for (now = 0; now < SECOND / fps[i] * 1000; now += step)
			taken += fw_bucket_take_frame(&bucket, now);
		test_near(taken, 1000, 25);
	}
	fw_bucket_set_frames(&bucket, 0, 0);
	for (i = 0; i < 1000; i++)
		assert_true(fw_bucket_take_frame(&bucket, 0));
}

/* Otherwise a limit that is set often, as when a device is opened again, is none. */
static void buckets_are_not_filled_by_a_change(void **state)
{
	struct fw_bucket bucket = { 0 };
	u64 now = SECOND, taken = 0;
	u32 i;

	(void)state;
	fw_bucket_change_mbps(&bucket, 8, 4, 32768, now);
	assert_int_equal(bucket.tokens, 32768);
	for (i = 0; i < 1000; i++) {
		while (fw_bucket_ready(&bucket, now)) {
			fw_bucket_take(&bucket, 1500);
			taken += 1500;
		}
		fw_bucket_change_mbps(&bucket, 0, 4, 32768, now);
		fw_bucket_change_mbps(&bucket, 8, 4, 32768, now);
		now += 1u << 20;
	}
	/* A thousand times 1048, the first burst, and a debt */
	assert_true(taken <= 1048000 + 32768 + 1500);
	assert_true(taken >= 1048000 - 1500);
	/* Less may gather: what is above that is gone. */
	fw_bucket_change_mbps(&bucket, 8, 4, 32768, now + SECOND);
	fw_bucket_change_mbps(&bucket, 1, 1, 100, now + SECOND);
	assert_int_equal(bucket.tokens, 131);
}

/* While there is no limit, time passes as well. */
static void buckets_fill_without_a_rate(void **state)
{
	struct fw_bucket bucket = { 0 };

	(void)state;
	fw_bucket_change_mbps(&bucket, 8, 4, 32768, SECOND);
	fw_bucket_take(&bucket, 40000);
	fw_bucket_change_mbps(&bucket, 0, 4, 32768, SECOND);
	/* A year, then 8.4 ms at 10^6 bytes a second */
	fw_bucket_change_mbps(&bucket, 0, 4, 32768, SECOND * 31536000);
	assert_int_equal(bucket.tokens, 32768 - 40000);
	fw_bucket_change_mbps(&bucket, 8, 4, 32768,
			      SECOND * 31536000 + (8u << 20));
	assert_in_range(bucket.tokens, 32768 - 40000 + 8384 - 8,
			32768 - 40000 + 8384 + 8);
}

TEST_MAIN(
	TEST(buckets_are_accurate),
	TEST(buckets_tell_when),
	TEST(buckets_have_bounds),
	TEST(buckets_are_not_filled_by_a_change),
	TEST(buckets_fill_without_a_rate),
	TEST(buckets_of_frames),
)
