// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory unmapped under a running device (I9): the call returns, the queue that
 * used it is stopped, nothing stays pinned, all else continues.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define EXTRA_IOVA	0x200000000ull
#define EXTRA_BYTES	(64 * 4096)

FIXTURE(unmap) {
	struct vdev dev;
	uint8_t *extra;
	uint8_t peer[6];
};

FIXTURE_SETUP(unmap)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 6));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	self->extra = mmap(NULL, EXTRA_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->extra);
	ASSERT_EQ(0, vdev_map(&self->dev, self->extra, EXTRA_IOVA, EXTRA_BYTES,
			      3));
}

FIXTURE_TEARDOWN(unmap)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static void works_again(struct __test_metadata *_metadata, struct vdev *dev)
{
	uint8_t peer[6];

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
}

TEST_F(unmap, nobody_uses_it)
{
	struct vdev *dev = &self->dev;
	long pins;
	size_t len;

	/* Cached, but no longer named by a descriptor. */
	len = frame_arp(dev, self->extra, PEER_IP);
	vdev_post_tx(dev, EXTRA_IOVA, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	ASSERT_TRUE(vdev_ping(dev, self->peer, 1, 100));
	pins = vdev_stat(dev->uuid, "pins_now");
	EXPECT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	/* Other pages may go at the same time, because nobody uses them. */
	EXPECT_GT(pins, vdev_stat(dev->uuid, "pins_now"));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 2, 100));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

TEST_F(unmap, receive_buffers_posted)
{
	struct vdev *dev = &self->dev;
	int i;

	for (i = 0; i < 10; i++)
		vdev_post_rx(dev, EXTRA_IOVA + i * 4096, 4096);
	vdev_trap(dev);
	vdev_ring(dev);
	EXPECT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	EXPECT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, RX).state);
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, RX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	works_again(_metadata, dev);
}

TEST_F(unmap, transmits_in_flight)
{
	struct vdev *dev = &self->dev;
	uint32_t i, prod;
	size_t len;

	len = frame_arp(dev, self->extra, PEER_IP);
	for (i = 0; i < 200; i++)
		vdev_post_tx(dev, EXTRA_IOVA, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	prod = dev->tx_prod;
	vdev_ring(dev);
	EXPECT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	/* What was posted is sent first. If all of it was sent already, nobody used
	 * the page.
	 */
	EXPECT_TRUE(vdev_tx_reaches(dev, prod, 2000));
	if (vdev_report(dev, TX).state != CDNA_QUEUE_RUNNING)
		EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, TX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, RX).state);
	works_again(_metadata, dev);
}

/* Enqueued, but the mailbox was never rung. */
TEST_F(unmap, transmits_not_rung)
{
	struct vdev *dev = &self->dev;

	if (vdev_is_soft())
		SKIP(return, "the trap rings the mailbox");
	vdev_post_tx(dev, EXTRA_IOVA, 64, CDNA_DESC_EOP);
	vdev_trap(dev);
	EXPECT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, TX).fault);
	works_again(_metadata, dev);
}

TEST_F(unmap, everything)
{
	struct vdev *dev = &self->dev;

	EXPECT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	EXPECT_EQ(CDNA_CTX_FAULTED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, TX).fault);
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, RX).fault);
	vdev_trap(dev);
	vdev_ring(dev);
	ASSERT_EQ(0, vdev_map(dev, dev->mem, VDEV_IOVA, VDEV_MEMORY, 3));
	works_again(_metadata, dev);
}

static int stop;

static void *trapper(void *arg)
{
	struct vdev *dev = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		vdev_post_tx(dev, EXTRA_IOVA + dev->tx_prod % 64 * 4096, 64,
			     CDNA_DESC_EOP);
		vdev_trap(dev);
		vdev_ring(dev);
		if (vdev_report(dev, TX).state != CDNA_QUEUE_RUNNING) {
			vdev_command(dev, CDNA_VCMD_RESET);
			vdev_start(dev);
		}
	}
	return NULL;
}

/* Mapped and unmapped repeatedly, while another thread sends from it */
TEST_F(unmap, again_and_again_under_traffic)
{
	struct vdev *dev = &self->dev;
	pthread_t thread;
	int i;

	stop = 0;
	memset(self->extra, 0, EXTRA_BYTES);
	ASSERT_EQ(0, pthread_create(&thread, NULL, trapper, dev));
	for (i = 0; i < 200; i++) {
		ASSERT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
		ASSERT_EQ(0, vdev_map(dev, self->extra, EXTRA_IOVA, EXTRA_BYTES,
				      3));
		usleep(rand() % 5000);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	works_again(_metadata, dev);
}

TEST_HARNESS_MAIN
