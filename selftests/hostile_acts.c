// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process can do to a context with system calls and stores: anything at
 * random, and what is close to being right.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.h"
#include "mig.h"

#define VFIO_NUMBERS	32	/* ioctls from VFIO_BASE on, more than there are */

/* Frames to each other, so that buffers are received into */
static void write_frames(struct vdev *dev, struct rng *rng)
{
	const struct vdev *to = &hostile.ctx[rng_below(rng, HOSTILE_WILD)];
	uint8_t *frame;
	uint32_t i;

	for (i = 0; i < VDEV_SLOTS; i++) {
		frame = dev->mem + MEM_TX_BUF + i * MEM_BUF;
		memcpy(frame, to->mac, 6);
		memcpy(frame + 6, dev->mac, 6);
		frame[12] = 0x88;
		frame[13] = 0xb5;
	}
}

/* Two queue pairs with all that the guest may ask for, or not */
void hostile_start(struct vdev *dev, struct rng *rng)
{
	uint32_t queue, ret;

	vdev_master(dev, true);
	write_frames(dev, rng);
	vdev_command(dev, CDNA_VCMD_RESET);
	dev->features |= vdev_read(dev, CDNA_VREG_FEATURES) & CDNA_VFEAT_RSS;
	ret = vdev_activate(dev);
	for (queue = 0; queue < 2 * CDNA_NR_DIRS && !ret; queue++)
		ret = vdev_queue(dev, queue / CDNA_NR_DIRS,
				 queue % CDNA_NR_DIRS, VDEV_SLOTS);
	hostile_tried(8);
}

/* A queue that was stopped, or all of them again */
static void act_restart(struct vdev *dev, struct rng *rng)
{
	uint32_t queue = rng_below(rng, 4);

	if (vdev_read(dev, CDNA_VREG_STATE) != CDNA_CTX_ACTIVE ||
	    !rng_below(rng, 32)) {
		hostile_start(dev, rng);
		return;
	}
	hostile_tried(2);
	if (vdev_report(dev, queue).state == CDNA_QUEUE_RUNNING)
		return;
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, queue);
	vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY);
	__atomic_store_n((uint32_t *)(dev->mem + MEM_TAILS) + queue, 0,
			 __ATOMIC_RELEASE);
	vdev_queue(dev, queue / CDNA_NR_DIRS, queue % CDNA_NR_DIRS,
		   VDEV_SLOTS);
}

/* Loads and stores of any width, anywhere in any region */
static void act_region(struct vdev *dev, struct rng *rng)
{
	static const uint32_t regions[] = {
		VFIO_PCI_CONFIG_REGION_INDEX, CDNA_VDEV_BAR_MAILBOX,
		CDNA_VDEV_BAR_REGS, CDNA_VDEV_BAR_MSIX,
	};
	uint32_t region = regions[rng_below(rng, 4)], i;
	uint64_t data[40], within = rng_below(rng, 4096);
	size_t width = 1u << rng_below(rng, 4);

	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		data[i] = rng_next(rng);
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		within %= 272;
	if (!rng_below(rng, 16)) {
		region = rng_below(rng, 64);
		within = rng_next(rng) >> 24;
		width = rng_below(rng, sizeof(data));
	}
	hostile_tried(1);
	if (rng_below(rng, 2))
		within &= ~3ull;
	if (rng_below(rng, 2)) {
		if (pread(dev->fd, data, width, vdev_offset(region, within)))
			return;
	} else if (pwrite(dev->fd, data, width, vdev_offset(region, within))) {
		return;
	}
}

/* A word of struct cdna_rss, most times a valid one */
static void act_rss_word(struct vdev *dev, struct rng *rng)
{
	uint32_t at = 4 * rng_below(rng, sizeof(struct cdna_rss) / 4);
	uint32_t value = rng_next(rng);

	if (rng_below(rng, 64))
		value &= at == offsetof(struct cdna_rss, types) ?
			 CDNA_RSS_TYPES :
			 at == offsetof(struct cdna_rss, other) ? 1 : 0x01010101;
	vdev_write(dev, CDNA_VREG_ARG_RSS + at, value);
}

/* Commands with arguments of which most are right */
static void act_command(struct vdev *dev, struct rng *rng)
{
	uint32_t reg, changes = rng_below(rng, 6);

	hostile_tried(changes + 2);
	while (changes--) {
		if (!rng_below(rng, 4))
			act_rss_word(dev, rng);
		reg = CDNA_VREG_ARG_FEATURES +
		      4 * rng_below(rng, (CDNA_VREG_TRAP -
					  CDNA_VREG_ARG_FEATURES) / 4);
		vdev_write(dev, reg, rng_below(rng, 4) ? rng_below(rng, 4097) :
						   rng_next(rng));
	}
	/* A drain may take long: it is what fewer of them are. */
	changes = rng_below(rng, 10);
	if (changes == CDNA_VCMD_QUEUE_DRAIN && rng_below(rng, 8))
		changes = CDNA_VCMD_QUEUE_CREATE;
	vdev_command(dev, changes);
}

/* Stores of every width into the page, a word or more of them */
static void act_mailbox(struct vdev *dev, struct rng *rng)
{
	volatile uint8_t *page = (volatile uint8_t *)dev->mbox;
	uint32_t n = rng_below(rng, 32), at;

	hostile_tried(n);
	while (n--) {
		at = rng_below(rng, rng_below(rng, 4) ?
			       CDNA_MBOX_OFFSET(CDNA_NR_MAILBOXES) : 4096);
		switch (rng_below(rng, 6)) {
		case 0:
			page[at] = rng_next(rng);
			break;
		case 1:
			*(volatile uint16_t *)(page + (at & ~1u)) =
				rng_next(rng);
			break;
		case 2:
			*(volatile uint64_t *)(page + (at & ~7u)) =
				rng_next(rng);
			break;
		default:
			*(volatile uint32_t *)(page + (at & ~3u)) =
				rng_next(rng) >> rng_below(rng, 64);
			break;
		}
	}
}

/* The page once more, or with a size, a place or sharing that it does not have */
static void act_mmap(struct vdev *dev, struct rng *rng)
{
	size_t bytes = 4096u << (rng_below(rng, 4) ? 0 : rng_below(rng, 4));
	uint32_t index = rng_below(rng, 4) ? 0 : rng_below(rng, 12);
	int flags = rng_below(rng, 4) ? MAP_SHARED : MAP_PRIVATE;
	uint64_t at = rng_below(rng, 4) ? 0 : rng_below(rng, 4) * 4096;
	void *page;

	hostile_tried(3);
	page = mmap(NULL, bytes, rng_below(rng, 4) ? PROT_READ | PROT_WRITE :
		    PROT_READ, flags, dev->fd, vdev_offset(index, at));
	if (page == MAP_FAILED)
		return;
	/* A closed device is /dev/zero, of which nothing else may be read. */
	if (!index && !at && rng_below(rng, 2))
		(void)*(volatile uint32_t *)page;
	munmap(page, bytes);
}

/* Eventfds, none, and what are not; any vectors, in any order */
static void act_irqs(struct vdev *dev, struct rng *rng)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd[16];
	} irqs = { .set = { .argsz = sizeof(irqs) } };
	int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	uint32_t i;

	irqs.set.flags = 1u << rng_below(rng, 3) | 8u << rng_below(rng, 3);
	if (rng_below(rng, 4))
		irqs.set.flags = VFIO_IRQ_SET_DATA_EVENTFD |
				 VFIO_IRQ_SET_ACTION_TRIGGER;
	irqs.set.index = rng_below(rng, 4) ? VFIO_PCI_MSIX_IRQ_INDEX :
					     rng_below(rng, 7);
	irqs.set.start = rng_below(rng, rng_below(rng, 8) ? 4 : 100);
	irqs.set.count = rng_below(rng, rng_below(rng, 8) ? 8 : 100);
	if (!rng_below(rng, 16))
		irqs.set.argsz = rng_next(rng);
	for (i = 0; i < 16; i++)
		irqs.fd[i] = rng_below(rng, 4) ? event :
			     (int32_t)rng_below(rng, 16) - 2;
	ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &irqs);
	if (event >= 0)
		close(event);
	hostile_tried(1);
}

/* All of VFIO's numbers on each kind of its files, with arguments at random */
static void act_ioctl(struct vdev *dev, struct rng *rng)
{
	const int files[] = { dev->fd, dev->fd, dev->group, dev->container };
	unsigned int nr = rng_below(rng, VFIO_NUMBERS), i;
	int file = files[rng_below(rng, 4)], ret;
	bool alone = file != dev->fd;
	uint64_t data[64];
	void *arg = data;
	uint32_t argsz;

	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		data[i] = rng_below(rng, 2) ? rng_below(rng, 64) :
					      rng_next(rng);
	argsz = rng_below(rng, 4) ? rng_below(rng, 256) : rng_next(rng);
	memcpy(data, &argsz, sizeof(argsz));
	if (!rng_below(rng, 8))
		arg = (void *)(uintptr_t)rng_below(rng, 4096);
	/* A group is not taken out of the container: it would stay out. */
	if (file == dev->group && _IO(VFIO_TYPE, VFIO_BASE + nr) ==
				  VFIO_GROUP_UNSET_CONTAINER)
		return;
	if (alone)
		pthread_mutex_lock(&hostile.unmap);
	ret = ioctl(file, _IO(VFIO_TYPE, VFIO_BASE + nr), arg);
	if (_IO(VFIO_TYPE, VFIO_BASE + nr) == VFIO_GROUP_GET_DEVICE_FD &&
	    file == dev->group && ret > 2)
		close(ret);
	if (alone)
		pthread_mutex_unlock(&hostile.unmap);
	hostile_tried(1);
}

static void act_reset(struct vdev *dev, struct rng *rng)
{
	if (rng_below(rng, 2))
		ioctl(dev->fd, VFIO_DEVICE_RESET);
	else
		vdev_master(dev, rng_below(rng, 4));
	hostile_tried(1);
}

/* Opened twice, and closed once */
static void act_twice(struct vdev *dev, struct rng *rng)
{
	int fd;

	pthread_mutex_lock(&hostile.unmap);
	fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid);
	pthread_mutex_unlock(&hostile.unmap);
	hostile_tried(2);
	if (fd < 0)
		return;
	act_irqs(dev, rng);
	pthread_mutex_lock(&hostile.unmap);
	close(fd);
	pthread_mutex_unlock(&hostile.unmap);
}

/* Pause and resume, through any of the states, with streams at random */
static void act_migrate(struct vdev *dev, struct rng *rng)
{
	uint64_t stream[MIG_STREAM / 8 + 1];
	uint32_t i;
	int fd;

	for (i = 0; i < sizeof(stream) / sizeof(stream[0]); i++)
		stream[i] = rng_next(rng);
	hostile_tried(4);
	if (!mig_go(dev, rng_below(rng, 10), &fd) && fd >= 0) {
		hostile_tried(read(fd, stream, rng_below(rng, sizeof(stream))) >= 0);
		hostile_tried(write(fd, stream, rng_below(rng, sizeof(stream))) >= 0);
		mig_go(dev, rng_below(rng, 10), NULL);
		hostile_tried(read(fd, stream, sizeof(stream)) >= 0);
		close(fd);
	}
	/* Once in a while it stays as it is. */
	if (rng_below(rng, 8) && mig_go(dev, MIG_RUNNING, NULL))
		ioctl(dev->fd, VFIO_DEVICE_RESET);
}

void hostile_act(struct vdev *dev, struct rng *rng)
{
	static void (*const acts[])(struct vdev *dev, struct rng *rng) = {
		act_region, act_region, act_command, act_mailbox, act_mailbox,
		act_mmap, act_irqs, act_ioctl, act_ioctl, act_reset, act_twice,
		act_migrate,
	};
	uint32_t n = rng_below(rng, 3 * sizeof(acts) / sizeof(acts[0]));

	if (n < sizeof(acts) / sizeof(acts[0])) {
		acts[n](dev, rng);
		return;
	}
	act_restart(dev, rng);
	hostile_descriptors(dev, rng);
}
