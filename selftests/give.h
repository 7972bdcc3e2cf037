/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that a machine's process gives away while VFIO has it mapped, as for a balloon.
 */
#ifndef SELFTEST_GIVE_H
#define SELFTEST_GIVE_H

#include <stddef.h>
#include <stdint.h>

enum give_how {
	GIVE_DISCARD,	/* MADV_DONTNEED of private memory */
	GIVE_PUNCH,	/* a hole in the file behind shared memory */
	GIVE_REPLACE,	/* another mapping in its place */
};

/**
 * struct give - memory of a guest that is given away, a page at a time
 * @how: in which way
 * @mem: the memory
 * @bytes: its size
 * @pages: how many were given away
 */
struct give {
	enum give_how how;
	uint8_t *mem;
	size_t bytes;
	unsigned int pages;
};

int give_init(struct give *give, enum give_how how, uint8_t *mem, size_t bytes);
int give_page(struct give *give, void *page);

/* A thread that gives other memory away, all the time */
int give_storm_begin(void);
unsigned long give_storm_end(void);

#endif /* SELFTEST_GIVE_H */
