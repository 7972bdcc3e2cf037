// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a context: one set for each processor, so that nobody waits to count.
 */
#include <linux/string.h>

#include "softnic_stats.h"

/**
 * softnic_stats_clear - set all counters to 0
 * @ctx: the context
 */
void softnic_stats_clear(struct softnic_ctx *ctx)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(ctx->counters, cpu), 0,
		       sizeof(*ctx->counters));
}

/**
 * softnic_stats_ctx - sum up the counters of a context
 * @ctx: the context
 * @to: CDNA_NR_STATS of them, filled
 */
void softnic_stats_ctx(struct softnic_ctx *ctx, u64 *to)
{
	u32 i;
	int cpu;

	memset(to, 0, CDNA_NR_STATS * sizeof(*to));
	for_each_possible_cpu(cpu)
		for (i = 0; i < CDNA_NR_STATS; i++)
			to[i] += READ_ONCE(per_cpu_ptr(ctx->counters,
						       cpu)->ctx[i]);
}

/**
 * softnic_stats_own - sum up what a NIC does not count
 * @ctx: the context
 * @stat: what
 *
 * Return: the sum.
 */
u64 softnic_stats_own(struct softnic_ctx *ctx, enum softnic_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(ctx->counters, cpu)->own[stat]);
	return sum;
}

/**
 * softnic_stats_qp - sum up the counters of a queue pair
 * @ctx: the context
 * @qp: queue pair
 * @to: CDNA_NR_QSTATS of them, filled
 */
void softnic_stats_qp(struct softnic_ctx *ctx, u8 qp, u64 *to)
{
	u32 i;
	int cpu;

	memset(to, 0, CDNA_NR_QSTATS * sizeof(*to));
	for_each_possible_cpu(cpu)
		for (i = 0; i < CDNA_NR_QSTATS; i++)
			to[i] += READ_ONCE(per_cpu_ptr(ctx->counters,
						       cpu)->qp[qp][i]);
}
