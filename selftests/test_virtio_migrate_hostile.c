// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams of virtio devices as nobody should write them: each is refused, or its device works
 * as bounded as one whose driver has written that, which may be not at all.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "env.h"
#include "kselftest_harness.h"
#include "virtio_mig.h"

/* Offsets in a stream, Documentation/migration.rst */
#define QUEUE(n)	(MIG_HEADER + 520 + 40 * (n))
#define NEXT		4
#define USED		6
#define ADDRESSES	16

FIXTURE(hostile) {
	struct virtio virtio;
	struct vdev *dev;
	uint8_t peer[ETH_ALEN];
	uint8_t good[MIG_VIRTIO];
};

FIXTURE_SETUP(hostile)
{
	struct virtio *virtio = &self->virtio;

	self->dev = &virtio->dev;
	ASSERT_EQ(0, virtio_new(virtio, 0xdd));
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	ASSERT_EQ(MIG_VIRTIO, mig_save(self->dev, self->good, MIG_VIRTIO));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
}

/* Whatever was done to it, it works. */
FIXTURE_TEARDOWN(hostile)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	vdev_master(self->dev, true);
	EXPECT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_remove(self->dev->uuid));
}

/* Return: 0 if the stream was taken, and the device went on */
static int run(struct vdev *dev, const uint8_t *stream)
{
	int ret = mig_load(dev, stream, MIG_VIRTIO, MIG_VIRTIO);

	if (!ret)
		return mig_go(dev, MIG_RUNNING, NULL);
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -EIO : ret;
}

TEST_F_TIMEOUT(hostile, wrong_bits, 200)
{
	uint64_t seed = env_number("HOSTILE_SEED", 20070210);
	const uint32_t all = 8 * MIG_VIRTIO;
	uint32_t taken = 0, working = 0, bit, n;
	uint8_t stream[MIG_VIRTIO];
	int ret;

	TH_LOG("HOSTILE_SEED=%llu", (unsigned long long)seed);
	srandom(seed);
	for (bit = 0; bit < 2 * all; bit += bit < 8 * MIG_HEADER ? 1 : 23) {
		memcpy(stream, self->good, MIG_VIRTIO);
		if (bit < all)
			stream[bit / 8] ^= 1 << bit % 8;
		for (n = bit < all ? 0 : random() % 8; n; n--)
			stream[MIG_HEADER +
			       random() % (MIG_VIRTIO - MIG_HEADER)] = random();
		ret = run(self->dev, stream);
		ASSERT_TRUE(!ret || ret == -EINVAL || ret == -EOPNOTSUPP);
		if (bit < 256)
			ASSERT_NE(0, ret);
		if (ret)
			continue;
		taken++;
		working += !virtio_needs_reset(&self->virtio);
	}
	TH_LOG("%u were taken, %u work", taken, working);
	EXPECT_LT(50, taken);
	EXPECT_LT(0, working);
}

/* Rings that are nowhere, or not where they were: as a driver that says so */
TEST_F(hostile, rings_that_are_not_there)
{
	uint8_t stream[MIG_VIRTIO];
	int i, part;

	for (i = 0; i < VIRTIO_QUEUES; i++) {
		for (part = 0; part < 3; part++) {
			memcpy(stream, self->good, MIG_VIRTIO);
			memset(stream + QUEUE(i) + ADDRESSES + 8 * part, 0xf0, 8);
			ASSERT_EQ(0, run(self->dev, stream));
			EXPECT_TRUE(virtio_needs_reset(&self->virtio));
			/* Commands are answered all the same. Later on, the
			 * stream's place in their ring is an old one.
			 */
			if (!i && !part) {
				EXPECT_EQ(VIRTIO_NET_ERR,
					  virtio_command(&self->virtio, 0xff, 0,
							 "", 0));
			}
		}
		memcpy(stream, self->good, MIG_VIRTIO);
		stream[QUEUE(i) + ADDRESSES] ^= 1;
		ASSERT_EQ(0, run(self->dev, stream));
		EXPECT_TRUE(virtio_needs_reset(&self->virtio));
	}
}

/* A place that the guest's ring does not have: more ahead than there are entries */
TEST_F(hostile, wrong_places)
{
	uint8_t stream[MIG_VIRTIO];
	int i;

	for (i = 0; i < VIRTIO_QUEUES; i++) {
		memcpy(stream, self->good, MIG_VIRTIO);
		stream[QUEUE(i) + NEXT + 1] ^= 0x40;
		EXPECT_EQ(-EINVAL, run(self->dev, stream));
		stream[QUEUE(i) + USED + 1] ^= 0x40;
		ASSERT_EQ(0, run(self->dev, stream));
		EXPECT_TRUE(virtio_needs_reset(&self->virtio));
	}
}

/* Memory that is not there yet, or not any longer */
TEST_F(hostile, without_memory)
{
	struct vdev *dev = self->dev;

	ASSERT_EQ(0, mig_load(dev, self->good, MIG_VIRTIO, MIG_VIRTIO));
	ASSERT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_needs_reset(&self->virtio));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	ASSERT_EQ(0, vdev_map(dev, dev->mem, VDEV_IOVA, VDEV_MEMORY,
			      VFIO_DMA_MAP_FLAG_READ |
			      VFIO_DMA_MAP_FLAG_WRITE));
}

/* A device of ours and a virtio one do not take each other's. */
TEST_F(hostile, the_other_kind)
{
	uint8_t stream[MIG_STREAM];
	struct vdev other;
	int fd;

	ASSERT_EQ(0, vdev_new(&other, 0xde));
	ASSERT_EQ(0, mig_go(&other, MIG_RESUMING, &fd));
	EXPECT_EQ(-1, write(fd, self->good, MIG_HEADER));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	ASSERT_EQ(0, ioctl(other.fd, VFIO_DEVICE_RESET));
	ASSERT_EQ(MIG_STREAM, mig_save(&other, stream, sizeof(stream)));
	EXPECT_EQ(0, vdev_delete(&other));
	EXPECT_EQ(-EINVAL, mig_load(self->dev, stream, MIG_STREAM, MIG_STREAM));
	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_RESET));
}

TEST_HARNESS_MAIN
