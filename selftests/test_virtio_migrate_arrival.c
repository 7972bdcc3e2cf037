// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card arrives where it cannot go on right away, or not at all: its driver may
 * be waiting for an answer, or may have chosen an address that another one has there.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio_mig.h"

#define CHOOSES \
	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_CTRL_MAC_ADDR))
#define CHOSEN		"52:54:00:a1:b2:c3"
#define OTHER		"52:54:00:a1:b2:c4"
#define ANSWER		(MEM_CONTROL + 15)	/* of the command behind it */
#define PAIRS_AT	(MIG_HEADER + 279)	/* Documentation/migration.rst */

FIXTURE(arrival) {
	struct virtio virtio;
	struct vdev *dev;
	uint8_t peer[ETH_ALEN];
	uint8_t stream[MIG_VIRTIO];
	char uuid[40];
	char other[40];
};

FIXTURE_SETUP(arrival)
{
	struct virtio *virtio = &self->virtio;

	self->dev = &virtio->dev;
	vdev_uuid(self->uuid, 0xe4);
	vdev_uuid(self->other, 0xe5);
	ASSERT_EQ(0, vdev_create_virtio(self->uuid));
	ASSERT_EQ(0, vdev_create_virtio(self->other));
	ASSERT_EQ(0, vdev_set(self->uuid, "guest_mac", "on"));
	ASSERT_EQ(0, virtio_open_in(virtio, self->uuid, -1));
	ASSERT_EQ(0, virtio_start(virtio, CHOOSES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
}

/* Whatever became of it, its driver can start it again. */
FIXTURE_TEARDOWN(arrival)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_RESET));
	vdev_master(self->dev, true);
	EXPECT_EQ(0, virtio_start(virtio, CHOOSES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
	EXPECT_EQ(0, vdev_stat(self->uuid, "faults"));
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
	EXPECT_EQ(0, vdev_remove(self->other));
}

/* The device is saved with a command that nobody has answered. The host is not notified of it
 * again.
 */
static void save_with_a_command(struct __test_metadata *_metadata,
				struct virtio *virtio, uint8_t *stream)
{
	uint8_t *mem = virtio->dev.mem + MEM_CONTROL + 16;

	ASSERT_EQ(MIG_VIRTIO, mig_save(&virtio->dev, stream, MIG_VIRTIO));
	mem[0] = 0xff;
	mem[1] = 0;
	virtio_command_at(virtio, 0, mem,
			  virtio->dev.iova + MEM_CONTROL + 16, 2);
	virtq_offer(&virtio->queue[virtio->ctrl], 0);
}

/* It was answered, before or within some time. */
static bool is_answered(struct virtio *virtio, int ms)
{
	struct vring_used_elem elem;

	return virtq_used(&virtio->queue[virtio->ctrl], &elem, ms) &&
	       virtio->dev.mem[ANSWER] == VIRTIO_NET_ERR;
}

TEST_F(arrival, at_a_context_that_is_revoked)
{
	struct virtio *virtio = &self->virtio;

	save_with_a_command(_metadata, virtio, self->stream);
	ASSERT_EQ(0, virtio_arrive(virtio, self->uuid, self->stream));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "revoked"));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_FALSE(is_answered(virtio, 200));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "configured"));
	EXPECT_TRUE(is_answered(virtio, 5000));
}

/* Who maps memory with this capability may lock any amount of it. */
static int drop_ipc_lock(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[CAP_IPC_LOCK / 32].effective &= ~(1u << CAP_IPC_LOCK % 32);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

static int limit_pages(unsigned long pages)
{
	struct rlimit lim = { pages * 4096, pages * 4096 };

	return setrlimit(RLIMIT_MEMLOCK, &lim);
}

TEST_F(arrival, where_no_page_can_be_pinned)
{
	struct virtio *virtio = &self->virtio;

	save_with_a_command(_metadata, virtio, self->stream);
	ASSERT_EQ(0, drop_ipc_lock());
	ASSERT_EQ(0, virtio_arrive(virtio, self->uuid, self->stream));
	ASSERT_EQ(0, limit_pages(0));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_FALSE(is_answered(virtio, 200));
	ASSERT_EQ(0, limit_pages(10000));
	EXPECT_TRUE(is_answered(virtio, 10000));
}

static void choose(struct __test_metadata *_metadata, struct virtio *virtio)
{
	const uint8_t mac[ETH_ALEN] = { 0x52, 0x54, 0, 0xa1, 0xb2, 0xc3 };

	ASSERT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
				 VIRTIO_NET_CTRL_MAC_ADDR_SET, mac, ETH_ALEN));
}

/* It is refused before the source ends, and what has arrived keeps its address. */
TEST_F(arrival, with_an_address_that_another_one_has)
{
	struct virtio *virtio = &self->virtio;
	struct vdev *dev = self->dev;

	choose(_metadata, virtio);
	ASSERT_EQ(MIG_VIRTIO, mig_save(dev, self->stream, MIG_VIRTIO));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	ASSERT_EQ(0, vdev_set(self->other, "mac_address", CHOSEN));
	EXPECT_EQ(-EADDRINUSE, mig_load(dev, self->stream, MIG_VIRTIO, 100));
	EXPECT_EQ(MIG_RESUMING, mig_state(dev));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));

	ASSERT_EQ(0, vdev_set(self->other, "mac_address", OTHER));
	ASSERT_EQ(0, mig_load(dev, self->stream, MIG_VIRTIO, 100));
	EXPECT_NE(0, vdev_set(self->other, "mac_address", CHOSEN));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_NE(0, vdev_set(self->other, "mac_address", CHOSEN));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", CHOSEN));

	/* A revoked one has only what it was given, also while it arrives. */
	ASSERT_EQ(0, vdev_set(self->other, "mac_address", OTHER));
	ASSERT_EQ(0, mig_load(dev, self->stream, MIG_VIRTIO, 100));
	EXPECT_NE(0, vdev_set(self->other, "mac_address", CHOSEN));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "revoked"));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", CHOSEN));
	ASSERT_EQ(0, vdev_set(self->other, "mac_address", OTHER));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	ASSERT_EQ(0, mig_load(dev, self->stream, MIG_VIRTIO, 100));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", CHOSEN));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "configured"));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));

	/* One that arrives, but does not go on, keeps it no longer. */
	ASSERT_EQ(0, vdev_set(self->other, "mac_address", OTHER));
	ASSERT_EQ(0, mig_load(dev, self->stream, MIG_VIRTIO, MIG_VIRTIO));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", CHOSEN));
}

/* The last byte is refused, not only the state that follows. */
TEST_F(arrival, of_what_was_not_possible)
{
	struct vdev *dev = self->dev;
	int fd;

	ASSERT_EQ(MIG_VIRTIO, mig_save(dev, self->stream, MIG_VIRTIO));
	self->stream[PAIRS_AT] = 0xff;
	ASSERT_EQ(0, mig_go(dev, MIG_RESUMING, &fd));
	EXPECT_EQ(MIG_VIRTIO - 1, write(fd, self->stream, MIG_VIRTIO - 1));
	EXPECT_EQ(-1, write(fd, self->stream + MIG_VIRTIO - 1, 1));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
}

/* A driver that is not ready yet may be reading the configuration. */
TEST_F(arrival, before_the_driver_is_ready)
{
	struct virtio *virtio = &self->virtio;
	uint8_t generation;

	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_TRUE(virtio_negotiate(virtio, CHOOSES));
	generation = virtio_get(virtio, config_generation);
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	EXPECT_NE(generation, virtio_get(virtio, config_generation));
}

TEST_HARNESS_MAIN
