// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer of the walker of virtqueues: an input is a ring, which is compared with what
 * is right to make of it.
 */
#include "libfuzzer.h"
#include "virtq_attack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attack_input in = { .data = data, .left = size };
	struct attack_tally tally = { 0 };

	if (size)
		attack_ring(&in, &tally);
	return 0;
}
