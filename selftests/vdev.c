// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kvm.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vdev.h"

#define VFIO_SHIFT	40
#define SYSFS_MDEV	"/sys/bus/mdev/devices"

off_t vdev_offset(uint32_t index, uint64_t within)
{
	return ((off_t)index << VFIO_SHIFT) + within;
}

uint32_t vdev_read(struct vdev *dev, uint32_t reg)
{
	uint32_t value = 0xdeadbeef;

	if (pread(dev->fd, &value, 4,
		  vdev_offset(CDNA_VDEV_BAR_REGS, reg)) != 4)
		perror("register load");
	return value;
}

void vdev_write(struct vdev *dev, uint32_t reg, uint32_t value)
{
	if (pwrite(dev->fd, &value, 4,
		   vdev_offset(CDNA_VDEV_BAR_REGS, reg)) != 4)
		perror("register store");
}

void vdev_write64(struct vdev *dev, uint32_t reg_lo, uint64_t value)
{
	vdev_write(dev, reg_lo, value);
	vdev_write(dev, reg_lo + 4, value >> 32);
}

uint32_t vdev_command(struct vdev *dev, uint32_t command)
{
	vdev_write(dev, CDNA_VREG_COMMAND, command);
	return vdev_read(dev, CDNA_VREG_RESULT);
}

struct cdna_vdev_report vdev_report(struct vdev *dev, uint32_t queue)
{
	struct cdna_vdev_report report;
	uint32_t *word = (uint32_t *)&report;
	uint32_t i;

	for (i = 0; i < sizeof(report) / 4; i++)
		word[i] = vdev_read(dev, CDNA_VREG_REPORT_OF(queue) + i * 4);
	return report;
}

int vdev_map(struct vdev *dev, void *addr, uint64_t iova, size_t bytes,
	     uint32_t flags)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = flags,
		.vaddr = (uintptr_t)addr,
		.iova = iova,
		.size = bytes,
	};

	return ioctl(dev->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int vdev_unmap(struct vdev *dev, uint64_t iova, size_t bytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = bytes,
	};

	return ioctl(dev->container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
}

static uint32_t vdev_vectors(struct vdev *dev)
{
	struct vfio_irq_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
	};

	if (ioctl(dev->fd, VFIO_DEVICE_GET_IRQ_INFO, &info) ||
	    info.count > VDEV_MOST_VECTORS)
		return 0;
	return info.count;
}

int vdev_irqs(struct vdev *dev)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd[VDEV_MOST_VECTORS];
	} irqs = {
		.set = {
			.argsz = sizeof(irqs),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD |
				 VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_MSIX_IRQ_INDEX,
			.count = vdev_vectors(dev),
		},
	};
	uint32_t i;

	for (i = 0; i < irqs.set.count; i++) {
		dev->event[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		irqs.fd[i] = dev->event[i];
	}
	return ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &irqs) ? -errno : 0;
}

void vdev_master(struct vdev *dev, bool on)
{
	uint16_t command = PCI_COMMAND_MEMORY | (on ? PCI_COMMAND_MASTER : 0);

	if (pwrite(dev->fd, &command, 2,
		   vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX,
			       PCI_COMMAND)) != 2)
		perror("command register");
}

/* The VFIO group of a mediated device, by name or -1 */
static int vdev_group(const char *uuid)
{
	char path[PATH_MAX], link[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), SYSFS_MDEV "/%s/iommu_group", uuid);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -1;
	link[n] = '\0';
	return atoi(strrchr(link, '/') + 1);
}

/* Add the group to KVM's VFIO device, so that the driver gets the machine. */
static int vdev_join(struct vdev *dev, uint64_t how)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_FILE,
		.attr = how,
		.addr = (uintptr_t)&dev->group,
	};

	if (dev->kvm_vfio < 0)
		return 0;
	return ioctl(dev->kvm_vfio, KVM_SET_DEVICE_ATTR, &attr) ? -errno : 0;
}

static int vdev_open_vfio(struct vdev *dev, const struct vdev *first)
{
	char path[PATH_MAX];
	int number = vdev_group(dev->uuid);

	snprintf(path, sizeof(path), "/dev/vfio/%d", number);
	dev->container = first ? dup(first->container) :
				 open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	if (number < 0 || dev->container < 0 || dev->group < 0)
		return -errno;
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container) ||
	    (!first && ioctl(dev->container, VFIO_SET_IOMMU,
			     VFIO_TYPE1v2_IOMMU)) ||
	    vdev_join(dev, KVM_DEV_VFIO_FILE_ADD))
		return -errno;
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid);
	return dev->fd < 0 ? -errno : 0;
}

static int vdev_open_memory(struct vdev *dev)
{
	void *page;

	dev->mem = mmap(NULL, VDEV_MEMORY, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	page = mmap(NULL, CDNA_VDEV_BAR_MAILBOX_SIZE, PROT_READ | PROT_WRITE,
		    MAP_SHARED, dev->fd,
		    vdev_offset(CDNA_VDEV_BAR_MAILBOX, 0));
	if (dev->mem == MAP_FAILED || page == MAP_FAILED)
		return -errno;
	dev->mbox = page;
	return vdev_map(dev, dev->mem, dev->iova, VDEV_MEMORY,
			VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE);
}

int vdev_open(struct vdev *dev, const char *uuid)
{
	return vdev_open_in(dev, uuid, -1);
}

static void vdev_init(struct vdev *dev, const char *uuid, int kvm_vfio)
{
	int i;

	memset(dev, 0, sizeof(*dev));
	snprintf(dev->uuid, sizeof(dev->uuid), "%s", uuid);
	dev->kvm_vfio = kvm_vfio;
	dev->iova = VDEV_IOVA;
	dev->features = CDNA_VFEAT_TRAP_REG;
	for (i = 0; i < VDEV_MOST_VECTORS; i++)
		dev->event[i] = -1;
}

static int vdev_open_all(struct vdev *dev, const struct vdev *first)
{
	uint32_t lo, hi;
	int ret;

	ret = vdev_open_vfio(dev, first);
	if (!ret)
		ret = vdev_open_memory(dev);
	if (ret)
		return ret;
	lo = vdev_read(dev, CDNA_VREG_MAC_LO);
	hi = vdev_read(dev, CDNA_VREG_MAC_HI);
	memcpy(dev->mac, &lo, 4);
	memcpy(dev->mac + 4, &hi, 2);
	vdev_master(dev, true);
	return vdev_irqs(dev);
}

int vdev_open_in(struct vdev *dev, const char *uuid, int kvm_vfio)
{
	vdev_init(dev, uuid, kvm_vfio);
	return vdev_open_all(dev, NULL);
}

int vdev_open_beside(struct vdev *dev, const char *uuid,
		     const struct vdev *first, uint64_t iova)
{
	vdev_init(dev, uuid, -1);
	dev->iova = iova;
	return vdev_open_all(dev, first);
}

long vdev_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void vdev_close(struct vdev *dev)
{
	int i;

	if (dev->mbox)
		munmap((void *)dev->mbox, CDNA_VDEV_BAR_MAILBOX_SIZE);
	close(dev->fd);
	vdev_join(dev, KVM_DEV_VFIO_FILE_DEL);
	close(dev->group);
	close(dev->container);
	for (i = 0; i < VDEV_MOST_VECTORS; i++)
		if (dev->event[i] >= 0)
			close(dev->event[i]);
	if (dev->mem)
		munmap(dev->mem, VDEV_MEMORY);
	dev->mbox = NULL;
	dev->mem = NULL;
}
