// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that nobody uses do not stay pinned: they go with what needed them, by
 * time, and when the host needs memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define PAGES		192

FIXTURE(idle) {
	struct vdev dev;
	long before;
};

/* PAGES frames, each from a page of its own, which stays in the pin table */
static bool warm_up(struct vdev *dev)
{
	/* Nobody has that address: they leave by the wire, unanswered. */
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xa0, 0xff, 0xff, 0xff };
	uint32_t i, len;

	for (i = 0; i < PAGES; i++) {
		len = frame_ping(dev, nobody, dev->mem + MEM_TX_BUF + i * 4096,
				 i, 16);
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF + i * 4096, len,
			     CDNA_DESC_EOP);
	}
	vdev_trap(dev);
	vdev_ring(dev);
	return vdev_tx_done(dev, 2000);
}

static long pins(struct vdev *dev)
{
	return vdev_stat(dev->uuid, "pins_now");
}

/* Poll until no more than @most pages are pinned. Return: milliseconds, or -1 */
static int pins_fall(struct vdev *dev, long most, int ms)
{
	int waited;

	for (waited = 0; waited < ms; waited += 10) {
		if (pins(dev) <= most)
			return waited;
		usleep(10000);
	}
	return -1;
}

FIXTURE_SETUP(idle)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0x92));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	self->before = pins(&self->dev);
	ASSERT_TRUE(warm_up(&self->dev));
	ASSERT_LE(self->before + PAGES - 8, pins(&self->dev));
}

FIXTURE_TEARDOWN(idle)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, pins(&self->dev));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static void works_still(struct __test_metadata *_metadata, struct vdev *dev)
{
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	EXPECT_TRUE(warm_up(dev));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

TEST_F(idle, a_reset_unpins)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(0, pins(dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	works_still(_metadata, dev);
}

TEST_F(idle, losing_the_bus_unpins)
{
	struct vdev *dev = &self->dev;

	vdev_master(dev, false);
	EXPECT_EQ(0, pins(dev));
	vdev_master(dev, true);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	works_still(_metadata, dev);
}

TEST_F(idle, a_queue_takes_its_share_along)
{
	struct vdev *dev = &self->dev;

	EXPECT_EQ(CDNA_VRES_OK, vdev_remake_tx(dev, CDNA_FORMAT_COMPACT, 0));
	ASSERT_LE(pins(dev), vdev_stat(dev->uuid, "pins_limit"));
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, TX);
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, CDNA_VQUEUE(0, CDNA_DIR_RX));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	EXPECT_LE(pins(dev), vdev_stat(dev->uuid, "pins_limit"));
}

TEST_F_TIMEOUT(idle, pages_go_when_they_are_not_used, 60)
{
	struct vdev *dev = &self->dev;
	int ms;

	ms = pins_fall(dev, self->before, 30000);
	TH_LOG("after %d ms", ms);
	EXPECT_LE(0, ms);
	EXPECT_LE((long)PAGES - 8, vdev_stat(dev->uuid, "pin_evictions"));
	works_still(_metadata, dev);
}

/* Sooner than they would go by themselves */
TEST_F_TIMEOUT(idle, pages_go_when_the_host_needs_memory, 60)
{
	struct vdev *dev = &self->dev;
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	int ms;

	ASSERT_LE(0, fd);
	ASSERT_TRUE(warm_up(dev));
	ASSERT_EQ(1, write(fd, "2", 1));
	close(fd);
	ms = pins_fall(dev, self->before, 3500);
	TH_LOG("after %d ms", ms);
	EXPECT_LE(0, ms);
	works_still(_metadata, dev);
}

TEST_HARNESS_MAIN
