/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmark of the core measures, and its reports.
 */
#ifndef BENCH_H
#define BENCH_H

#include "nic.h"

#define BENCH_ROUNDS		25
#define BENCH_NR_SIZES		4
#define BENCH_NR_COUNTS		3
#define BENCH_SUPER_BYTES	65549	/* the largest datagram, with Ethernet */

enum bench_path { BENCH_TX, BENCH_RX, BENCH_LOCAL, BENCH_NR_PATHS };

extern const u32 bench_size[BENCH_NR_SIZES];
extern const u32 bench_count[BENCH_NR_COUNTS];

/**
 * struct bench_result - all that was measured
 * @ns: per frame, by path, size, number of contexts and round
 */
struct bench_result {
	double ns[BENCH_NR_PATHS][BENCH_NR_SIZES][BENCH_NR_COUNTS]
		 [BENCH_ROUNDS];
};

extern struct bench_result bench_result;

double bench_median(double *values, u32 count);
void bench_print_table(void);
void bench_print_rules(void);
int bench_write_json(const char *name);

#endif /* BENCH_H */
