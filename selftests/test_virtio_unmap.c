// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is unmapped while a virtio network card uses it (I9): the call returns,
 * the queue that used it is stopped, nothing stays pinned, and a reset cures it.
 */
#include <linux/if_ether.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define HEAD		200	/* of a chain in memory that goes */
#define EXTRA_IOVA	0x200000000ull
#define EXTRA_BYTES	(2 * VIRTQ_BYTES)

FIXTURE(unmap) {
	struct virtio virtio;
	uint8_t *extra;
	uint8_t peer[ETH_ALEN];
};

FIXTURE_SETUP(unmap)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc8));
	self->extra = mmap(NULL, EXTRA_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->extra);
	ASSERT_EQ(0, vdev_map(&self->virtio.dev, self->extra, EXTRA_IOVA,
			      EXTRA_BYTES, 3));
	ASSERT_EQ(0, virtio_start(&self->virtio, VIRTIO_USUAL));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

FIXTURE_TEARDOWN(unmap)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
	munmap(self->extra, EXTRA_BYTES);
}

static void works_again(struct __test_metadata *_metadata,
			struct virtio *virtio)
{
	uint8_t peer[ETH_ALEN];

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_peer_mac(virtio, peer));
}

/* Rings of a queue in memory that is then unmapped */
TEST_F(unmap, rings_of_a_queue)
{
	struct virtio *virtio = &self->virtio;
	struct vdev *dev = &virtio->dev;
	uint16_t i;
	long pins;

	for (i = 0; i < VIRTIO_QUEUES; i++) {
		virtq_place(virtio, i, self->extra + i * VIRTQ_BYTES,
			    EXTRA_IOVA + i * VIRTQ_BYTES);
		works_again(_metadata, virtio);
		pins = vdev_stat(dev->uuid, "pins_now");
		EXPECT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
		EXPECT_GT(pins, vdev_stat(dev->uuid, "pins_now"));
		EXPECT_TRUE(virtio_needs_reset(virtio));
		virtq_notify(virtio, &virtio->queue[i]);
		EXPECT_NE(0, virtio_start(virtio, VIRTIO_USUAL));
		ASSERT_EQ(0, vdev_map(dev, self->extra, EXTRA_IOVA,
				      EXTRA_BYTES, 3));
		works_again(_metadata, virtio);
		virtq_place(virtio, i, dev->mem + MEM_VIRTQ(i),
			    dev->iova + MEM_VIRTQ(i));
	}
	works_again(_metadata, virtio);
}

TEST_F(unmap, posted_buffer)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *rx = &virtio->queue[VIRTIO_RX];
	struct virtio_piece piece = { EXTRA_IOVA, MEM_BUF };
	long pins, faults = vdev_stat(virtio->dev.uuid, "faults");

	virtq_chain(rx, HEAD, &piece, 1);
	virtq_offer(rx, HEAD);
	virtq_notify(virtio, rx);
	pins = vdev_stat(virtio->dev.uuid, "pins_now");
	EXPECT_EQ(0, vdev_unmap(&virtio->dev, EXTRA_IOVA, EXTRA_BYTES));
	EXPECT_GT(pins, vdev_stat(virtio->dev.uuid, "pins_now"));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(faults + 1, vdev_stat(virtio->dev.uuid, "faults"));
	EXPECT_EQ(1, vdev_faults(virtio->dev.uuid, "withdrawn"));
	virtio_send(virtio, frame_arp(&virtio->dev, virtio_frame(virtio),
				      PEER_IP));
	EXPECT_TRUE(virtio_sent(virtio, 2000));
	works_again(_metadata, virtio);
}

static int stop;

/* Send from memory that comes and goes; begin again when that stops the queue. */
static void *sender(void *arg)
{
	struct virtio *virtio = arg;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	struct virtio_piece piece[] = {
		{ virtio->dev.iova + MEM_TX_BUF, VIRTIO_HDR }, { .len = 64 },
	};
	uint32_t i;

	for (i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
		piece[1].addr = EXTRA_IOVA + i * 1000 % (EXTRA_BYTES - 64);
		virtq_chain(tx, i % 64 * 2, piece, 2);
		virtq_offer(tx, i % 64 * 2);
		virtq_notify(virtio, tx);
		if (i % 32 == 31)
			virtq_reaches(tx, tx->prod, 20);
		if (virtio_needs_reset(virtio))
			virtio_start(virtio, VIRTIO_USUAL);
	}
	return NULL;
}

TEST_F_TIMEOUT(unmap, again_and_again_under_traffic, 120)
{
	struct virtio *virtio = &self->virtio;
	pthread_t thread;
	int i;

	stop = 0;
	memset(self->extra, 0, EXTRA_BYTES);
	memset(virtio->dev.mem + MEM_TX_BUF, 0, VIRTIO_HDR);
	ASSERT_EQ(0, pthread_create(&thread, NULL, sender, virtio));
	for (i = 0; i < 200; i++) {
		ASSERT_EQ(0, vdev_unmap(&virtio->dev, EXTRA_IOVA, EXTRA_BYTES));
		ASSERT_EQ(0, vdev_map(&virtio->dev, self->extra, EXTRA_IOVA,
				      EXTRA_BYTES, 3));
		usleep(rand() % 5000);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	works_again(_metadata, virtio);
	TH_LOG("%ld times stopped", vdev_stat(virtio->dev.uuid, "faults"));
	EXPECT_LT(0, vdev_stat(virtio->dev.uuid, "faults"));
}

TEST_HARNESS_MAIN
