// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses that guests choose, where their administrator lets them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

static const uint8_t first[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x01 };
static const uint8_t second[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x02 };

/* @dev may choose, and is active; the host assigned the address @given. @other
 * is a context that is not open.
 */
FIXTURE(identity) {
	struct vdev dev;
	uint8_t given[6];
	char other[40];
	uint8_t peer[6];
};

/* Open a device, and activate it as a guest that wants to choose. */
static uint32_t open_and_start(struct vdev *dev, const char *uuid)
{
	if (vdev_open(dev, uuid))
		return ~0u;
	dev->features |= CDNA_VFEAT_MAC;
	return vdev_start(dev);
}

FIXTURE_SETUP(identity)
{
	char uuid[40];

	vdev_uuid(uuid, 30);
	vdev_uuid(self->other, 31);
	ASSERT_EQ(0, vdev_create(uuid));
	ASSERT_EQ(0, vdev_create(self->other));
	ASSERT_EQ(0, vdev_set(uuid, "guest_mac", "on"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->dev, uuid));
	memcpy(self->given, self->dev.mac, 6);
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
}

FIXTURE_TEARDOWN(identity)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
	EXPECT_EQ(0, vdev_remove(self->other));
}

static const char *text(const uint8_t *mac)
{
	static char buf[18];

	snprintf(buf, sizeof(buf), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

static bool attr_is(const char *uuid, const char *name, const char *want)
{
	char value[32] = "";

	vdev_attr(uuid, name, value, sizeof(value));
	return !strcmp(value, want);
}

static uint32_t choose_words(struct vdev *dev, uint32_t lo, uint32_t hi)
{
	vdev_write(dev, CDNA_VREG_ARG_MAC_LO, lo);
	vdev_write(dev, CDNA_VREG_ARG_MAC_HI, hi);
	return vdev_command(dev, CDNA_VCMD_SET_MAC);
}

static uint32_t choose(struct vdev *dev, const uint8_t *mac)
{
	uint32_t lo = 0, hi = 0;

	memcpy(&lo, mac, 4);
	memcpy(&hi, mac + 4, 2);
	return choose_words(dev, lo, hi);
}

/* Does the peer, once it has heard of an address, answer to it? */
static bool pings_as(struct vdev *dev, const uint8_t *peer, const uint8_t *mac)
{
	uint8_t heard[6];

	memcpy(dev->mac, mac, 6);
	return vdev_peer_mac(dev, heard) && !memcmp(heard, peer, 6) &&
	       vdev_ping(dev, peer, 1, 100);
}

TEST_F(identity, attribute_takes_on_and_off)
{
	static const char * const bad[] = { "2", "maybe", "\n", "-1" };
	size_t i;

	EXPECT_TRUE(attr_is(self->other, "guest_mac", "off"));
	EXPECT_EQ(0, vdev_set(self->other, "guest_mac", "on"));
	EXPECT_TRUE(attr_is(self->other, "guest_mac", "on"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ(-EINVAL, vdev_set(self->other, "guest_mac", bad[i])) {
			TH_LOG("'%s'", bad[i]);
		}
	EXPECT_TRUE(attr_is(self->other, "guest_mac", "on"));
	EXPECT_EQ(-EBUSY, vdev_set(self->dev.uuid, "guest_mac", "off"));
	EXPECT_TRUE(attr_is(self->dev.uuid, "guest_mac", "on"));
}

TEST_F(identity, not_offered_unless_allowed)
{
	struct vdev other;

	EXPECT_EQ(CDNA_VFEAT_MAC,
		  vdev_read(&self->dev, CDNA_VREG_FEATURES) & CDNA_VFEAT_MAC);
	ASSERT_EQ(CDNA_VRES_BAD_PARAM, open_and_start(&other, self->other));
	EXPECT_EQ(0, vdev_read(&other, CDNA_VREG_FEATURES) & CDNA_VFEAT_MAC);
	other.features = CDNA_VFEAT_TRAP_REG;
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));
	EXPECT_EQ(CDNA_VRES_UNSUPPORTED, choose(&other, first));
	EXPECT_FALSE(pings_as(&other, self->peer, first));
	vdev_close(&other);
}

/* Not before the feature was accepted, nor while the context is not active */
TEST_F(identity, only_by_an_active_context_that_accepted)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, choose(dev, first));
	dev->features = CDNA_VFEAT_TRAP_REG;
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_EQ(CDNA_VRES_UNSUPPORTED, choose(dev, first));
}

TEST_F(identity, chosen_address_is_heard_and_answered)
{
	struct vdev *dev = &self->dev;

	EXPECT_FALSE(pings_as(dev, self->peer, first));
	ASSERT_EQ(CDNA_VRES_OK, choose(dev, first));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(first)));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_address", text(self->given)));
	EXPECT_TRUE(pings_as(dev, self->peer, first));

	/* One at a time, beside its own */
	ASSERT_EQ(CDNA_VRES_OK, choose(dev, second));
	ASSERT_EQ(CDNA_VRES_OK, choose(dev, second));
	EXPECT_TRUE(pings_as(dev, self->peer, second));
	EXPECT_FALSE(pings_as(dev, self->peer, first));
	EXPECT_TRUE(pings_as(dev, self->peer, self->given));

	ASSERT_EQ(CDNA_VRES_OK, choose(dev, self->given));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));
	EXPECT_TRUE(pings_as(dev, self->peer, self->given));
	EXPECT_FALSE(pings_as(dev, self->peer, second));
}

TEST_F(identity, what_is_no_address_is_refused)
{
	struct vdev *dev = &self->dev;

	EXPECT_EQ(CDNA_VRES_BAD_PARAM, choose_words(dev, 0, 0));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, choose_words(dev, 0x33221102, 0x10144));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, choose_words(dev, 0x33221103, 0x144));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, choose_words(dev, ~0u, 0xffff));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, choose_words(dev, ~0u, ~0u));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));
	EXPECT_TRUE(pings_as(dev, self->peer, self->given));
}

TEST_F(identity, addresses_of_others_are_refused)
{
	struct vdev *dev = &self->dev, other;
	uint8_t mac[6];

	/* A context that is not in use; one that is; the choice of its guest */
	ASSERT_EQ(0, vdev_open(&other, self->other));
	memcpy(mac, other.mac, 6);
	vdev_close(&other);
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(dev, mac));
	ASSERT_EQ(0, vdev_set(self->other, "guest_mac", "on"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&other, self->other));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(dev, mac));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(&other, self->given));
	ASSERT_EQ(CDNA_VRES_OK, choose(&other, first));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(dev, first));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(dev, mac));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));

	/* A released address is free, and a choice ends with its user. */
	ASSERT_EQ(CDNA_VRES_OK, choose(&other, second));
	EXPECT_EQ(CDNA_VRES_OK, choose(dev, first));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(dev, second));
	vdev_close(&other);
	EXPECT_EQ(CDNA_VRES_OK, choose(dev, second));
	EXPECT_TRUE(pings_as(dev, self->peer, second));
}

TEST_F(identity, administrators_do_not_get_it_meanwhile)
{
	ASSERT_EQ(CDNA_VRES_OK, choose(&self->dev, first));
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", text(first)));
	EXPECT_EQ(-EBUSY, vdev_set(self->dev.uuid, "mac_address", text(first)));
	EXPECT_EQ(0, vdev_set(self->dev.uuid, "mac_address",
			      text(self->given)));
	ASSERT_EQ(CDNA_VRES_OK, choose(&self->dev, second));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", text(first)));
	EXPECT_EQ(CDNA_VRES_IN_USE, choose(&self->dev, first));
}

/* By command, by bus mastering, by the administrator */
TEST_F(identity, a_reset_ends_the_choice)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, choose(dev, first));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", text(first)));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_FALSE(pings_as(dev, self->peer, first));
	EXPECT_TRUE(pings_as(dev, self->peer, self->given));

	ASSERT_EQ(CDNA_VRES_OK, choose(dev, second));
	vdev_master(dev, false);
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));
	vdev_master(dev, true);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));

	ASSERT_EQ(CDNA_VRES_OK, choose(dev, second));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	EXPECT_TRUE(attr_is(dev->uuid, "mac_in_use", text(self->given)));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, choose(dev, second));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_EQ(CDNA_VRES_OK, choose(dev, second));
	EXPECT_TRUE(pings_as(dev, self->peer, second));
	EXPECT_TRUE(pings_as(dev, self->peer, self->given));
}

/* More often than the NIC has room for addresses per context */
TEST_F(identity, changes_leave_nothing)
{
	struct vdev *dev = &self->dev;
	uint8_t mac[6];
	int i;

	memcpy(mac, first, 6);
	for (i = 0; i < 200; i++) {
		mac[4] = i;
		ASSERT_EQ(CDNA_VRES_OK, choose(dev, mac));
		if (i % 50 == 49) {
			ASSERT_EQ(CDNA_VRES_OK,
				  vdev_command(dev, CDNA_VCMD_RESET));
			ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
		}
	}
	ASSERT_EQ(CDNA_VRES_OK, choose(dev, mac));
	EXPECT_TRUE(pings_as(dev, self->peer, mac));
}

TEST_HARNESS_MAIN
