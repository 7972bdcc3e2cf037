/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Token buckets: rate limits in bytes, storm bounds in frames, and a bound of
 * interrupts.
 */
#ifndef FW_BUCKET_H
#define FW_BUCKET_H

#include "base/port.h"

/**
 * struct fw_bucket - token bucket
 * @rate: tokens per 2^20 ns; 0: no limit
 * @burst: most tokens that gather
 * @tokens: left; below 0 after a frame larger than what was left
 * @fraction: part of a token, in units of 2^-20
 * @filled: when it was last filled, in ns
 */
struct fw_bucket {
	u32 rate;
	s32 burst;
	s32 tokens;
	u32 fraction;
	u64 filled;
};

void fw_bucket_set(struct fw_bucket *bucket, u32 rate, u32 burst, u64 now);
void fw_bucket_set_mbps(struct fw_bucket *bucket, u32 mbps, u32 periods,
			u32 least, u64 now);
void fw_bucket_change_mbps(struct fw_bucket *bucket, u32 mbps, u32 periods,
			   u32 least, u64 now);
bool fw_bucket_ready(struct fw_bucket *bucket, u64 now);
void fw_bucket_take(struct fw_bucket *bucket, u32 tokens);
u64 fw_bucket_when(const struct fw_bucket *bucket);
u64 fw_bucket_when_tokens(const struct fw_bucket *bucket, s32 tokens);

/*
 * A bucket that counts frames, or other things by the piece. One is this many
 * tokens.
 */
#define FW_BUCKET_FRAME		65536

void fw_bucket_set_frames(struct fw_bucket *bucket, u32 fps, u64 now);
void fw_bucket_change_frames(struct fw_bucket *bucket, u32 fps, u64 now);
void fw_bucket_set_usecs(struct fw_bucket *bucket, u32 usecs, u32 burst,
			 u64 now);
bool fw_bucket_take_frame(struct fw_bucket *bucket, u64 now);
u64 fw_bucket_when_frame(const struct fw_bucket *bucket);

#endif /* FW_BUCKET_H */
