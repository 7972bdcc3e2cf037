// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams as nobody should write them, and files that are used as nobody should. What
 * is refused leaves the device as it was, and it can be used afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "env.h"
#include "klog.h"
#include "kselftest_harness.h"
#include "mig.h"

FIXTURE(stream) {
	struct vdev dev;
	uint8_t good[MIG_STREAM];
};

FIXTURE_SETUP(stream)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xd6));
	ASSERT_EQ(MIG_STREAM, mig_save(&self->dev, self->good, MIG_STREAM));
	ASSERT_EQ(0, mig_go(&self->dev, MIG_RUNNING, NULL));
}

/* Whatever was done to it, it works. */
FIXTURE_TEARDOWN(stream)
{
	struct vdev *dev = &self->dev;
	uint8_t peer[6];

	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(MIG_RUNNING, mig_state(dev));
	vdev_master(dev, true);
	EXPECT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
	EXPECT_EQ(0, vdev_delete(dev));
}

TEST_F(stream, in_two_pieces_of_any_length)
{
	struct vdev *dev = &self->dev;
	size_t at;
	int fd;

	for (at = 1; at < MIG_STREAM; at++) {
		ASSERT_EQ(0, mig_go(dev, MIG_RESUMING, &fd));
		ASSERT_EQ(at, write(fd, self->good, at));
		ASSERT_EQ(0, write(fd, self->good, 0));
		ASSERT_EQ(MIG_STREAM - at,
			  write(fd, self->good + at, MIG_STREAM - at));
		ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
		close(fd);
	}
	ASSERT_EQ(0, mig_load(dev, self->good, MIG_STREAM, 1));
}

/* Each of its lengths but the right one */
TEST_F(stream, too_short_or_too_long)
{
	static uint8_t huge[1 << 20];
	const void *volatile nowhere = NULL;
	volatile size_t most = SIZE_MAX / 2;
	struct vdev *dev = &self->dev;
	size_t bytes;
	int fd;

	for (bytes = 0; bytes < MIG_STREAM; bytes += bytes < 100 ? 1 : 19) {
		EXPECT_EQ(-EINVAL, mig_load(dev, self->good, bytes, 4096));
		EXPECT_EQ(MIG_RESUMING, mig_state(dev));
		ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	}
	memcpy(huge, self->good, MIG_STREAM);
	EXPECT_EQ(-EINVAL, mig_load(dev, huge, sizeof(huge), sizeof(huge)));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(-EINVAL, mig_load(dev, huge, MIG_STREAM + 1, MIG_STREAM));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));

	/* From memory that is not there */
	ASSERT_EQ(0, mig_go(dev, MIG_RESUMING, &fd));
	EXPECT_EQ(-1, write(fd, nowhere, MIG_STREAM));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(fd, huge, most));
	EXPECT_EQ(-1, pwrite(fd, self->good, 1, 0));
	EXPECT_EQ(-1, read(fd, huge, 1));
	close(fd);
}

/* Each bit of the header, some of the body, and random ones: a stream is refused, or
 * what it says is bounded.
 */
TEST_F(stream, with_wrong_bits)
{
	uint64_t seed = env_number("HOSTILE_SEED", 20070210);
	struct vdev *dev = &self->dev;
	uint8_t stream[MIG_STREAM];
	const uint32_t all = 8 * MIG_STREAM;
	uint32_t taken = 0, bit, n;
	int ret;

	TH_LOG("HOSTILE_SEED=%llu", (unsigned long long)seed);
	srandom(seed);
	for (bit = 0; bit < 2 * all; bit += bit < 8 * MIG_HEADER ? 1 : 13) {
		memcpy(stream, self->good, MIG_STREAM);
		if (bit < all)
			stream[bit / 8] ^= 1 << bit % 8;
		for (n = bit < all ? 0 : random() % 20; n; n--)
			stream[random() % MIG_STREAM] = random();
		ret = mig_load(dev, stream, MIG_STREAM, MIG_STREAM);
		ASSERT_TRUE(!ret || ret == -EINVAL || ret == -EOPNOTSUPP);
		if (bit < 256)
			ASSERT_NE(0, ret);
		taken += !ret;
		if (ret) {
			ASSERT_EQ(MIG_RESUMING, mig_state(dev));
			ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
			continue;
		}
		ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
		ASSERT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	}
	/* What a guest may write: arguments of commands, and some of its registers */
	EXPECT_LT(50, taken);
}

/* A file is of no use when the device has left the state. */
TEST_F(stream, files_of_states_that_are_over)
{
	struct vdev *dev = &self->dev;
	uint8_t buf[MIG_STREAM];
	int load, save, again;

	ASSERT_EQ(0, mig_go(dev, MIG_RESUMING, &load));
	ASSERT_EQ(MIG_STREAM, write(load, self->good, MIG_STREAM));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	EXPECT_EQ(-1, write(load, self->good, 1));
	EXPECT_EQ(ENODEV, errno);

	ASSERT_EQ(0, mig_go(dev, MIG_STOP_COPY, &save));
	EXPECT_EQ(1, read(save, buf, 1));
	EXPECT_EQ(-1, write(save, buf, 1));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	EXPECT_EQ(-1, read(save, buf, 1));
	EXPECT_EQ(ENODEV, errno);

	/* Two of one device: the old one stays over. */
	ASSERT_EQ(0, mig_go(dev, MIG_STOP_COPY, &again));
	EXPECT_EQ(-1, read(save, buf, 1));
	EXPECT_EQ(MIG_STREAM, mig_read(again, buf, MIG_STREAM));
	EXPECT_EQ(0, read(again, buf, 1));
	close(again);
	/* Closed or not: the state ends as it should. */
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	ASSERT_EQ(0, mig_go(dev, MIG_PRE, &again));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(-1, read(again, buf, 1));
	EXPECT_EQ(ENODEV, errno);
	close(again);
	close(load);
	close(save);
}

/* Streams that are refused do not fill the log. */
TEST_F(stream, one_message_is_enough)
{
	struct vdev *dev = &self->dev;
	int log = klog_open();
	char uuid[40];
	int i;

	ASSERT_LE(0, log);
	for (i = 0; i < 20; i++) {
		self->good[i % MIG_HEADER] ^= 0xff;
		EXPECT_NE(0, mig_load(dev, self->good, MIG_STREAM, MIG_STREAM));
		ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	}
	EXPECT_EQ(1, klog_lines(log, "to this device is refused"));
	memcpy(uuid, dev->uuid, sizeof(uuid));
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_EQ(-EINVAL, mig_load(dev, self->good, 1, 1));
	EXPECT_EQ(0, klog_lines(log, "to this device is refused"));
	close(log);
}

/* The device is closed while its files are open. */
TEST_F(stream, files_outlive_the_device)
{
	struct vdev *dev = &self->dev;
	uint8_t buf[MIG_STREAM];
	int load, save;
	char uuid[40];

	memcpy(uuid, dev->uuid, sizeof(uuid));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP_COPY, &save));
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_EQ(-1, read(save, buf, 1));
	ASSERT_EQ(0, mig_go(dev, MIG_RESUMING, &load));
	vdev_close(dev);
	ASSERT_EQ(0, vdev_remove(uuid));
	EXPECT_EQ(-1, write(load, buf, 1));
	EXPECT_EQ(ENODEV, errno);
	close(load);
	close(save);
	ASSERT_EQ(0, vdev_new(dev, 0xd6));
}

/* A device that has queues loses them, and no memory of them stays pinned. */
TEST_F(stream, into_a_device_that_is_in_use)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_EQ(0, mig_load(dev, self->good, MIG_STREAM, MIG_STREAM));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	vdev_trap(dev);
	vdev_ring(dev);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
}

TEST_HARNESS_MAIN
