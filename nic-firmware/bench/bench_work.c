// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the constants of base/work.h are derived from: the time that a frame, a
 * segment, a copy and so on take of the core, in units of the time that one byte
 * takes.
 */
#include <time.h>

#include "bench.h"
#include "neighbour.h"

#define WARM_STEPS		100
#define STEPS			400
#define SECOND			1000000000ull
#define FEW_CONTEXTS		4

enum work_cost {
	COST_FRAME,
	COST_DESC,
	COST_SEGMENT,
	COST_COPY,
	COST_COMMAND,
	NR_COSTS,
};

static const struct {
	const char *name;
	u32 charged;
} cost[NR_COSTS] = {
	[COST_FRAME] = { "frame", FW_WORK_FRAME },
	[COST_DESC] = { "descriptor", FW_WORK_DESC },
	[COST_SEGMENT] = { "segment", FW_WORK_SEGMENT },
	[COST_COPY] = { "copy", FW_WORK_COPY },
	[COST_COMMAND] = { "command", FW_WORK_COMMAND },
};

static double byte_ns[BENCH_HOSTILE_ROUNDS];
static double cost_ns[NR_COSTS][BENCH_HOSTILE_ROUNDS];

/**
 * bench_cpu_ns() - time that the processor has given to this benchmark
 *
 * What else the machine does counts for its caches only. It takes longer than
 * to read the clock, so there must be a step in between, not a frame.
 *
 * Return: ns
 */
u64 bench_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

/* What a step of a neighbour alone takes. @sent: frames in one */
static double step_ns(struct h *h, enum neighbour_kind kind, bool commands,
		      double *sent)
{
	double ns[STEPS];
	u64 before = 0;
	u32 i, ctx;

	for (i = 0; i < WARM_STEPS + STEPS; i++) {
		u64 start;

		neighbour_send(h, kind);
		for (ctx = 0; ctx < NEIGHBOUR_CONTEXTS; ctx++)
			neighbour_receive(h, ctx, 2048);
		if (commands)
			neighbour_change_filter(h);
		if (i == WARM_STEPS)
			before = neighbour_sent(h, NEIGHBOUR_HOSTILE);
		start = bench_cpu_ns();
		h_step(h);
		ns[i % STEPS] = (double)(bench_cpu_ns() - start);
		/* No bound of broadcasts is ever reached. */
		h->board->now += SECOND;
	}
	*sent = (double)(neighbour_sent(h, NEIGHBOUR_HOSTILE) - before) / STEPS;
	return bench_median(ns, STEPS);
}

/* What a frame takes of a neighbour alone */
static double frame_ns(enum neighbour_kind kind)
{
	struct h *h = neighbour_new(kind);
	double ns, sent;

	ns = step_ns(h, kind, false, &sent);
	h_free(h);
	return ns / sent;
}

/* What a broadcast takes that the first @contexts get, and the sender does not */
static double broadcast_ns(u32 contexts)
{
	struct h *h = neighbour_new(NEIGHBOUR_BROADCAST);
	double ns, sent;
	u32 ctx;

	FAKE_CHECK(!h_limits(h, NEIGHBOUR_HOSTILE, 0, CDNA_MAX_STORM_FPS));
	for (ctx = contexts; ctx < NEIGHBOUR_CONTEXTS; ctx++)
		FAKE_CHECK(!h_filter(h, ctx, 0, NULL));
	ns = step_ns(h, NEIGHBOUR_BROADCAST, false, &sent);
	h_free(h);
	return ns / sent;
}

static double command_ns(void)
{
	struct h *h = neighbour_new(NEIGHBOUR_HONEST);
	const u32 commands = NEIGHBOUR_COMMANDS;
	double without, with, sent;

	without = step_ns(h, NEIGHBOUR_HONEST, false, &sent);
	with = step_ns(h, NEIGHBOUR_HONEST, true, &sent);
	h_free(h);
	return (with - without) / commands;
}

/**
 * bench_work_round() - measure all costs once
 * @round: number of the round
 */
void bench_work_round(u32 round)
{
	double large = frame_ns(NEIGHBOUR_HONEST);
	double small = frame_ns(NEIGHBOUR_WIRE);
	double pieces = frame_ns(NEIGHBOUR_PIECES);
	double byte = (large - small) / (NEIGHBOUR_BYTES - 60);
	double desc = (pieces - small) / (CDNA_MAX_CHAIN - 1);

	byte_ns[round] = byte;
	cost_ns[COST_FRAME][round] = small - 60 * byte - desc;
	cost_ns[COST_DESC][round] = desc;
	/* Its descriptor is charged once, for all of its segments. */
	cost_ns[COST_SEGMENT][round] = frame_ns(NEIGHBOUR_TSO) - small + desc;
	cost_ns[COST_COPY][round] =
		(broadcast_ns(NEIGHBOUR_CONTEXTS) - broadcast_ns(FEW_CONTEXTS)) /
		(NEIGHBOUR_CONTEXTS - FEW_CONTEXTS) - 60 * byte;
	cost_ns[COST_COMMAND][round] = command_ns();
}

/**
 * bench_work_print() - print costs, measured and charged
 */
void bench_work_print(void)
{
	double byte = bench_median(byte_ns, BENCH_HOSTILE_ROUNDS);
	u32 i;

	printf("\nwork             ns   bytes  charged\nbyte       %8.3f %7d %8d\n",
	       byte, 1, 1);
	for (i = 0; i < NR_COSTS; i++) {
		double ns = bench_median(cost_ns[i], BENCH_HOSTILE_ROUNDS);

		printf("%-10s %8.1f %7.0f %8u\n", cost[i].name, ns, ns / byte,
		       cost[i].charged);
	}
}

/**
 * bench_work_json() - write the same as members of an array
 * @file: where
 */
void bench_work_json(FILE *file)
{
	double byte = bench_median(byte_ns, BENCH_HOSTILE_ROUNDS);
	u32 i;

	for (i = 0; i < NR_COSTS; i++) {
		double ns = bench_median(cost_ns[i], BENCH_HOSTILE_ROUNDS);

		fprintf(file, "    {\"work\": \"%s\", ", cost[i].name);
		fprintf(file, "\"ns\": %.2f, \"bytes\": %.0f, ", ns,
			ns / byte);
		fprintf(file, "\"charged\": %u}%s\n", cost[i].charged,
			i < NR_COSTS - 1 ? "," : "");
	}
}
