// SPDX-License-Identifier: GPL-2.0-only
/*
 * What administrators do: addresses, revoke, restore, removal; and attributes
 * that they read.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

FIXTURE(admin) {
	struct vdev dev;
	char other[40];
	uint8_t peer[6];
};

FIXTURE_SETUP(admin)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 7));
	vdev_uuid(self->other, 8);
	ASSERT_EQ(0, vdev_create(self->other));
}

FIXTURE_TEARDOWN(admin)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
	EXPECT_EQ(0, vdev_remove(self->other));
}

static int state_is(const char *uuid, const char *want)
{
	char state[32] = "";

	vdev_attr(uuid, "state", state, sizeof(state));
	return !strcmp(state, want);
}

TEST_F(admin, addresses_differ)
{
	char a[32], b[32];

	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "mac_address", a, sizeof(a)));
	ASSERT_EQ(0, vdev_attr(self->other, "mac_address", b, sizeof(b)));
	EXPECT_NE(0, strcmp(a, b));
	EXPECT_EQ(17, strlen(a));
}

TEST_F(admin, duplicate_address_is_refused)
{
	char mac[32], before[32], after[32];

	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "mac_address", mac,
			       sizeof(mac)));
	vdev_attr(self->other, "mac_address", before, sizeof(before));
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", mac));
	vdev_attr(self->other, "mac_address", after, sizeof(after));
	EXPECT_EQ(0, strcmp(before, after));
	/* Its own again, and one that is free */
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", before));
	EXPECT_EQ(0, vdev_set(self->other, "mac_address", "02:11:22:33:44:55"));
	vdev_attr(self->other, "mac_address", after, sizeof(after));
	EXPECT_EQ(0, strcmp("02:11:22:33:44:55", after));
	EXPECT_TRUE(state_is(self->other, "configured"));
}

TEST_F(admin, bad_addresses_are_refused)
{
	static const char * const bad[] = {
		"invalid", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff",
		"01:00:5e:00:00:01", "02:11:22:33:44", "02:11:22:33:44:5g",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ(-EINVAL, vdev_set(self->other, "mac_address",
					    bad[i])) {
			TH_LOG("%s", bad[i]);
		}
	EXPECT_EQ(-EBUSY, vdev_set(self->dev.uuid, "mac_address",
				   "02:11:22:33:44:66"));
}

TEST_F(admin, vlan_is_set_before_use)
{
	static const char * const good[] = { "1", "4094", "trunk", "none" };
	static const char * const bad[] = { "0", "4095", "-1", "any", "12x" };
	char vlan[16], mac[32], after[32];
	size_t i;

	ASSERT_EQ(0, vdev_attr(self->other, "mac_address", mac, sizeof(mac)));
	ASSERT_EQ(0, vdev_attr(self->other, "vlan", vlan, sizeof(vlan)));
	EXPECT_EQ(0, strcmp(vlan, "none"));
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		EXPECT_EQ(0, vdev_set(self->other, "vlan", good[i]));
		vdev_attr(self->other, "vlan", vlan, sizeof(vlan));
		EXPECT_EQ(0, strcmp(vlan, good[i]));
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ(-EINVAL, vdev_set(self->other, "vlan", bad[i])) {
			TH_LOG("%s", bad[i]);
		}
	EXPECT_EQ(-EBUSY, vdev_set(self->dev.uuid, "vlan", "5"));
	ASSERT_EQ(0, vdev_attr(self->other, "mac_address", after,
			       sizeof(after)));
	EXPECT_EQ(0, strcmp(mac, after));
	EXPECT_TRUE(state_is(self->other, "configured"));
}

TEST_F(admin, contexts_are_numbered)
{
	char a[8], b[8];

	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "context", a, sizeof(a)));
	ASSERT_EQ(0, vdev_attr(self->other, "context", b, sizeof(b)));
	EXPECT_EQ(0, strcmp(a, "0"));
	EXPECT_EQ(0, strcmp(b, "1"));
}

TEST_F(admin, states_are_shown)
{
	EXPECT_TRUE(state_is(self->dev.uuid, "configured"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	EXPECT_TRUE(state_is(self->dev.uuid, "active"));
	EXPECT_EQ(-EINVAL, vdev_set(self->dev.uuid, "state", "active"));
	EXPECT_EQ(-EINVAL, vdev_set(self->dev.uuid, "state", "invalid"));
	EXPECT_EQ(0, vdev_set(self->dev.uuid, "state", "configured"));
	EXPECT_TRUE(state_is(self->dev.uuid, "active"));
}

TEST_F(admin, revoke_and_restore)
{
	struct vdev *dev = &self->dev;
	uint8_t peer[6];

	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_TRUE(vdev_peer_mac(dev, peer));
	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0))
		;
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));

	/* Nothing is pinned, the guest is notified, its stores do no harm. */
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	EXPECT_EQ(CDNA_CTX_REVOKED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	dev->mbox[0] = 0x1234;
	EXPECT_EQ(0x1234, dev->mbox[0]);
	EXPECT_NE(CDNA_ABI_VERSION, dev->mbox[CDNA_PARTITION_INFO / 4]);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_activate(dev));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_CTX_REVOKED, vdev_read(dev, CDNA_VREG_STATE));
	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 0))
		;
	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 100));

	/* The context is restored, through the same mapping. */
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(CDNA_ABI_VERSION, dev->mbox[CDNA_PARTITION_INFO / 4]);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
}

/* Upper-case digits are equivalent. */
static void in_capitals(char *mac)
{
	for (; *mac; mac++)
		if (*mac >= 'a' && *mac <= 'f')
			*mac -= 'a' - 'A';
}

/* With devlink. Return: the status of the command */
static int set_hw_addr(const char *uuid, const char *mac)
{
	char path[PATH_MAX], real[PATH_MAX], context[16], command[300];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", uuid);
	if (!realpath(path, real) ||
	    vdev_attr(uuid, "context", context, sizeof(context)))
		return -1;
	snprintf(command, sizeof(command),
		 "devlink port function set pci/%.20s/%s hw_addr %s >/dev/null 2>&1",
		 basename(dirname(real)), context, mac);
	return system(command);
}

/* How many answers to pings of @mac have arrived so far. The peer may also ask
 * whether that address is still in use.
 */
static int answers_to(struct vdev *dev, const uint8_t *mac)
{
	struct cdna_rx_completion comp;
	const uint8_t *frame;
	int n = 0;

	while (vdev_rx_next(dev, &comp, 0)) {
		frame = vdev_rx_buf(dev, comp.index);
		n += !memcmp(frame, mac, 6) && frame[12] == 0x08 &&
		     frame[13] == 0x00 && frame[23] == 1;
		vdev_repost(dev);
	}
	return n;
}

/* However a second context tries to get the address of another one, frames go
 * to the one that had it first, and to the second once the address is free.
 */
TEST_F(admin, nobody_gets_frames_of_others)
{
	struct vdev *dev = &self->dev, other;
	char mac[32], capitals[32], uuid[40];
	uint8_t peer[6], first[6];
	uint16_t seq;

	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_TRUE(vdev_peer_mac(dev, peer));
	memcpy(first, dev->mac, 6);
	ASSERT_EQ(0, vdev_attr(dev->uuid, "mac_address", mac, sizeof(mac)));
	strcpy(capitals, mac);
	in_capitals(capitals);

	/* While the second is closed, open, active, and revoked */
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", mac));
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", capitals));
	EXPECT_NE(0, set_hw_addr(self->other, mac));
	ASSERT_EQ(0, vdev_open(&other, self->other));
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", mac));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));
	EXPECT_NE(0, set_hw_addr(self->other, mac));
	ASSERT_EQ(0, vdev_set(self->other, "state", "revoked"));
	EXPECT_EQ(-EEXIST, vdev_set(self->other, "mac_address", mac));
	EXPECT_NE(0, set_hw_addr(self->other, mac));
	ASSERT_EQ(0, vdev_set(self->other, "state", "configured"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));

	for (seq = 0; seq < 50; seq++)
		ASSERT_TRUE(vdev_ping(dev, peer, seq, 100));
	EXPECT_EQ(0, answers_to(&other, first));

	/* Nor may it send from the other's address to get the answers. */
	memcpy(other.mac, first, 6);
	EXPECT_FALSE(vdev_ping(&other, peer, 1, 100));
	EXPECT_EQ(0, answers_to(dev, first));
	vdev_close(&other);

	/* Once the first has released it, the second can have it. */
	vdev_close(dev);
	ASSERT_EQ(0, vdev_set(dev->uuid, "mac_address", "02:11:22:33:44:77"));
	ASSERT_EQ(0, vdev_set(self->other, "mac_address", mac));
	ASSERT_EQ(0, vdev_open(&other, self->other));
	EXPECT_EQ(0, memcmp(other.mac, first, 6));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));
	ASSERT_TRUE(vdev_peer_mac(&other, peer));
	EXPECT_TRUE(vdev_ping(&other, peer, 1, 100));
	vdev_close(&other);
	memcpy(uuid, dev->uuid, sizeof(uuid));
	ASSERT_EQ(0, vdev_open(dev, uuid));
}

static int stop;

static void *sender(void *arg)
{
	struct vdev *dev = arg;
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
		vdev_trap(dev);
		vdev_ring(dev);
		vdev_tx_done(dev, 1);
	}
	return NULL;
}

TEST_F(admin, revoke_under_traffic)
{
	struct vdev *dev = &self->dev;
	pthread_t thread;
	uint8_t peer[6];
	int i;

	stop = 0;
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_EQ(0, pthread_create(&thread, NULL, sender, dev));
	for (i = 0; i < 20; i++) {
		usleep(5000);
		ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
		EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
		ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
}

TEST_F(admin, broadcast_reaches_all)
{
	struct vdev *dev = &self->dev, other;
	struct cdna_rx_completion comp;
	const uint8_t *frame;
	bool seen = false;
	size_t len;

	ASSERT_EQ(0, vdev_open(&other, self->other));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));
	len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);
	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	while (!seen && vdev_rx_next(&other, &comp, 2000)) {
		frame = vdev_rx_buf(&other, comp.index);
		seen = comp.len >= len && !memcmp(frame + 6, dev->mac, 6) &&
		       !memcmp(frame, dev->mem + MEM_TX_BUF, len);
	}
	EXPECT_TRUE(seen);
	vdev_close(&other);
}

/* From one context to the other, without the wire */
TEST_F(admin, contexts_reach_each_other)
{
	struct vdev *dev = &self->dev, other;
	struct cdna_rx_completion comp;
	bool seen = false;
	size_t len;

	ASSERT_EQ(0, vdev_open(&other, self->other));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&other));
	len = frame_ping(dev, other.mac, dev->mem + MEM_TX_BUF, 7, 1000);
	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	while (!seen && vdev_rx_next(&other, &comp, 2000))
		seen = comp.len == len &&
		       !memcmp(vdev_rx_buf(&other, comp.index),
			       dev->mem + MEM_TX_BUF, len);
	EXPECT_TRUE(seen);
	vdev_close(&other);
}

TEST_F(admin, all_contexts_and_no_more)
{
	char uuid[40];
	int n, ret = 0;

	for (n = 0; n < 256 && !ret; n++) {
		vdev_uuid(uuid, 100 + n);
		ret = vdev_create(uuid);
	}
	EXPECT_EQ(-ENOSPC, ret);
	/* Two exist already. */
	EXPECT_EQ(30, n - 1);
	while (--n > 0) {
		vdev_uuid(uuid, 100 + n - 1);
		EXPECT_EQ(0, vdev_remove(uuid));
	}
}

TEST_HARNESS_MAIN
