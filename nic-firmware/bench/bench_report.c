// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of the benchmark: a table, the project's rules, JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define LIMIT_NS		150	/* for 64-byte frames */
#define LIMIT_GROWTH		25	/* per cent from 1 to 32 contexts */

const u32 bench_size[BENCH_NR_SIZES] = { 64, 512, 1514, BENCH_SUPER_BYTES };
const u32 bench_count[BENCH_NR_COUNTS] = { 1, 8, 32 };

static const char *const path_name[BENCH_NR_PATHS] = {
	"transmit", "receive", "context-to-context",
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * bench_median() - median of some numbers, which are sorted
 * @values: the numbers
 * @count: how many, 1 or more
 *
 * Return: the median
 */
double bench_median(double *values, u32 count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

/* A case's rounds in ascending order */
static void sorted(u32 path, u32 size, u32 count, double *values)
{
	memcpy(values, bench_result.ns[path][size][count],
	       sizeof(*values) * BENCH_ROUNDS);
	qsort(values, BENCH_ROUNDS, sizeof(*values), compare);
}

static double median(u32 path, u32 size, u32 count)
{
	double values[BENCH_ROUNDS];

	sorted(path, size, count, values);
	return values[BENCH_ROUNDS / 2];
}

/*
 * Per cent from the smallest to the largest number of contexts: the median of
 * what each round says, whose cases are measured one right after the other.
 * The machine's own drift from round to round drops out.
 */
static double growth(u32 path, u32 size)
{
	double *first = bench_result.ns[path][size][0];
	double *last = bench_result.ns[path][size][BENCH_NR_COUNTS - 1];
	double ratio[BENCH_ROUNDS];
	u32 i;

	for (i = 0; i < BENCH_ROUNDS; i++)
		ratio[i] = last[i] / first[i];
	return (bench_median(ratio, BENCH_ROUNDS) - 1) * 100;
}

static void print_row(u32 path, u32 size)
{
	u32 n;

	printf("%-18s %6u", path_name[path], bench_size[size]);
	for (n = 0; n < BENCH_NR_COUNTS; n++) {
		double ns = median(path, size, n);

		printf("  %8.1f %8.3f %6.1f", ns, 1e3 / ns,
		       bench_size[size] * 8 / ns);
	}
	printf("  %+5.0f%%\n", growth(path, size));
}

void bench_print_table(void)
{
	u32 path;
	u32 size;
	u32 n;

	printf("%-18s %6s", "", "bytes");
	for (n = 0; n < BENCH_NR_COUNTS; n++)
		printf("  %15u context%s", bench_count[n],
		       bench_count[n] > 1 ? "s" : " ");
	printf("  growth\n%-18s %6s", "", "");
	for (n = 0; n < BENCH_NR_COUNTS; n++)
		printf("  %8s %8s %6s", "ns/frame", "Mframe/s", "Gb/s");
	printf("\n");
	for (path = 0; path < BENCH_NR_PATHS; path++)
		for (size = 0; size < BENCH_NR_SIZES; size++)
			print_row(path, size);
	printf("%d bytes: a segmentation request, or its segments merged\n",
	       BENCH_SUPER_BYTES);
}

/* Rules of the project; reported, not enforced: the machine may be another. */
void bench_print_rules(void)
{
	double worst_ns = 0;
	double worst_growth = 0;
	u32 path;
	u32 size;
	u32 n;

	for (path = 0; path < BENCH_NR_PATHS; path++)
		for (size = 0; size < BENCH_NR_SIZES; size++) {
			double more = growth(path, size);

			worst_growth = FW_MAX(worst_growth, more);
			for (n = 0; n < BENCH_NR_COUNTS && !size; n++)
				worst_ns = FW_MAX(worst_ns,
						  median(path, 0, n));
		}
	printf("64-byte frames under %d ns: %s (%.1f ns)\n", LIMIT_NS,
	       worst_ns < LIMIT_NS ? "ok" : "exceeded", worst_ns);
	printf("growth from 1 to %u contexts at most %d %%: %s (%.0f %%)\n",
	       bench_count[BENCH_NR_COUNTS - 1], LIMIT_GROWTH,
	       worst_growth <= LIMIT_GROWTH ? "ok" : "exceeded",
	       worst_growth);
}

static void json_case(FILE *file, u32 path, u32 size, u32 n)
{
	double ns = median(path, size, n);
	double all[BENCH_ROUNDS];

	sorted(path, size, n, all);
	fprintf(file, "    {\"path\": \"%s\", \"bytes\": %u, ",
		path_name[path], bench_size[size]);
	fprintf(file, "\"contexts\": %u, \"ns_per_frame\": %.2f, ",
		bench_count[n], ns);
	fprintf(file, "\"frames_per_second\": %.0f, ", 1e9 / ns);
	fprintf(file, "\"gbit_per_second\": %.3f, ",
		bench_size[size] * 8 / ns);
	fprintf(file, "\"ns_min\": %.2f, \"ns_max\": %.2f}", all[0],
		all[BENCH_ROUNDS - 1]);
}

int bench_write_json(const char *name)
{
	FILE *file = fopen(name, "w");
	u32 total = BENCH_NR_PATHS * BENCH_NR_SIZES * BENCH_NR_COUNTS;
	u32 i;

	if (!file) {
		perror(name);
		return 1;
	}
	fprintf(file, "{\n  \"compiler\": \"%s\",\n  \"rounds\": %d,\n"
		"  \"fw_nic_bytes\": %zu,\n  \"results\": [\n", __VERSION__,
		BENCH_ROUNDS, sizeof(struct fw_nic));
	for (i = 0; i < total; i++) {
		json_case(file, i / BENCH_NR_COUNTS / BENCH_NR_SIZES,
			  i / BENCH_NR_COUNTS % BENCH_NR_SIZES, i % BENCH_NR_COUNTS);
		fprintf(file, i < total - 1 ? ",\n" : "\n");
	}
	fprintf(file, "  ],\n  \"work\": [\n");
	bench_work_json(file);
	fprintf(file, "  ],\n  \"beside\": [\n");
	bench_hostile_json(file);
	fprintf(file, "  ]\n}\n");
	return fclose(file) ? 1 : 0;
}
