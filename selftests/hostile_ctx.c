// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contexts of a hostile monitor: opened, closed, removed while in use, and what
 * must be true of each at any time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.h"

struct hostile hostile = { .unmap = PTHREAD_MUTEX_INITIALIZER };

/* splitmix64 */
uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
	return (rng_next(rng) >> 32) * bound >> 32;
}

bool hostile_goes_on(void)
{
	return !__atomic_load_n(&hostile.stop, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&hostile.tries, __ATOMIC_RELAXED) <
	       hostile.most;
}

void hostile_tried(uint64_t count)
{
	__atomic_fetch_add(&hostile.tries, count, __ATOMIC_RELAXED);
}

void hostile_harm(const char *format, ...)
{
	va_list args;

	if (__atomic_fetch_add(&hostile.harmful, 1, __ATOMIC_RELAXED) >= 10)
		return;
	va_start(args, format);
	printf("# harmful: ");
	vprintf(format, args);
	printf("\n");
	fflush(stdout);
	va_end(args);
}

/* Put file @fd in the place of @slot. */
static int install(int fd, int slot)
{
	int ret;

	if (fd < 0)
		return -errno;
	ret = dup2(fd, slot) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static pthread_rwlock_t *use_of(const struct vdev *dev)
{
	return &hostile.use[dev - hostile.ctx];
}

static int map_mailboxes(struct vdev *dev, int fd)
{
	void *page = mmap((void *)dev->mbox, CDNA_VDEV_BAR_MAILBOX_SIZE,
			  PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED, fd,
			  vdev_offset(CDNA_VDEV_BAR_MAILBOX, 0));

	return page == MAP_FAILED ? -errno : 0;
}

/* From here on, the device is memory of nobody. */
static void close_device(struct vdev *dev)
{
	pthread_rwlock_wrlock(use_of(dev));
	pthread_mutex_lock(&hostile.unmap);
	dup2(hostile.zero, dev->fd);
	map_mailboxes(dev, hostile.zero);
	pthread_mutex_unlock(&hostile.unmap);
	pthread_rwlock_unlock(use_of(dev));
}

static int open_device(struct vdev *dev, struct rng *rng)
{
	int ret;

	pthread_mutex_lock(&hostile.unmap);
	ret = install(ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid),
		      dev->fd);
	pthread_mutex_unlock(&hostile.unmap);
	if (!ret)
		ret = map_mailboxes(dev, dev->fd);
	if (ret)
		return ret;
	hostile_start(dev, rng);
	return 0;
}

/* A closed device leaves nothing, at whatever point it is closed (I10). */
int hostile_reopen(struct vdev *dev, struct rng *rng)
{
	hostile_judge(dev);
	close_device(dev);
	hostile_tried(2);
	return open_device(dev, rng);
}

static int open_group(const char *uuid)
{
	char path[PATH_MAX], link[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group",
		 uuid);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -1;
	link[n] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%d",
		 atoi(strrchr(link, '/') + 1));
	return open(path, O_RDWR | O_CLOEXEC);
}

static void *remover(void *arg)
{
	return (void *)(long)vdev_remove(arg);
}

/* Remove a device that is open, which waits until it is closed; make it again. */
int hostile_remake(struct vdev *dev, struct rng *rng)
{
	pthread_t thread;
	void *removed;
	int ret;

	hostile_judge(dev);
	if (pthread_create(&thread, NULL, remover, dev->uuid))
		return -EAGAIN;
	usleep(rng_below(rng, 20000));
	close_device(dev);
	pthread_join(thread, &removed);
	if (removed)
		return (long)removed;
	dup2(hostile.zero, dev->group);
	ret = vdev_create(dev->uuid);
	if (!ret)
		ret = install(open_group(dev->uuid), dev->group);
	if (ret)
		return ret;
	/* Another thread may have done it. */
	ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container);
	hostile_tried(4);
	return open_device(dev, rng);
}

static long reason(const struct vdev *dev, const char *name)
{
	char path[64], value[32];

	snprintf(path, sizeof(path), "faults/%s", name);
	return vdev_attr(dev->uuid, path, value, sizeof(value)) ? -1 :
	       atol(value);
}

/*
 * The NIC meets no descriptor that the host should have refused, and reaches all
 * memory that the host gave it (I2, I3).
 */
void hostile_judge(const struct vdev *dev)
{
	static const char * const never[] = {
		"nic_length", "nic_flags", "nic_dma_descriptor",
		"nic_dma_data", "nic_dma_status", "nic_dead",
	};
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (reason(dev, never[i]))
			hostile_harm("%s: %ld times %s", dev->uuid,
				     reason(dev, never[i]), never[i]);
	if (vdev_stat(dev->uuid, "nic_out_of_bounds"))
		hostile_harm("%s: indices of the NIC out of bounds", dev->uuid);
}

int hostile_open_all(void)
{
	const int prot = PROT_READ | PROT_WRITE;
	struct vdev *dev = hostile.ctx;
	char uuid[40];
	int i, ret;

	hostile.zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	hostile.range = mmap(NULL, HOSTILE_RANGE_BYTES, prot,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	hostile.readonly = mmap(NULL, 4096, PROT_READ,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (hostile.zero < 0 || hostile.range == MAP_FAILED ||
	    hostile.readonly == MAP_FAILED)
		return -errno;
	for (i = 0; i < HOSTILE_CONTEXTS; i++, dev++) {
		pthread_rwlock_init(&hostile.use[i], NULL);
		vdev_uuid(uuid, HOSTILE_UUID + i);
		ret = vdev_create(uuid);
		if (!ret)
			ret = i ? vdev_open_beside(dev, uuid, hostile.ctx,
						   VDEV_IOVA + (uint64_t)i *
						   VDEV_MEMORY) :
				  vdev_open(dev, uuid);
		if (ret)
			return ret;
	}
	return vdev_map(hostile.ctx, hostile.readonly, HOSTILE_READONLY_IOVA,
			4096, VFIO_DMA_MAP_FLAG_READ);
}

/* Close and remove all; nothing of them is left then. */
void hostile_close_all(void)
{
	struct vdev *dev = hostile.ctx;
	int i;

	for (i = 0; i < HOSTILE_CONTEXTS; i++, dev++) {
		hostile_judge(dev);
		vdev_close(dev);
	}
	for (i = 0, dev = hostile.ctx; i < HOSTILE_CONTEXTS; i++, dev++) {
		if (vdev_stat(dev->uuid, "pins_now"))
			hostile_harm("%s: %ld pages stay pinned", dev->uuid,
				     vdev_stat(dev->uuid, "pins_now"));
		if (vdev_remove(dev->uuid))
			hostile_harm("%s: cannot be removed", dev->uuid);
	}
}
