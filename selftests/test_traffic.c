// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames out to the peer and back, contents compared.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

FIXTURE(traffic) {
	char uuid[40];
	struct vdev dev;
};

FIXTURE_SETUP(traffic)
{
	vdev_uuid(self->uuid, 1);
	ASSERT_EQ(0, vdev_create(self->uuid));
	ASSERT_EQ(0, vdev_open(&self->dev, self->uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
}

FIXTURE_TEARDOWN(traffic)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

TEST_F(traffic, one_frame_out)
{
	struct vdev *dev = &self->dev;
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	EXPECT_EQ(1, vdev_report(dev, CDNA_VQUEUE(0, CDNA_DIR_TX)).accepted);
	vdev_ring(dev);
	EXPECT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(CDNA_QUEUE_RUNNING,
		  vdev_report(dev, CDNA_VQUEUE(0, CDNA_DIR_TX)).state);
}

TEST_F(traffic, peer_answers_arp)
{
	static const uint8_t peer[6] = { 0x02, 0xcd, 0xa0, 0xff, 0x00, 0x01 };
	uint8_t mac[6];

	ASSERT_TRUE(vdev_peer_mac(&self->dev, mac));
	EXPECT_EQ(0, memcmp(mac, peer, 6));
}

TEST_HARNESS_MAIN
