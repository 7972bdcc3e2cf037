// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bystander keeps of the core's time beside each kind of neighbour. It
 * sends 1514-byte frames, and so does an honest neighbour: what it then sends in
 * a second of the core's time is 100 %. Timed is fw_nic_step() alone, and all
 * rings are filled before each step.
 */
#include "bench.h"
#include "neighbour.h"

#define WARM_STEPS		300
#define STEPS			1500
#define TARGET			80	/* per cent that every neighbour leaves */

static double kept[NEIGHBOUR_KINDS][BENCH_HOSTILE_ROUNDS];

/* Frames of the bystander in a nanosecond of the core's time */
static double speed(enum neighbour_kind kind)
{
	struct h *h = neighbour_new(kind);
	u64 frames = 0;
	u64 ns = 0;
	u32 i;

	for (i = 0; i < WARM_STEPS + STEPS; i++) {
		u64 start;

		neighbour_load(h, kind);
		start = bench_cpu_ns();
		h_step(h);
		start = bench_cpu_ns() - start;
		h->board->now += start;
		if (i == WARM_STEPS) {
			frames = neighbour_sent(h, NEIGHBOUR_BYSTANDER);
			ns = 0;
		}
		ns += start;
	}
	frames = neighbour_sent(h, NEIGHBOUR_BYSTANDER) - frames;
	h_free(h);
	return (double)frames / (double)ns;
}

/**
 * bench_hostile_round() - measure all neighbours once
 * @round: number of the round
 */
void bench_hostile_round(u32 round)
{
	double honest = speed(NEIGHBOUR_HONEST);
	u32 kind;

	for (kind = 0; kind < NEIGHBOUR_KINDS; kind++)
		kept[kind][round] = 100 * speed(kind) / honest;
}

/**
 * bench_hostile_print() - print what the bystander keeps
 */
void bench_hostile_print(void)
{
	double worst = 100;
	u32 kind;

	printf("\na bystander beside          keeps of the core's time\n");
	for (kind = 0; kind < NEIGHBOUR_KINDS; kind++) {
		double share = bench_median(kept[kind], BENCH_HOSTILE_ROUNDS);

		printf("%-26s %6.0f %%  (%.0f to %.0f)\n",
		       neighbour_name[kind], share, kept[kind][0],
		       kept[kind][BENCH_HOSTILE_ROUNDS - 1]);
		worst = FW_MIN(worst, share);
	}
	printf("no neighbour leaves less than %d %%: %s (%.0f %%)\n", TARGET,
	       worst >= TARGET ? "ok" : "missed", worst);
}

/**
 * bench_hostile_json() - write the same as members of an array
 * @file: where
 */
void bench_hostile_json(FILE *file)
{
	u32 kind;

	for (kind = 0; kind < NEIGHBOUR_KINDS; kind++) {
		double share = bench_median(kept[kind], BENCH_HOSTILE_ROUNDS);

		fprintf(file, "    {\"neighbour\": \"%s\", ",
			neighbour_name[kind]);
		fprintf(file, "\"kept_percent\": %.1f, ", share);
		fprintf(file, "\"min\": %.1f, \"max\": %.1f}%s\n",
			kept[kind][0], kept[kind][BENCH_HOSTILE_ROUNDS - 1],
			kind < NEIGHBOUR_KINDS - 1 ? "," : "");
	}
}
