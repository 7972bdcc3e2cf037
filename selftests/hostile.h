/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hostile virtual machine monitor: several contexts in one container, threads
 * that do to them whatever a process can, and what shows that it did harm.
 */
#ifndef SELFTEST_HOSTILE_H
#define SELFTEST_HOSTILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vdev.h"

#define HOSTILE_WILD		4	/* contexts that anything is done to */
#define HOSTILE_MEASURED	2	/* whose answers are judged */
#define HOSTILE_CONTEXTS	(HOSTILE_WILD + HOSTILE_MEASURED)

#define HOSTILE_UUID		0x70	/* of the first context */
#define HOSTILE_VICTIM_UUID	0x7f

/* Memory that comes and goes, and a page that is read-only */
#define HOSTILE_RANGE_IOVA	0x800000000ull
#define HOSTILE_RANGE_BYTES	(4u << 20)
#define HOSTILE_READONLY_IOVA	0xa00000000ull

/**
 * struct hostile - all of it
 * @ctx: the contexts, the wild ones first. Their descriptors of files stay
 *	valid: a device that is closed is /dev/zero, so that no thread ever uses
 *	the number of another file
 * @use: for reading by a thread that uses the device of a context, so that the
 *	thread that closes it is also the last that holds its file
 * @mac_of_victim: an address that nobody else must get
 * @range: memory that is mapped and unmapped
 * @readonly: page that is mapped for reading
 * @zero: /dev/zero
 * @unmap: one thread unmaps memory, or opens or closes a device, at a time; with
 *	two, type1 itself deadlocks
 * @seed: of all random numbers
 * @most: tries that are enough
 * @stop: threads end
 * @tries: descriptors and accesses so far
 * @harmful: what must not happen
 */
struct hostile {
	struct vdev ctx[HOSTILE_CONTEXTS];
	pthread_rwlock_t use[HOSTILE_CONTEXTS];
	char mac_of_victim[32];
	uint8_t *range;
	uint8_t *readonly;
	int zero;
	pthread_mutex_t unmap;
	uint64_t seed;
	uint64_t most;
	int stop;
	uint64_t tries;
	uint64_t harmful;
};

extern struct hostile hostile;

/* Random numbers, of one thread */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
uint32_t rng_below(struct rng *rng, uint32_t bound);

bool hostile_goes_on(void);
void hostile_tried(uint64_t count);
void hostile_harm(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Contexts of the container (hostile_ctx.c); 0 or a negative errno */
int hostile_open_all(void);
void hostile_close_all(void);
int hostile_reopen(struct vdev *dev, struct rng *rng);
int hostile_remake(struct vdev *dev, struct rng *rng);
void hostile_judge(const struct vdev *dev);

/* What a thread does to a wild context (hostile_acts.c) */
void hostile_act(struct vdev *dev, struct rng *rng);
void hostile_start(struct vdev *dev, struct rng *rng);

/* Descriptors (hostile_queue.c) */
void hostile_descriptors(struct vdev *dev, struct rng *rng);
void hostile_scribble(struct vdev *dev, struct rng *rng);
void hostile_measured(struct vdev *dev, struct rng *rng);

/* What administrators do meanwhile (hostile_admin.c) */
void hostile_administrate(struct vdev *dev, struct rng *rng);

/**
 * struct victim - a context in another process, shared with that
 * @ready: it has begun
 * @stop: it ends
 * @failed: it could not begin
 * @mac: its address
 * @sent: frames
 * @answered: frames that came back from the peer
 * @wrong: frames or memory with bytes that are wrong
 */
struct victim {
	int ready;
	int stop;
	int failed;
	char mac[32];
	unsigned long sent;
	unsigned long answered;
	unsigned long wrong;
};

void hostile_victim(struct victim *victim);

#endif /* SELFTEST_HOSTILE_H */
