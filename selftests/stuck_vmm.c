// SPDX-License-Identifier: GPL-2.0-only
/*
 * stuck_vmm: part of vmm_stuck.sh. Two threads of one process, each with a context
 * in the same container, map, pin and unmap memory until they have deadlocked in
 * the IOMMU layer. Then neither ends, whatever signal they get.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vdev.h"

#define PAGES	64
#define SECONDS	240
#define STILL	10	/* seconds without progress */
#define RX	CDNA_VQUEUE(0, CDNA_DIR_RX)
#define IOVA_OF(n)	(0x800000000ull + (uint64_t)(n) * 0x10000000)

struct worker {
	struct vdev dev;
	unsigned int n;
	pthread_t thread;
	time_t moved;
	long rounds;
};

static struct worker worker[2];

/* Pin all pages of the range as receive buffers. */
static uint32_t pin(struct vdev *dev, uint64_t iova)
{
	uint32_t ret, i;

	dev->rx_prod = 0;
	((struct cdna_tail_page *)(dev->mem + MEM_TAILS))->tail[RX] = 0;
	ret = vdev_queue_as(dev, RX, VDEV_SLOTS, CDNA_FORMAT_COMPACT, 0);
	for (i = 0; i < PAGES && !ret; i++)
		vdev_post_rx(dev, iova + i * 4096, 4096);
	vdev_trap(dev);
	return ret;
}

static void *work(void *arg)
{
	struct worker *self = arg;
	uint64_t iova = IOVA_OF(self->n);
	uint8_t *mem = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (;;) {
		if (vdev_map(&self->dev, mem, iova, PAGES * 4096, 3) ||
		    pin(&self->dev, iova))
			printf("worker %u failed\n", self->n);
		vdev_unmap(&self->dev, iova, PAGES * 4096);
		vdev_write(&self->dev, CDNA_VREG_ARG_QUEUE, RX);
		vdev_command(&self->dev, CDNA_VCMD_QUEUE_DESTROY);
		__atomic_store_n(&self->moved, time(NULL), __ATOMIC_RELAXED);
		self->rounds++;
	}
	return NULL;
}

static int start(unsigned int n)
{
	struct worker *self = &worker[n];
	char uuid[40];

	self->n = n;
	self->moved = time(NULL);
	vdev_uuid(uuid, 0xd0 + n);
	if (vdev_create(uuid))
		return -1;
	if (n ? vdev_open_beside(&self->dev, uuid, &worker[0].dev,
				 VDEV_IOVA + VDEV_MEMORY) :
		vdev_open(&self->dev, uuid))
		return -1;
	return vdev_activate(&self->dev) ? -1 : 0;
}

static bool stands_still(const struct worker *self)
{
	return time(NULL) - __atomic_load_n(&self->moved, __ATOMIC_RELAXED) >
	       STILL;
}

int main(void)
{
	time_t end = time(NULL) + SECONDS;
	unsigned int n;

	for (n = 0; n < 2; n++)
		if (start(n)) {
			printf("cannot start\n");
			return 1;
		}
	for (n = 0; n < 2; n++)
		pthread_create(&worker[n].thread, NULL, work, &worker[n]);
	while (time(NULL) < end) {
		sleep(1);
		if (stands_still(&worker[0]) && stands_still(&worker[1])) {
			printf("stuck after %ld and %ld rounds\n",
			       worker[0].rounds, worker[1].rounds);
			fflush(stdout);
			pause();
		}
	}
	printf("not stuck after %ld and %ld rounds\n", worker[0].rounds,
	       worker[1].rounds);
	fflush(stdout);
	_exit(1);
}
