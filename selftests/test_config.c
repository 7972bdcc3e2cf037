// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space and the bounds of every region, through the file.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define CONFIG	VFIO_PCI_CONFIG_REGION_INDEX

FIXTURE(config) {
	struct vdev dev;
};

FIXTURE_SETUP(config)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 3));
}

FIXTURE_TEARDOWN(config)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

static ssize_t get(struct vdev *dev, uint32_t index, uint64_t at, void *to,
		   size_t n)
{
	return pread(dev->fd, to, n, vdev_offset(index, at));
}

static ssize_t put(struct vdev *dev, uint32_t index, uint64_t at,
		   const void *from, size_t n)
{
	return pwrite(dev->fd, from, n, vdev_offset(index, at));
}

TEST_F(config, identity)
{
	uint16_t id[2];
	uint8_t class[3];

	EXPECT_EQ(4, get(&self->dev, CONFIG, PCI_VENDOR_ID, id, 4));
	EXPECT_EQ(CDNA_PCI_VENDOR_ID, id[0]);
	EXPECT_EQ(CDNA_PCI_DEVICE_ID_CONTEXT, id[1]);
	EXPECT_EQ(3, get(&self->dev, CONFIG, PCI_CLASS_PROG, class, 3));
	EXPECT_EQ(0x02, class[2]);
}

/* Every offset and width reads the same bytes as one read of the whole. */
TEST_F(config, every_offset_and_width)
{
	uint8_t all[256], part[8];
	size_t at, width;

	ASSERT_EQ(256, get(&self->dev, CONFIG, 0, all, 256));
	for (width = 1; width <= 8; width++)
		for (at = 0; at + width <= 256; at++) {
			ASSERT_EQ(width, get(&self->dev, CONFIG, at, part,
					     width));
			ASSERT_EQ(0, memcmp(part, all + at, width));
		}
}

/* All ones into every byte, in pieces that straddle fields */
TEST_F(config, read_only_bits_stay)
{
	static const uint8_t writable[] = {
		PCI_COMMAND, PCI_COMMAND + 1, PCI_CACHE_LINE_SIZE,
		PCI_INTERRUPT_LINE, 0x43,
	};
	uint8_t before[256], after[256], ones[7];
	size_t at, i, changed = 0;
	bool allowed;

	memset(ones, 0xff, sizeof(ones));
	ASSERT_EQ(256, get(&self->dev, CONFIG, 0, before, 256));
	for (at = 0; at + 7 <= 256; at += 7)
		ASSERT_EQ(7, put(&self->dev, CONFIG, at, ones, 7));
	ASSERT_EQ(256, get(&self->dev, CONFIG, 0, after, 256));
	for (at = 0; at < 256; at++) {
		if (before[at] == after[at])
			continue;
		changed++;
		allowed = at >= PCI_BASE_ADDRESS_0 && at < PCI_BASE_ADDRESS_5;
		for (i = 0; i < sizeof(writable); i++)
			allowed |= at == writable[i];
		EXPECT_TRUE(allowed) {
			TH_LOG("byte %#zx changed", at);
		}
	}
	EXPECT_LT(0, changed);
}

TEST_F(config, bars_report_their_sizes)
{
	uint32_t ones = 0xffffffff, bar, n;

	for (n = 0; n < 6; n++) {
		ASSERT_EQ(4, put(&self->dev, CONFIG, PCI_BASE_ADDRESS_0 + 4 * n,
				 &ones, 4));
		ASSERT_EQ(4, get(&self->dev, CONFIG, PCI_BASE_ADDRESS_0 + 4 * n,
				 &bar, 4));
		EXPECT_EQ(n % 2 ? 0 : 0xfffff000, bar);
	}
}

TEST_F(config, bounds_of_every_region)
{
	static const uint64_t size[VFIO_PCI_NUM_REGIONS] = {
		[0] = 4096, [2] = 4096, [4] = 4096, [CONFIG] = 256,
	};
	uint8_t buf[512] = { 0 };
	uint32_t i;

	for (i = 0; i < VFIO_PCI_NUM_REGIONS + 2; i++) {
		uint64_t end = i < VFIO_PCI_NUM_REGIONS ? size[i] : 0;

		EXPECT_EQ(-1, get(&self->dev, i, end, buf, 1));
		EXPECT_EQ(-1, put(&self->dev, i, end, buf, 1));
		EXPECT_EQ(-1, get(&self->dev, i, end - 2, buf, 4));
		EXPECT_EQ(-1, put(&self->dev, i, end - 2, buf, 4));
		EXPECT_EQ(-1, get(&self->dev, i, 1ull << 39, buf, 4));
		if (end) {
			EXPECT_EQ(4, get(&self->dev, i, end - 4, buf, 4));
			EXPECT_EQ(4, put(&self->dev, i, end - 4, buf, 4));
		}
	}
	EXPECT_EQ(-1, get(&self->dev, CONFIG, 0, buf, 512));
}

/* A mapping shows what read() does, in all pieces, and nothing once revoked. */
TEST_F(config, mailbox_page_through_the_file)
{
	const uint32_t at = CDNA_PARTITION_INFO;
	struct cdna_partition_info info, mapped;
	uint32_t *word = (uint32_t *)&mapped;
	uint8_t part[8];
	size_t i, width;

	for (i = 0; i < sizeof(mapped) / 4; i++)
		word[i] = self->dev.mbox[at / 4 + i];
	ASSERT_EQ(sizeof(info), get(&self->dev, 0, at, &info, sizeof(info)));
	EXPECT_EQ(CDNA_ABI_VERSION, info.abi);
	EXPECT_EQ(0, memcmp(info.mac, self->dev.mac, 6));
	EXPECT_EQ(0, memcmp(&info, &mapped, sizeof(info)));
	for (width = 1; width <= 8; width++)
		for (i = 0; i + width <= sizeof(info); i++) {
			ASSERT_EQ(width, get(&self->dev, 0, at + i, part,
					     width));
			EXPECT_EQ(0, memcmp(part, (uint8_t *)&mapped + i,
					    width));
		}
	ASSERT_EQ(0, vdev_set(self->dev.uuid, "state", "revoked"));
	memset(&mapped, 0, sizeof(mapped));
	ASSERT_EQ(sizeof(info), get(&self->dev, 0, at, &info, sizeof(info)));
	EXPECT_EQ(0, memcmp(&info, &mapped, sizeof(info)));
	ASSERT_EQ(0, vdev_set(self->dev.uuid, "state", "configured"));
}

TEST_F(config, region_info)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };
	uint32_t i;

	for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		info.index = i;
		ASSERT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_GET_REGION_INFO,
				   &info));
		EXPECT_EQ(i == 0, !!(info.flags & VFIO_REGION_INFO_FLAG_MMAP));
	}
	info.index = VFIO_PCI_NUM_REGIONS;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info));
	info.index = 0;
	info.argsz = 8;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info));
}

TEST_F(config, only_the_mailbox_page_maps)
{
	static const struct { uint32_t index; size_t at, bytes; int flags; }
	bad[] = {
		{ 0, 4096, 4096, MAP_SHARED }, { 0, 0, 8192, MAP_SHARED },
		{ 0, 0, 4096, MAP_PRIVATE }, { 2, 0, 4096, MAP_SHARED },
		{ 4, 0, 4096, MAP_SHARED }, { CONFIG, 0, 4096, MAP_SHARED },
		{ 8, 0, 4096, MAP_SHARED }, { 200, 0, 4096, MAP_SHARED },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ(MAP_FAILED, mmap(NULL, bad[i].bytes,
					   PROT_READ | PROT_WRITE, bad[i].flags,
					   self->dev.fd,
					   vdev_offset(bad[i].index,
						       bad[i].at))) {
			TH_LOG("case %zu", i);
		}
}

TEST_F(config, registers_take_words_only)
{
	uint64_t wide = 0;
	uint8_t buf[8];
	size_t width, at;

	for (width = 1; width <= 8; width++)
		for (at = 0; at < 8; at++) {
			if (width == 4 && !(at % 4))
				continue;
			memset(buf, 0, sizeof(buf));
			ASSERT_EQ(width, get(&self->dev, 2, at, buf, width));
			memset(&wide, 0xff, sizeof(wide));
			EXPECT_EQ(0, memcmp(buf, &wide, width));
		}
	/* A store of another width does nothing. */
	vdev_write(&self->dev, CDNA_VREG_ARG_QUEUE, 5);
	wide = 0x0102030405060708;
	ASSERT_EQ(8, put(&self->dev, 2, CDNA_VREG_ARG_QUEUE, &wide, 8));
	ASSERT_EQ(2, put(&self->dev, 2, CDNA_VREG_ARG_QUEUE, &wide, 2));
	EXPECT_EQ(5, vdev_read(&self->dev, CDNA_VREG_ARG_QUEUE));
}

TEST_F(config, every_register_survives_any_store)
{
	uint32_t reg;

	for (reg = 0; reg < 4096; reg += 4) {
		vdev_write(&self->dev, reg, 0xffffffff);
		vdev_read(&self->dev, reg);
	}
	EXPECT_EQ(CDNA_VDEV_ABI_VERSION, vdev_read(&self->dev, CDNA_VREG_ABI));
	EXPECT_EQ(CDNA_VDEV_MAGIC, vdev_read(&self->dev, CDNA_VREG_MAGIC));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(&self->dev, CDNA_VREG_STATE));
	EXPECT_EQ(CDNA_VRES_BAD_COMMAND,
		  vdev_read(&self->dev, CDNA_VREG_RESULT));
}

TEST_F(config, formats_are_the_nics)
{
	uint32_t n = vdev_read(&self->dev, CDNA_VREG_FORMATS);

	EXPECT_EQ(CDNA_NR_FORMATS, n);
	EXPECT_EQ(CDNA_FORMAT_COMPACT | 16 << 8,
		  vdev_read(&self->dev, CDNA_VREG_FORMAT_OF(0)) & 0xffff);
	EXPECT_EQ(CDNA_FORMAT_OFFLOAD | 32 << 8,
		  vdev_read(&self->dev, CDNA_VREG_FORMAT_OF(1)) & 0xffff);
	EXPECT_EQ(0, vdev_read(&self->dev, CDNA_VREG_FORMAT_OF(n)));
}

TEST_F(config, irqs_are_bounded)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd[4];
	} irqs = { .set = { .argsz = sizeof(irqs),
			    .flags = VFIO_IRQ_SET_DATA_EVENTFD |
				     VFIO_IRQ_SET_ACTION_TRIGGER } };
	static const struct { uint32_t index, start, count; } bad[] = {
		{ VFIO_PCI_MSIX_IRQ_INDEX, CDNA_VDEV_NR_VECTORS, 1 },
		{ VFIO_PCI_MSIX_IRQ_INDEX, CDNA_VDEV_NR_VECTORS - 1, 2 },
		{ VFIO_PCI_MSIX_IRQ_INDEX, 0xffffffff, 2 },
		{ VFIO_PCI_MSIX_IRQ_INDEX, 0, 5 },
		{ VFIO_PCI_REQ_IRQ_INDEX, 0, 2 },
		{ VFIO_PCI_INTX_IRQ_INDEX, 0, 1 },
		{ VFIO_PCI_NUM_IRQS, 0, 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		irqs.set.index = bad[i].index;
		irqs.set.start = bad[i].start;
		irqs.set.count = bad[i].count;
		EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_SET_IRQS,
				    &irqs)) {
			TH_LOG("case %zu", i);
		}
	}
	/* A file that is not an eventfd */
	irqs.set.index = VFIO_PCI_MSIX_IRQ_INDEX;
	irqs.set.start = 0;
	irqs.set.count = 1;
	irqs.fd[0] = self->dev.fd;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_SET_IRQS, &irqs));
}

/* A guest may not ask for frames of others, but the rest of a filter that does
 * must work.
 */
TEST_F(config, promiscuous_filter_is_taken)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	vdev_write(dev, CDNA_VREG_ARG_FILTER, CDNA_FILTER_FLAGS);
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_FILTER));
	vdev_write(dev, CDNA_VREG_ARG_FILTER, CDNA_FILTER_FLAGS + 1);
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, vdev_command(dev, CDNA_VCMD_FILTER));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
}

TEST_F(config, commands_in_the_wrong_state)
{
	struct vdev *dev = &self->dev;

	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_queue(dev, 0, CDNA_DIR_TX, 256));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_command(dev, CDNA_VCMD_FILTER));
	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_activate(dev));
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, 0);
	EXPECT_EQ(CDNA_VRES_BAD_STATE,
		  vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	EXPECT_EQ(CDNA_VRES_BAD_STATE,
		  vdev_command(dev, CDNA_VCMD_QUEUE_DRAIN));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_TX, 256));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_queue(dev, 0, CDNA_DIR_TX, 256));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_QUEUE_DRAIN));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_FILTER));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
}

TEST_F(config, bad_queue_arguments)
{
	static const struct { uint32_t reg, value; } bad[] = {
		{ CDNA_VREG_ARG_QUEUE, CDNA_VDEV_NR_QUEUES },
		{ CDNA_VREG_ARG_QUEUE, 0xffffffff },
		{ CDNA_VREG_ARG_FORMAT, 7 },
		{ CDNA_VREG_ARG_SLOTS, 0 }, { CDNA_VREG_ARG_SLOTS, 32 },
		{ CDNA_VREG_ARG_SLOTS, 100 }, { CDNA_VREG_ARG_SLOTS, 8192 },
		{ CDNA_VREG_ARG_SLOTS, 0x80000000 },
		{ CDNA_VREG_ARG_OFFLOADS, 0xffffffff },
	};
	struct vdev *dev = &self->dev;
	size_t i;

	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_TX, 256));
		ASSERT_EQ(CDNA_VRES_OK,
			  vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
		vdev_write(dev, bad[i].reg, bad[i].value);
		EXPECT_EQ(CDNA_VRES_BAD_PARAM,
			  vdev_command(dev, CDNA_VCMD_QUEUE_CREATE)) {
			TH_LOG("case %zu", i);
		}
	}
}

TEST_F(config, bad_addresses)
{
	static const uint64_t bad[] = {
		0, 0x1000, VDEV_IOVA + 8, VDEV_IOVA + VDEV_MEMORY,
		VDEV_IOVA - 4096, ~0ull & ~4095ull, 1ull << 63,
	};
	struct vdev *dev = &self->dev;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
		vdev_write64(dev, CDNA_VREG_ARG_STATUS_LO, bad[i]);
		EXPECT_EQ(CDNA_VRES_BAD_ADDRESS,
			  vdev_command(dev, CDNA_VCMD_ACTIVATE));
		ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
		vdev_write(dev, CDNA_VREG_ARG_QUEUE, 1);
		vdev_write(dev, CDNA_VREG_ARG_FORMAT, 0);
		vdev_write(dev, CDNA_VREG_ARG_SLOTS, 256);
		vdev_write64(dev, CDNA_VREG_ARG_RING_LO, VDEV_IOVA);
		vdev_write64(dev, CDNA_VREG_ARG_COMP_LO, bad[i]);
		EXPECT_EQ(CDNA_VRES_BAD_ADDRESS,
			  vdev_command(dev, CDNA_VCMD_QUEUE_CREATE));
		vdev_write64(dev, CDNA_VREG_ARG_RING_LO, bad[i]);
		EXPECT_EQ(CDNA_VRES_BAD_ADDRESS,
			  vdev_command(dev, CDNA_VCMD_QUEUE_CREATE));
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	}
}

/* A ring whose end leaves the machine's memory */
TEST_F(config, ring_over_the_end)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, 4096);
	vdev_write64(dev, CDNA_VREG_ARG_RING_LO,
		     VDEV_IOVA + VDEV_MEMORY - 4096);
	EXPECT_EQ(CDNA_VRES_BAD_ADDRESS,
		  vdev_command(dev, CDNA_VCMD_QUEUE_CREATE));
	EXPECT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_TX, 4096));
}

TEST_HARNESS_MAIN
