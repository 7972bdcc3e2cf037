/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer's input, taken piece by piece. What is not there is zero.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include "harness.h"

/**
 * struct input - what is left of it
 * @data: next byte
 * @left: bytes
 * @next_seq: TCP sequence number that continues the last frame
 */
struct input {
	const u8 *data;
	size_t left;
	u32 next_seq;
};

u32 input_u8(struct input *in);
u32 input_u16(struct input *in);
u32 input_u32(struct input *in);
u32 input_below(struct input *in, u32 bound);
u32 input_bytes(struct input *in, u8 *dst, u32 max);
u32 input_frame(struct input *in, u8 *frame, const u8 *dst, const u8 *src);
void input_rss(struct input *in, struct cdna_rss *rss);
u32 input_ring_spec(struct input *in, struct h_ring_spec *spec);
void input_fix_csum(u8 *frame, u32 len);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* FUZZ_INPUT_H */
