// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine with an IOMMU of its own: each buffer is mapped when it is posted, for
 * the direction in which it is used, and unmapped as soon as the NIC has done with it.
 */
#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define BUF_IOVA	0xfffff000ull	/* from the top, as Linux does */
#define ROUNDS		200

FIXTURE(viommu) {
	struct vdev dev;
	uint8_t *buf;
	uint8_t peer[6];
};

FIXTURE_SETUP(viommu)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0x96));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	self->buf = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->buf);
}

FIXTURE_TEARDOWN(viommu)
{
	vdev_close(&self->dev);
	munmap(self->buf, 4096);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static int map(struct vdev *dev, uint8_t *buf, uint64_t iova, uint32_t flags)
{
	return vdev_map(dev, buf, iova, 4096, flags);
}

static void post(struct vdev *dev, uint64_t iova, size_t len)
{
	vdev_post_tx(dev, iova, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
}

TEST_F_TIMEOUT(viommu, frames_unmapped_as_soon_as_they_were_sent, 120)
{
	struct vdev *dev = &self->dev;
	size_t len = frame_ping(dev, self->peer, self->buf, 1, 100);
	uint64_t iova;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		iova = BUF_IOVA - i % 16 * 4096ull;
		ASSERT_EQ(0, map(dev, self->buf, iova,
				 VFIO_DMA_MAP_FLAG_READ));
		post(dev, iova, len);
		ASSERT_TRUE(vdev_tx_done(dev, 2000));
		ASSERT_EQ(0, vdev_unmap(dev, iova, 4096));
		ASSERT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	}
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* Post the only buffer of the receive queue, which the NIC may only write. */
TEST_F_TIMEOUT(viommu, buffers_unmapped_as_soon_as_they_are_full, 120)
{
	struct vdev *dev = &self->dev;
	struct cdna_rx_completion comp;
	int i;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	dev->tx_prod = 0;
	dev->rx_prod = 0;
	dev->rx_seen = 0;
	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_TX, VDEV_SLOTS));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_RX, VDEV_SLOTS));
	for (i = 0; i < ROUNDS / 4; i++) {
		ASSERT_EQ(0, map(dev, self->buf, BUF_IOVA,
				 VFIO_DMA_MAP_FLAG_WRITE));
		/* The answer may come before the next store to a mailbox. */
		vdev_post_rx(dev, BUF_IOVA, 4096);
		vdev_trap(dev);
		vdev_ring(dev);
		post(dev, VDEV_IOVA + MEM_TX_BUF,
		     frame_ping(dev, self->peer, dev->mem + MEM_TX_BUF, i, 64));
		ASSERT_TRUE(vdev_rx_next(dev, &comp, 2000)) {
			TH_LOG("round %d, state %u, fault %u", i,
			       vdev_report(dev, RX).state,
			       vdev_report(dev, RX).fault);
		}
		ASSERT_EQ(0, vdev_unmap(dev, BUF_IOVA, 4096));
		ASSERT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, RX).state);
	}
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* A frame that is not sent yet is in use. */
TEST_F(viommu, frame_unmapped_too_early)
{
	struct vdev *dev = &self->dev;
	size_t len = frame_ping(dev, self->peer, self->buf, 1, 100);

	ASSERT_EQ(0, map(dev, self->buf, BUF_IOVA, VFIO_DMA_MAP_FLAG_READ));
	vdev_post_tx(dev, BUF_IOVA, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	ASSERT_EQ(0, vdev_unmap(dev, BUF_IOVA, 4096));
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, TX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, RX).state);
}

TEST_F(viommu, frame_that_may_not_be_read)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, map(dev, self->buf, BUF_IOVA, VFIO_DMA_MAP_FLAG_WRITE));
	vdev_post_tx(dev, BUF_IOVA, 64, CDNA_DESC_EOP);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_VFAULT_READONLY, vdev_report(dev, TX).fault);
}

/* A page that the guest lets the NIC read is not one that it lets it write. */
TEST_F(viommu, buffer_that_may_not_be_written)
{
	struct vdev *dev = &self->dev;
	size_t len = frame_ping(dev, self->peer, self->buf, 1, 100);

	ASSERT_EQ(0, map(dev, self->buf, BUF_IOVA, VFIO_DMA_MAP_FLAG_READ));
	post(dev, BUF_IOVA, len);
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	vdev_post_rx(dev, BUF_IOVA, 4096);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_VFAULT_READONLY, vdev_report(dev, RX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
}

TEST_HARNESS_MAIN
