// SPDX-License-Identifier: GPL-2.0-only
/*
 * VLANs that the guest of a virtio network card adds: as the attribute allows.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define ADDS	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_CTRL_VLAN))

FIXTURE(ctrl_vlan) {
	struct virtio virtio;
};

FIXTURE_VARIANT(ctrl_vlan) {
	const char *vlan;
	int answer;
};

FIXTURE_VARIANT_ADD(ctrl_vlan, none) {
	.vlan = "none",
	.answer = VIRTIO_NET_ERR,
};

FIXTURE_VARIANT_ADD(ctrl_vlan, access) {
	.vlan = "7",
	.answer = VIRTIO_NET_ERR,
};

FIXTURE_VARIANT_ADD(ctrl_vlan, trunk) {
	.vlan = "trunk",
	.answer = VIRTIO_NET_OK,
};

FIXTURE_SETUP(ctrl_vlan)
{
	char uuid[40];

	vdev_uuid(uuid, 0xd0);
	ASSERT_EQ(0, vdev_create_virtio(uuid));
	ASSERT_EQ(0, vdev_set(uuid, "vlan", variant->vlan));
	ASSERT_EQ(0, virtio_open_in(&self->virtio, uuid, -1));
	ASSERT_EQ(0, virtio_start(&self->virtio, ADDS));
}

FIXTURE_TEARDOWN(ctrl_vlan)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static int vlan(struct virtio *virtio, uint8_t command, uint16_t vid)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_VLAN, command, &vid,
			      sizeof(vid));
}

TEST_F(ctrl_vlan, is_as_the_attribute_says)
{
	const uint16_t ids[] = { 1, 7, 100, 4094 };
	struct virtio *virtio = &self->virtio;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		EXPECT_EQ(variant->answer,
			  vlan(virtio, VIRTIO_NET_CTRL_VLAN_ADD, ids[i]));
		EXPECT_EQ(variant->answer,
			  vlan(virtio, VIRTIO_NET_CTRL_VLAN_DEL, ids[i]));
	}
	/* A priority, and what cannot be a VLAN */
	EXPECT_EQ(VIRTIO_NET_OK, vlan(virtio, VIRTIO_NET_CTRL_VLAN_ADD, 0));
	EXPECT_EQ(VIRTIO_NET_OK, vlan(virtio, VIRTIO_NET_CTRL_VLAN_DEL, 0));
	EXPECT_EQ(VIRTIO_NET_ERR, vlan(virtio, VIRTIO_NET_CTRL_VLAN_ADD, 4095));
	EXPECT_EQ(VIRTIO_NET_ERR, vlan(virtio, VIRTIO_NET_CTRL_VLAN_ADD, 65535));
	EXPECT_EQ(VIRTIO_NET_ERR, vlan(virtio, 2, 1));
	EXPECT_EQ(VIRTIO_NET_ERR,
		  virtio_command(virtio, VIRTIO_NET_CTRL_VLAN,
				 VIRTIO_NET_CTRL_VLAN_ADD, "\1", 1));
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	EXPECT_EQ(VIRTIO_NET_ERR, vlan(virtio, VIRTIO_NET_CTRL_VLAN_ADD, 0));
}

TEST_HARNESS_MAIN
