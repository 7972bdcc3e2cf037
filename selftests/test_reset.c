// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways to stop a device other than the command: bus mastering, and the reset of
 * VFIO, which is how a guest's reset of the function arrives.
 */
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define RX	CDNA_VQUEUE(0, CDNA_DIR_RX)

FIXTURE(reset) {
	struct vdev dev;
	uint8_t peer[6];
};

FIXTURE_SETUP(reset)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 20));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
}

FIXTURE_TEARDOWN(reset)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

/* There is no queue; a trap and a store to a mailbox have no effect. */
static bool stands_still(struct vdev *dev)
{
	uint32_t seen = vdev_status(dev)->rx_comp_prod;

	if (vdev_read(dev, CDNA_VREG_STATE) != CDNA_CTX_CONFIGURED ||
	    vdev_report(dev, RX).state != CDNA_QUEUE_NONE)
		return false;
	vdev_trap(dev);
	vdev_ring(dev);
	usleep(100000);
	return vdev_status(dev)->rx_comp_prod == seen;
}

TEST_F(reset, without_mastering_it_stops)
{
	struct vdev *dev = &self->dev;

	vdev_master(dev, false);
	EXPECT_TRUE(stands_still(dev));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_activate(dev));
	EXPECT_TRUE(stands_still(dev));

	vdev_master(dev, true);
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

/* A vector is a store over the bus. */
TEST_F(reset, without_mastering_no_vector_fires)
{
	struct vdev *dev = &self->dev;

	vdev_master(dev, false);
	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0))
		continue;
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 200));

	vdev_master(dev, true);
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
}

/* Only the bit matters, not that the register is written. */
TEST_F(reset, with_mastering_it_goes_on)
{
	struct vdev *dev = &self->dev;
	uint8_t command = PCI_COMMAND_MASTER;
	int i;

	for (i = 0; i < 3; i++) {
		vdev_master(dev, true);
		ASSERT_EQ(1, pwrite(dev->fd, &command, 1,
				    vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX,
						PCI_COMMAND)));
		EXPECT_EQ(CDNA_CTX_ACTIVE, vdev_read(dev, CDNA_VREG_STATE));
		EXPECT_TRUE(vdev_ping(dev, self->peer, i, 100));
	}
}

TEST_F(reset, again_and_again)
{
	struct vdev *dev = &self->dev;
	int i;

	for (i = 0; i < 50; i++) {
		vdev_master(dev, false);
		vdev_master(dev, true);
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	}
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* Registers are as at power-on, so bus mastering is off. */
TEST_F(reset, by_vfio)
{
	struct vdev *dev = &self->dev;
	uint16_t command = 0xffff;

	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_TRUE(stands_still(dev));
	ASSERT_EQ(2, pread(dev->fd, &command, 2,
			   vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX,
				       PCI_COMMAND)));
	EXPECT_EQ(0, command);
	EXPECT_EQ(0, vdev_read(dev, CDNA_VREG_ARG_SLOTS));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_activate(dev));

	vdev_master(dev, true);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

#define SPARE	(CDNA_PARTITION_SIZE / 4 - 1)	/* a word of the page */

/* Neither the contents of the NIC's page nor what was stored while revoked */
TEST_F(reset, the_next_guest_finds_nothing)
{
	struct vdev *dev = &self->dev;
	char uuid[40];

	memcpy(uuid, dev->uuid, sizeof(uuid));
	dev->mbox[SPARE] = 0x5ec2e7;
	EXPECT_EQ(0x5ec2e7, dev->mbox[SPARE]);
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_EQ(0, dev->mbox[SPARE]);
	EXPECT_EQ(CDNA_ABI_VERSION, dev->mbox[CDNA_PARTITION_INFO / 4]);

	ASSERT_EQ(0, vdev_set(uuid, "state", "revoked"));
	dev->mbox[SPARE] = 0x5ec2e7;
	EXPECT_EQ(0x5ec2e7, dev->mbox[SPARE]);
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_EQ(0, dev->mbox[SPARE]);
	ASSERT_EQ(0, vdev_set(uuid, "state", "configured"));
	EXPECT_EQ(0, dev->mbox[SPARE]);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
