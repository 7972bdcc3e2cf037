// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device moves: what its guest relies on is compared before it stops, and at the
 * destination its guest finds a device as after a reset.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "mig.h"

FIXTURE(migrate) {
	struct vdev dev;
	uint8_t peer[6];
	char uuid[40];
};

FIXTURE_SETUP(migrate)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xd2));
	memcpy(self->uuid, self->dev.uuid, sizeof(self->uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
}

FIXTURE_TEARDOWN(migrate)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

static uint32_t config(struct vdev *dev, uint32_t at)
{
	uint32_t value = ~0u;

	pread(dev->fd, &value, 4, vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX, at));
	return value;
}

/* The same device, once it was closed, is the destination. */
static int move(struct vdev *dev, const char *uuid, const void *stream,
		size_t piece)
{
	int ret;

	vdev_close(dev);
	ret = vdev_open(dev, uuid);
	if (!ret)
		ret = ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
	/* Nothing of it stays. */
	if (!ret)
		vdev_write(dev, CDNA_VREG_ARG_RSS, 0x5678);
	return ret ? ret : mig_load(dev, stream, MIG_STREAM, piece);
}

TEST_F(migrate, to_a_device_as_after_a_reset)
{
	struct vdev *dev = &self->dev;
	uint8_t stream[MIG_STREAM + 1];
	uint32_t bar = 0xfe500000;

	ASSERT_EQ(4, pwrite(dev->fd, &bar, 4,
			    vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX,
					PCI_BASE_ADDRESS_0)));
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, 0x1234);
	vdev_write(dev, CDNA_VREG_ARG_RSS, 0x1234);
	ASSERT_EQ(MIG_STREAM, mig_save(dev, stream, sizeof(stream)));
	EXPECT_EQ(0, memcmp(stream, "CDNAMIG", 8));
	ASSERT_EQ(0, move(dev, self->uuid, stream, MIG_STREAM));
	EXPECT_EQ(bar, config(dev, PCI_BASE_ADDRESS_0));
	EXPECT_EQ(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER,
		  config(dev, PCI_COMMAND) & 0xffff);
	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0));

	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(0x1234, vdev_read(dev, CDNA_VREG_ARG_SLOTS));
	EXPECT_EQ(0, vdev_read(dev, CDNA_VREG_ARG_RSS));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
	/* Once, and not after each stop. */
	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0))
		continue;
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 100));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 2, 100));
}

/* The header comes while the device runs, the rest when it has stopped. */
TEST_F(migrate, while_it_runs)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	struct vdev *dev = &self->dev;
	uint8_t stream[MIG_STREAM + 1];
	int fd;

	ASSERT_EQ(0, mig_go(dev, MIG_PRE, &fd));
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, VFIO_MIG_GET_PRECOPY_INFO, &info));
	EXPECT_EQ(MIG_HEADER, info.initial_bytes);
	EXPECT_EQ(0, info.dirty_bytes);
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
	ASSERT_EQ(MIG_HEADER, mig_read(fd, stream, sizeof(stream)));
	EXPECT_EQ(-1, read(fd, stream, 1));
	EXPECT_EQ(ENOMSG, errno);
	ASSERT_EQ(0, ioctl(fd, VFIO_MIG_GET_PRECOPY_INFO, &info));
	EXPECT_EQ(0, info.initial_bytes);
	info.argsz = 8;
	EXPECT_EQ(-1, ioctl(fd, VFIO_MIG_GET_PRECOPY_INFO, &info));
	info.argsz = sizeof(info);
	EXPECT_TRUE(vdev_ping(dev, self->peer, 2, 100));

	ASSERT_EQ(0, mig_go(dev, MIG_STOP_COPY, NULL));
	EXPECT_EQ(-1, ioctl(fd, VFIO_MIG_GET_PRECOPY_INFO, &info));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(MIG_STREAM - MIG_HEADER,
		  mig_read(fd, stream + MIG_HEADER, sizeof(stream)));
	close(fd);
	ASSERT_EQ(0, move(dev, self->uuid, stream, 7));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 3, 100));
}

/* The source goes on as if nothing had been, wherever the migration failed. */
TEST_F(migrate, that_fails)
{
	static const uint32_t states[] = {
		MIG_PRE, MIG_PRE_P2P, MIG_STOP, MIG_STOP_COPY,
	};
	struct vdev *dev = &self->dev;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_EQ(0, mig_go(dev, states[i], NULL));
		ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
		EXPECT_EQ(CDNA_CTX_ACTIVE, vdev_read(dev, CDNA_VREG_STATE));
		EXPECT_TRUE(vdev_ping(dev, self->peer, i, 100));
	}
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* Another address, or another VLAN: the header alone is enough to know. */
TEST_F(migrate, to_another_identity)
{
	uint8_t stream[MIG_STREAM];
	struct vdev other;
	int fd;

	ASSERT_EQ(MIG_STREAM, mig_save(&self->dev, stream, sizeof(stream)));
	ASSERT_EQ(0, vdev_new(&other, 0xd3));
	ASSERT_EQ(0, mig_go(&other, MIG_RESUMING, &fd));
	EXPECT_EQ(-1, write(fd, stream, MIG_HEADER));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(fd, stream + MIG_HEADER, 1));
	EXPECT_EQ(-EINVAL, mig_go(&other, MIG_STOP, NULL));
	EXPECT_EQ(MIG_RESUMING, mig_state(&other));
	close(fd);
	EXPECT_EQ(0, vdev_delete(&other));

	vdev_close(&self->dev);
	ASSERT_EQ(0, vdev_set(self->uuid, "vlan", "5"));
	ASSERT_EQ(0, vdev_open(&self->dev, self->uuid));
	EXPECT_EQ(-EINVAL, mig_load(&self->dev, stream, MIG_HEADER, MIG_HEADER));
	vdev_close(&self->dev);
	ASSERT_EQ(0, vdev_set(self->uuid, "vlan", "none"));
	ASSERT_EQ(0, vdev_open(&self->dev, self->uuid));
}

#define MTU	68	/* offset in a stream, Documentation/migration.rst */

/* A context of the NIC, with the address of one of a softnic */
static int open_twin(struct vdev *twin, const char *uuid, char *twin_uuid)
{
	char mac[32];
	int ret;

	vdev_uuid(twin_uuid, 0xd5);
	ret = vdev_attr(uuid, "mac_address", mac, sizeof(mac));
	if (!ret)
		ret = vdev_create(twin_uuid);
	if (!ret)
		ret = vdev_set(twin_uuid, "mac_address", mac);
	return ret ? ret : vdev_open(twin, twin_uuid);
}

/* From a softnic, for which the host rings mailboxes, to a NIC, and back; but not with a
 * larger MTU, on which a guest may rely.
 */
TEST_F(migrate, to_another_provider)
{
	uint8_t stream[MIG_STREAM];
	struct vdev twin;
	char uuid[40];

	if (!vdev_is_soft())
		SKIP(return, "there is one provider only");
	ASSERT_EQ(MIG_STREAM, mig_save(&self->dev, stream, sizeof(stream)));
	ASSERT_EQ(0, unsetenv("PROVIDER"));
	ASSERT_EQ(0, open_twin(&twin, self->uuid, uuid));
	EXPECT_EQ(0, mig_load(&twin, stream, MIG_STREAM, MIG_STREAM));
	EXPECT_EQ(0, mig_go(&twin, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_VRES_OK, vdev_start(&twin));
	EXPECT_EQ(MIG_STREAM, mig_save(&twin, stream, sizeof(stream)));
	vdev_close(&twin);
	EXPECT_EQ(0, vdev_remove(uuid));
	ASSERT_EQ(0, setenv("PROVIDER", "softnic", 1));

	stream[MTU + 2] ^= 1;
	EXPECT_EQ(-EOPNOTSUPP, move(&self->dev, self->uuid, stream, MIG_STREAM));
	stream[MTU + 2] ^= 1;
	EXPECT_EQ(0, move(&self->dev, self->uuid, stream, MIG_STREAM));
	EXPECT_EQ(0, mig_go(&self->dev, MIG_RUNNING, NULL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	EXPECT_TRUE(vdev_ping(&self->dev, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
