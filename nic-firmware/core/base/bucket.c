// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Token buckets. Tokens are kept in units of 2^-20, so that filling at a rate
 * per 2^20 ns is a multiplication and a shift.
 */
#include "base/bucket.h"

/* Below these no product overflows. */
#define BUCKET_MAX_RATE		(1u << 28)
#define BUCKET_MAX_ELAPSED	(1ull << 35)	/* ns */
#define BUCKET_MAX_BURST	0x3fffffffu
#define BUCKET_MAX_FRAMES	(BUCKET_MAX_BURST / FW_BUCKET_FRAME)

/**
 * fw_bucket_set() - set a rate; the bucket is full
 * @bucket: the bucket
 * @rate: tokens per 2^20 ns, below 2^28; 0: no limit
 * @burst: most tokens that gather, at least 1
 * @now: time in ns
 */
void fw_bucket_set(struct fw_bucket *bucket, u32 rate, u32 burst, u64 now)
{
	bucket->rate = FW_MIN(rate, BUCKET_MAX_RATE - 1);
	bucket->burst = (s32)FW_MAX(1u, FW_MIN(burst, BUCKET_MAX_BURST));
	bucket->tokens = bucket->burst;
	bucket->fraction = 0;
	bucket->filled = now;
}

/**
 * fw_bucket_set_mbps() - set a rate in bits; tokens are bytes
 * @bucket: the bucket
 * @mbps: 10^6 bits per second, at most CDNA_MAX_RATE_MBPS; 0: none
 * @periods: tokens gather in this many times 2^20 ns
 * @least: as many may gather in any case
 * @now: time in ns
 */
void fw_bucket_set_mbps(struct fw_bucket *bucket, u32 mbps, u32 periods,
			u32 least, u64 now)
{
	/* 10^6 / 8 bytes in 10^9 ns are 131.072 in 2^20 ns */
	u32 rate = mbps * 16384u / 125u;

	fw_bucket_set(bucket, rate, FW_MAX(periods * rate, least), now);
}

/* What comes in @elapsed ns, at most BUCKET_MAX_ELAPSED */
static void bucket_add(struct fw_bucket *bucket, u64 elapsed)
{
	u64 gain = elapsed * bucket->rate + bucket->fraction;

	bucket->fraction = (u32)gain & 0xfffff;
	gain >>= 20;
	if (gain >= (u64)((s64)bucket->burst - bucket->tokens)) {
		bucket->tokens = bucket->burst;
		bucket->fraction = 0;
	} else {
		bucket->tokens += (s32)gain;
	}
}

static void bucket_fill(struct fw_bucket *bucket, u64 now)
{
	u64 elapsed = now - bucket->filled;

	if (!elapsed || now < bucket->filled)
		return;
	bucket->filled = now;
	while (elapsed > BUCKET_MAX_ELAPSED &&
	       bucket->tokens < bucket->burst) {
		bucket_add(bucket, BUCKET_MAX_ELAPSED);
		elapsed -= BUCKET_MAX_ELAPSED;
	}
	bucket_add(bucket, FW_MIN(elapsed, BUCKET_MAX_ELAPSED));
}

/*
 * What was in it before a change of its rate is in it after that, or missing. While it had
 * no rate, nothing was taken: it has filled at the new one.
 */
static void bucket_keep(struct fw_bucket *bucket, struct fw_bucket was, u64 now)
{
	if (!was.burst)
		return;
	if (!was.rate)
		was.rate = bucket->rate;
	if (was.rate)
		bucket_fill(&was, now);
	bucket->tokens = FW_MIN(was.tokens, bucket->burst);
}

/**
 * fw_bucket_change_mbps() - fw_bucket_set_mbps(), but a burst does not come with it
 * @bucket: the bucket; full if it is zeroed
 * @mbps: as there
 * @periods: as there
 * @least: as there
 * @now: time in ns
 */
void fw_bucket_change_mbps(struct fw_bucket *bucket, u32 mbps, u32 periods,
			   u32 least, u64 now)
{
	struct fw_bucket was = *bucket;

	fw_bucket_set_mbps(bucket, mbps, periods, least, now);
	bucket_keep(bucket, was, now);
}

/**
 * fw_bucket_ready() - may something be sent now?
 * @bucket: the bucket
 * @now: time in ns
 *
 * Return: whether there is a token, or no limit
 */
bool fw_bucket_ready(struct fw_bucket *bucket, u64 now)
{
	if (!bucket->rate)
		return true;
	bucket_fill(bucket, now);
	return bucket->tokens > 0;
}

/**
 * fw_bucket_take() - something was sent
 * @bucket: the bucket
 * @tokens: what it costs; may be more than are left
 */
void fw_bucket_take(struct fw_bucket *bucket, u32 tokens)
{
	s32 room;

	if (!bucket->rate)
		return;
	/* A debt has its bounds, or the count would wrap around. */
	room = bucket->tokens + (s32)BUCKET_MAX_BURST;
	if (room < 0)
		room = 0;
	bucket->tokens -= (s32)FW_MIN(tokens, (u32)room);
}

/* Long division: 32-bit processors have no 64-bit one without a library. */
static u64 bucket_div(u64 n, u32 d)
{
	u64 quotient = 0, rest = 0;
	u32 bit;

	for (bit = 64; bit > 0; bit--) {
		rest = rest << 1 | (n >> (bit - 1) & 1);
		quotient <<= 1;
		if (rest >= d) {
			rest -= d;
			quotient |= 1;
		}
	}
	return quotient;
}

/**
 * fw_bucket_when_tokens() - when will it have so many tokens?
 * @bucket: the bucket
 * @tokens: at most its burst
 *
 * Return: the first nanosecond at which it has; 0 if there is no limit
 */
u64 fw_bucket_when_tokens(const struct fw_bucket *bucket, s32 tokens)
{
	u64 lack;

	if (!bucket->rate || bucket->tokens >= tokens)
		return bucket->rate ? bucket->filled : 0;
	lack = ((u64)((s64)tokens - bucket->tokens) << 20) - bucket->fraction;
	return bucket->filled + bucket_div(lack + bucket->rate - 1,
					   bucket->rate);
}

/**
 * fw_bucket_when() - when will fw_bucket_ready() be true?
 * @bucket: the bucket
 *
 * Return: the first nanosecond at which it is; 0 if there is no limit
 */
u64 fw_bucket_when(const struct fw_bucket *bucket)
{
	return fw_bucket_when_tokens(bucket, 1);
}

/**
 * fw_bucket_when_frame() - when will fw_bucket_take_frame() succeed?
 * @bucket: the bucket
 *
 * Return: the first nanosecond at which it will; 0 if there is no limit
 */
u64 fw_bucket_when_frame(const struct fw_bucket *bucket)
{
	return fw_bucket_when_tokens(bucket, FW_BUCKET_FRAME);
}

/**
 * fw_bucket_set_frames() - set a rate in frames
 * @bucket: the bucket
 * @fps: frames per second, at most CDNA_MAX_STORM_FPS; 0: no limit
 * @now: time in ns
 *
 * A tenth of a second's worth may come in a burst, but at least one frame and
 * at most BUCKET_MAX_FRAMES.
 */
void fw_bucket_set_frames(struct fw_bucket *bucket, u32 fps, u64 now)
{
	/* 2^20 ns * FW_BUCKET_FRAME / 10^9 ns is 68.719 */
	u32 rate = (u32)(((u64)fps * 4503600) >> 16);
	u32 burst = FW_MIN(fps / 10 + 1, BUCKET_MAX_FRAMES);

	fw_bucket_set(bucket, rate, burst * FW_BUCKET_FRAME, now);
}
EXPORT_SYMBOL_GPL(fw_bucket_set_frames);

/**
 * fw_bucket_change_frames() - fw_bucket_set_frames(), but a burst does not come with it
 * @bucket: the bucket; full if it is zeroed
 * @fps: as there
 * @now: time in ns
 */
void fw_bucket_change_frames(struct fw_bucket *bucket, u32 fps, u64 now)
{
	struct fw_bucket was = *bucket;

	fw_bucket_set_frames(bucket, fps, now);
	bucket_keep(bucket, was, now);
}
EXPORT_SYMBOL_GPL(fw_bucket_change_frames);

/**
 * fw_bucket_set_usecs() - set a rate in pieces; the bucket is full
 * @bucket: the bucket
 * @usecs: time for one, on average; 0: no limit
 * @burst: how many may come together, 1 to BUCKET_MAX_FRAMES
 * @now: time in ns
 */
void fw_bucket_set_usecs(struct fw_bucket *bucket, u32 usecs, u32 burst,
			 u64 now)
{
	/* 2^20 ns * FW_BUCKET_FRAME / 1000 ns */
	u32 rate = usecs ? 68719476u / usecs : 0;

	fw_bucket_set(bucket, rate, burst * FW_BUCKET_FRAME, now);
}

/**
 * fw_bucket_take_frame() - take a frame from a bucket that counts frames
 * @bucket: the bucket
 * @now: time in ns
 *
 * Return: whether there was one, or no limit
 */
bool fw_bucket_take_frame(struct fw_bucket *bucket, u64 now)
{
	if (!bucket->rate)
		return true;
	bucket_fill(bucket, now);
	if (bucket->tokens < FW_BUCKET_FRAME)
		return false;
	bucket->tokens -= FW_BUCKET_FRAME;
	return true;
}
EXPORT_SYMBOL_GPL(fw_bucket_take_frame);
