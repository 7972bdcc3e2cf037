// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile machine with several contexts in one container: while its memory is
 * taken away, each context keeps pinning the same range. The IOMMU layer asks all
 * contexts, one after another, and would end the host if it found pages pinned
 * again and again (I9). So would be a machine that unmaps in several threads.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define CONTEXTS	8
#define QUEUES		4
#define SLOTS		4096u
#define RANGE_IOVA	0x800000000ull
#define RANGE_PAGES	(QUEUES * SLOTS)
#define RANGE_BYTES	(RANGE_PAGES * 4096ul)
#define IOVA_OF(n)	(VDEV_IOVA + (uint64_t)(n) * VDEV_MEMORY)

/* Receive rings of 64 KiB each, and one completion ring that nobody reads */
#define MEM_RINGS	0x100000
#define MEM_COMP	0x200000

static int stop;

struct attacker {
	struct vdev dev;
	pthread_t thread;
	int queues;
};

FIXTURE(container) {
	struct attacker attacker[CONTEXTS];
	uint8_t *range;
};

FIXTURE_SETUP(container)
{
	struct rlimit lim = { RLIM_INFINITY, RLIM_INFINITY };
	struct vdev *first = NULL;
	char uuid[40];
	int i;

	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &lim));
	for (i = 0; i < CONTEXTS; i++) {
		struct vdev *dev = &self->attacker[i].dev;

		vdev_uuid(uuid, 0x40 + i);
		ASSERT_EQ(0, vdev_create(uuid));
		ASSERT_EQ(0, first ?
			  vdev_open_beside(dev, uuid, first, IOVA_OF(i)) :
			  vdev_open(dev, uuid));
		first = &self->attacker[0].dev;
	}
	self->range = mmap(NULL, RANGE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ASSERT_NE(MAP_FAILED, self->range);
}

FIXTURE_TEARDOWN(container)
{
	int i;

	munmap(self->range, RANGE_BYTES);
	for (i = 0; i < CONTEXTS; i++) {
		vdev_close(&self->attacker[i].dev);
		EXPECT_EQ(0, vdev_stat(self->attacker[i].dev.uuid, "pins_now"));
	}
	for (i = 0; i < CONTEXTS; i++)
		EXPECT_EQ(0, vdev_remove(self->attacker[i].dev.uuid));
}

static uint64_t range_iova = RANGE_IOVA;

/* A receive queue whose buffers are pages of the range */
static uint32_t make_queue(struct vdev *dev, uint32_t qp)
{
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);
	size_t ring = MEM_RINGS + qp * SLOTS * sizeof(struct cdna_desc_compact);
	struct cdna_desc_compact *desc = (void *)(dev->mem + ring);
	uint64_t iova = __atomic_load_n(&range_iova, __ATOMIC_RELAXED);
	uint32_t number = CDNA_VQUEUE(qp, CDNA_DIR_RX);
	uint32_t i, ret;

	__atomic_store_n(&tails->tail[number], 0, __ATOMIC_RELEASE);
	for (i = 0; i < SLOTS; i++)
		desc[i] = (struct cdna_desc_compact) {
			.addr = iova + (qp * SLOTS + i) * 4096ull,
			.len = 4096,
		};
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, number);
	vdev_write(dev, CDNA_VREG_ARG_FORMAT, CDNA_FORMAT_COMPACT);
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, SLOTS);
	vdev_write(dev, CDNA_VREG_ARG_OFFLOADS, 0);
	vdev_write64(dev, CDNA_VREG_ARG_RING_LO, dev->iova + ring);
	vdev_write64(dev, CDNA_VREG_ARG_COMP_LO, dev->iova + MEM_COMP);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_CREATE);
	if (!ret)
		__atomic_store_n(&tails->tail[number], SLOTS, __ATOMIC_RELEASE);
	return ret;
}

/* Make each queue that was stopped again, and trap. Return: how many it made */
static int attack_once(struct vdev *dev)
{
	uint32_t qp, number, state;
	int made = 0;

	for (qp = 0; qp < QUEUES; qp++) {
		number = CDNA_VQUEUE(qp, CDNA_DIR_RX);
		state = vdev_read(dev, CDNA_VREG_REPORT_OF(number));
		if (state == CDNA_QUEUE_RUNNING)
			continue;
		if (state != CDNA_QUEUE_NONE) {
			vdev_write(dev, CDNA_VREG_ARG_QUEUE, number);
			vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY);
		}
		made += !make_queue(dev, qp);
	}
	if (made)
		vdev_trap(dev);
	return made;
}

static void *attack(void *arg)
{
	struct attacker *attacker = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		attacker->queues += attack_once(&attacker->dev);
		sched_yield();
	}
	return NULL;
}

static bool all_pinned(struct attacker *attacker)
{
	int i;

	for (i = 0; i < CONTEXTS; i++)
		if (vdev_stat(attacker[i].dev.uuid, "pins_now") < RANGE_PAGES)
			return false;
	return true;
}

static void begin(struct __test_metadata *_metadata, struct attacker *attacker)
{
	int i;

	__atomic_store_n(&stop, 0, __ATOMIC_RELAXED);
	for (i = 0; i < CONTEXTS; i++) {
		ASSERT_EQ(CDNA_VRES_OK, vdev_activate(&attacker[i].dev));
		ASSERT_EQ(0, pthread_create(&attacker[i].thread, NULL, attack,
					    &attacker[i]));
	}
}

static void end(struct attacker *attacker)
{
	int i;

	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < CONTEXTS; i++)
		pthread_join(attacker[i].thread, NULL);
}

TEST_F_TIMEOUT(container, contexts_that_pin_what_is_being_unmapped, 900)
{
	struct vdev *dev = &self->attacker[0].dev;
	int round, wait, i, made = 0;

	begin(_metadata, self->attacker);
	for (round = 0; round < 3; round++) {
		ASSERT_EQ(0, vdev_map(dev, self->range, range_iova, RANGE_BYTES,
				      3));
		for (wait = 0; wait < 5000 && !all_pinned(self->attacker); wait++)
			usleep(50000);
		EXPECT_TRUE(all_pinned(self->attacker));
		ASSERT_EQ(0, vdev_unmap(dev, range_iova, RANGE_BYTES));
		/* Elsewhere, so that no old descriptor finds it mapped again */
		__atomic_store_n(&range_iova, range_iova + 2 * RANGE_BYTES,
				 __ATOMIC_RELAXED);
	}
	end(self->attacker);
	for (i = 0; i < CONTEXTS; i++)
		made += self->attacker[i].queues;
	/* They did come back while memory was taken away. */
	EXPECT_GT(made, 2 * CONTEXTS * QUEUES);
	TH_LOG("%d queues were made", made);
}

/* What was closed for the unmap is open again once the unmap has returned. */
TEST_F_TIMEOUT(container, memory_that_returns_can_be_pinned_immediately, 100)
{
	struct vdev *dev = &self->attacker[0].dev;
	int round;

	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	for (round = 0; round < 50; round++) {
		ASSERT_EQ(0, vdev_map(dev, self->range, range_iova, RANGE_BYTES,
				      3));
		ASSERT_EQ(CDNA_VRES_OK, make_queue(dev, 0));
		vdev_trap(dev);
		ASSERT_EQ(CDNA_QUEUE_RUNNING,
			  vdev_report(dev, CDNA_VQUEUE(0, CDNA_DIR_RX)).state);
		ASSERT_EQ(0, vdev_unmap(dev, range_iova, RANGE_BYTES));
		ASSERT_EQ(CDNA_VFAULT_WITHDRAWN,
			  vdev_report(dev, CDNA_VQUEUE(0, CDNA_DIR_RX)).fault);
		vdev_write(dev, CDNA_VREG_ARG_QUEUE,
			   CDNA_VQUEUE(0, CDNA_DIR_RX));
		ASSERT_EQ(CDNA_VRES_OK,
			  vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	}
}

TEST_HARNESS_MAIN
