// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_virtio_ring SEED BUFFERS: the kernel's virtio_ring.c against our walker, for each
 * kind of queue, with and without indirect tables and event indices, each writer of the
 * used ring, and all sizes of rings. The seed is printed; the same one does the same again.
 */
#include <setjmp.h>

#include "ring.h"

#define IDLE_TURNS	100000	/* a side may find nothing to do some times in a row */
#define MEMORY_BYTES	(RING_MAX_SIZE * RING_SLOT_BYTES)

static struct ring ring;
static jmp_buf failed;
static u8 *memory;

void ring_fail(const struct ring *at, const char *why)
{
	printf("# ring of %u, %llu added, %llu taken, %llu used, %llu came back: %s\n",
	       at->how.size, (unsigned long long)at->added,
	       (unsigned long long)at->taken, (unsigned long long)at->used,
	       (unsigned long long)at->got, why);
	if (at->dev.fault)
		printf("# fault %d\n", at->dev.fault);
	longjmp(failed, 1);
}

/* Otherwise a device that writes where no driver looks would be waited for without end. */
static void expect_progress(u64 *before, u32 *idle)
{
	u64 now = ring.added + ring.taken + ring.used + ring.got;

	*idle = now == *before ? *idle + 1 : 0;
	*before = now;
	ring_expect(&ring, *idle < IDLE_TURNS, "nothing moves any longer");
}

static void run(const struct ring_case *how, u64 limit)
{
	u64 before = 0;
	u32 idle = 0;
	bool busy;

	memset(&ring, 0, sizeof(ring));
	ring.how = *how;
	ring.limit = limit;
	ring_driver_begin(&ring, memory);
	ring_device_begin(&ring);
	while (ring.got < limit) {
		expect_progress(&before, &idle);
		if (!ring.driver_sleeps && ring_below(2)) {
			ring_driver_step(&ring);
			continue;
		}
		busy = ring_device_step(&ring);
		ring_expect(&ring, busy || !ring.driver_sleeps,
			    "each side waits for the other");
	}
	ring_device_end(&ring);
	ring_driver_end(&ring);
}

static bool test(struct ring_case *how, u64 limit)
{
	if (setjmp(failed))
		return false;
	for (how->size = 2; how->size <= RING_MAX_SIZE; how->size *= 2)
		run(how, limit);
	return true;
}

/* Test @number of all. Return: false if there is none */
static bool case_of(u32 number, struct ring_case *how)
{
	static const struct ring_case kinds[] = {
		{ .kind = RING_TRANSMIT, .writer = RING_BY_SOFTNIC },
		{ .kind = RING_TRANSMIT, .writer = RING_BY_FIRMWARE },
		{ .kind = RING_RECEIVE, .writer = RING_BY_SOFTNIC },
		{ .kind = RING_RECEIVE, .writer = RING_BY_FIRMWARE },
		{ .kind = RING_CONTROL, .writer = RING_BY_HOST },
	};

	if (number / 4 >= ARRAY_SIZE(kinds))
		return false;
	*how = kinds[number / 4];
	how->indirect = number & 1;
	how->event_idx = number & 2;
	return true;
}

static bool report(u32 number, u64 limit)
{
	static const char *const kinds[] = { "transmit", "receive", "control" };
	static const char *const writers[] = { "host", "softnic", "firmware" };
	struct ring_case how;
	bool ok;

	case_of(number, &how);
	ok = test(&how, limit);
	printf("%s %u - %s, %s chains, %s, used ring by the %s\n",
	       ok ? "ok" : "not ok", number + 1, kinds[how.kind],
	       how.indirect ? "indirect" : "direct",
	       how.event_idx ? "event indices" : "flags", writers[how.writer]);
	return ok;
}

int main(int argc, char **argv)
{
	struct ring_case how;
	u64 seed, limit;
	u32 count, i;
	int rc = 0;

	if (argc != 3)
		return 2;
	seed = strtoull(argv[1], NULL, 0);
	limit = strtoull(argv[2], NULL, 0);
	memory = aligned_alloc(CDNA_PAGE_SIZE, MEMORY_BYTES);
	if (!memory)
		return 2;
	ring_seed(seed);
	for (i = 0; i < MEMORY_BYTES; i++)
		memory[i] = ring_below(256);
	for (count = 0; case_of(count, &how); count++)
		;
	setlinebuf(stdout);
	printf("# virtio ring: SEED=%llu BUFFERS=%llu\n1..%u\n",
	       (unsigned long long)seed, (unsigned long long)limit, count);
	for (i = 0; i < count; i++) {
		ring_seed(seed + i);
		rc |= !report(i, limit);
	}
	return rc;
}
