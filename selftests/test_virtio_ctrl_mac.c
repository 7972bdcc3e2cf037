// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address that the guest of a virtio network card chooses: where it is allowed, and until
 * the device is reset.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define CHOOSES \
	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_CTRL_MAC_ADDR))

static const uint8_t chosen[ETH_ALEN] = { 0x52, 0x54, 0x00, 0xc1, 0xd2, 0xe3 };

FIXTURE(ctrl_mac) {
	struct virtio virtio;
	struct vdev other;
};

FIXTURE_VARIANT(ctrl_mac) {
	const char *allowed;
};

FIXTURE_VARIANT_ADD(ctrl_mac, allowed) {
	.allowed = "on",
};

FIXTURE_VARIANT_ADD(ctrl_mac, refused) {
	.allowed = "off",
};

FIXTURE_SETUP(ctrl_mac)
{
	char uuid[40];

	vdev_uuid(uuid, 0xce);
	ASSERT_EQ(0, vdev_create_virtio(uuid));
	ASSERT_EQ(0, vdev_set(uuid, "guest_mac", variant->allowed));
	ASSERT_EQ(0, virtio_open_in(&self->virtio, uuid, -1));
	ASSERT_EQ(0, vdev_new(&self->other, 0xcf));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(0, virtio_start(&self->virtio, CHOOSES));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
}

FIXTURE_TEARDOWN(ctrl_mac)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static bool choose(struct virtio *virtio, const uint8_t *mac)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
			      VIRTIO_NET_CTRL_MAC_ADDR_SET, mac, ETH_ALEN) ==
	       VIRTIO_NET_OK;
}

/* What the device's configuration says */
static bool is_known_as(struct virtio *virtio, const uint8_t *mac)
{
	uint64_t have = 0;

	have = virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, 0, 4) |
	       virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, 4, 2) << 32;
	return !memcmp(&have, mac, ETH_ALEN);
}

/* An answer of the peer to a request from the address that we have now */
static bool answered_as(struct virtio *virtio, const uint8_t *mac)
{
	uint8_t peer[ETH_ALEN];

	memcpy(virtio->dev.mac, mac, ETH_ALEN);
	return virtio_peer_mac(virtio, peer);
}

TEST_F(ctrl_mac, is_chosen_or_not)
{
	bool allowed = !strcmp(variant->allowed, "on");
	struct virtio *virtio = &self->virtio;
	uint8_t given[ETH_ALEN], generation;

	memcpy(given, virtio->dev.mac, ETH_ALEN);
	EXPECT_TRUE(answered_as(virtio, given));
	generation = virtio_get(virtio, config_generation);
	EXPECT_EQ(allowed, choose(virtio, chosen));
	EXPECT_TRUE(is_known_as(virtio, allowed ? chosen : given));
	EXPECT_EQ(allowed, generation !=
			   virtio_get(virtio, config_generation));
	if (allowed)
		EXPECT_TRUE(answered_as(virtio, chosen));
	/* That which was given stays the context's, too. */
	EXPECT_TRUE(answered_as(virtio, given));
	ASSERT_EQ(0, virtio_start(virtio, CHOOSES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(is_known_as(virtio, given));
	EXPECT_TRUE(answered_as(virtio, given));
}

TEST_F(ctrl_mac, addresses_that_cannot_be_chosen)
{
	static const uint8_t bad[][ETH_ALEN] = {
		{ 0 }, { 0x01, 0x00, 0x5e, 1, 2, 3 },
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	};
	struct virtio *virtio = &self->virtio;
	uint8_t data[ETH_ALEN + 1] = { 0x52 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_FALSE(choose(virtio, bad[i]));
	EXPECT_FALSE(choose(virtio, self->other.mac));
	for (i = 0; i <= sizeof(data); i++)
		if (i != ETH_ALEN)
			EXPECT_EQ(VIRTIO_NET_ERR,
				  virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
						 VIRTIO_NET_CTRL_MAC_ADDR_SET,
						 data, i));
	EXPECT_TRUE(is_known_as(virtio, virtio->dev.mac));
	/* The feature was not negotiated. */
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	EXPECT_FALSE(choose(virtio, chosen));
}

/* A context that is revoked has only the address that it was given. */
TEST_F(ctrl_mac, revoked)
{
	struct virtio *virtio = &self->virtio;
	const char *uuid = virtio->dev.uuid;

	choose(virtio, chosen);
	ASSERT_EQ(0, vdev_set(uuid, "state", "revoked"));
	EXPECT_TRUE(is_known_as(virtio, virtio->dev.mac));
	ASSERT_EQ(0, vdev_set(uuid, "state", "configured"));
	EXPECT_FALSE(choose(virtio, chosen));
	EXPECT_TRUE(is_known_as(virtio, virtio->dev.mac));
}

TEST_HARNESS_MAIN
