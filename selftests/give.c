// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "give.h"

#define PAGE		4096
#define STORM_PAGES	64

static void *map_at(void *at, size_t bytes, int how)
{
	return mmap(at, bytes, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1,
		    0);
}

/* The memory may be mapped by VFIO already: that has only its address. */
int give_init(struct give *give, enum give_how how, uint8_t *mem, size_t bytes)
{
	int sharing = how == GIVE_PUNCH ? MAP_SHARED : MAP_PRIVATE;

	*give = (struct give) { .how = how, .mem = mem, .bytes = bytes };
	return map_at(mem, bytes, sharing | MAP_FIXED) == MAP_FAILED ?
	       -errno : 0;
}

int give_page(struct give *give, void *page)
{
	give->pages++;
	switch (give->how) {
	case GIVE_DISCARD:
		return madvise(page, PAGE, MADV_DONTNEED) ? -errno : 0;
	case GIVE_PUNCH:
		return madvise(page, PAGE, MADV_REMOVE) ? -errno : 0;
	default:
		return map_at(page, PAGE, MAP_PRIVATE | MAP_FIXED) == MAP_FAILED ?
		       -errno : 0;
	}
}

static struct {
	pthread_t thread;
	bool stop;
	uint8_t *mem;
	unsigned long laps;
} storm;

static void *storm_thread(void *unused)
{
	while (!__atomic_load_n(&storm.stop, __ATOMIC_RELAXED)) {
		memset(storm.mem, ++storm.laps, STORM_PAGES * PAGE);
		if (madvise(storm.mem, STORM_PAGES * PAGE, MADV_DONTNEED))
			break;
	}
	return unused;
}

int give_storm_begin(void)
{
	storm.stop = false;
	storm.laps = 0;
	storm.mem = map_at(NULL, STORM_PAGES * PAGE, MAP_PRIVATE);
	if (storm.mem == MAP_FAILED)
		return -errno;
	return -pthread_create(&storm.thread, NULL, storm_thread, NULL);
}

/* Return: how often it gave something away */
unsigned long give_storm_end(void)
{
	__atomic_store_n(&storm.stop, true, __ATOMIC_RELAXED);
	pthread_join(storm.thread, NULL);
	munmap(storm.mem, STORM_PAGES * PAGE);
	return storm.laps;
}
