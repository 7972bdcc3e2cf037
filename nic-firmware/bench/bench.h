/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmark of the core measures, and its reports.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>

#include "nic.h"

#define BENCH_ROUNDS		25
#define BENCH_HOSTILE_ROUNDS	5
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

/* Costs of work (bench_work.c) */
u64 bench_cpu_ns(void);
void bench_work_round(u32 round);
void bench_work_print(void);
void bench_work_json(FILE *file);

/* Beside hostile neighbours (bench_hostile.c) */
void bench_hostile_round(u32 round);
void bench_hostile_print(void);
void bench_hostile_json(FILE *file);

#endif /* BENCH_H */
