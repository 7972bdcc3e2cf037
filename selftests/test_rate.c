// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator allows a context to transmit and receive: accepted, refused, and
 * enforced whatever becomes of the context. How exactly is the firmware's test.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define FRAMES		200
#define BYTES		1014
#define MBPS		10
/* FRAMES take 162 ms, but for the first 35 kB, which gather before. */
#define AT_LEAST_US	120000

FIXTURE(rate) {
	struct vdev dev;
};

FIXTURE_SETUP(rate)
{
	if (vdev_is_soft())
		SKIP(return, "a softnic leaves rates to tc");
	ASSERT_EQ(0, vdev_new(&self->dev, 0xa0));
}

FIXTURE_TEARDOWN(rate)
{
	if (!vdev_is_soft())
		EXPECT_EQ(0, vdev_delete(&self->dev));
}

static long value(struct vdev *dev, const char *name)
{
	char text[32];

	return vdev_attr(dev->uuid, name, text, sizeof(text)) ? -1 : atol(text);
}

/* To nobody. Return: microseconds until all have left, -1: they did not */
static long send_all(struct vdev *dev)
{
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xa0, 0xff, 0xff, 0xff };
	long began = vdev_now_us();
	int i;

	frame_ping(dev, nobody, dev->mem + MEM_TX_BUF, 1, 16);
	for (i = 0; i < FRAMES; i++)
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, BYTES, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	return vdev_tx_done(dev, 20000) ? vdev_now_us() - began : -1;
}

TEST_F(rate, is_kept)
{
	struct vdev *dev = &self->dev;

	/* Before there is a guest */
	ASSERT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "10"));
	EXPECT_EQ(MBPS, value(dev, "tx_max_mbps"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
	/* The next driver of that guest */
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
	/* Revoked and restored; what is set meanwhile counts, too. */
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	ASSERT_EQ(0, vdev_set(dev->uuid, "tx_min_mbps", "5"));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	EXPECT_EQ(MBPS, value(dev, "tx_max_mbps"));
	EXPECT_EQ(5, value(dev, "tx_min_mbps"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
}

/* While its guest sends: raised for what waits already, too */
TEST_F(rate, changes_under_traffic)
{
	struct vdev *dev = &self->dev;
	int i;

	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "10"));
		EXPECT_LE(AT_LEAST_US, send_all(dev));
		ASSERT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "0"));
		EXPECT_LE(0, send_all(dev));
	}
}

/* The next guest of the device has what the administrator gave it. */
TEST_F(rate, outlives_a_guest)
{
	struct vdev *dev = &self->dev;
	char uuid[sizeof(dev->uuid)];

	memcpy(uuid, dev->uuid, sizeof(uuid));
	ASSERT_EQ(0, vdev_set(uuid, "tx_max_mbps", "10"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
	/* Its MAC address may change, by way of another context of the NIC. */
	vdev_close(dev);
	ASSERT_EQ(0, vdev_set(uuid, "mac_address", "02:11:22:33:44:a0"));
	ASSERT_EQ(0, vdev_open(dev, uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
}

/*
 * From another context, FRAMES of BYTES. Return: how many arrived; all others
 * were dropped for that, or it is -1
 */
static long from_other(struct vdev *from, struct vdev *dev)
{
	long before = vdev_drops(dev->uuid, "rx_rate");
	struct cdna_rx_completion comp;
	long got = 0, dropped;
	int i;

	frame_ping(from, dev->mac, from->mem + MEM_TX_BUF, 1, 16);
	for (i = 0; i < FRAMES; i++) {
		vdev_post_tx(from, VDEV_IOVA + MEM_TX_BUF, BYTES,
			     CDNA_DESC_EOP);
		vdev_trap(from);
		vdev_ring(from);
		if (!vdev_tx_done(from, 20000))
			return -1;
		dropped = vdev_drops(dev->uuid, "rx_rate") - before;
		for (; got + dropped <= i; got++) {
			if (!vdev_rx_next(dev, &comp, 2000))
				return -1;
			vdev_repost(dev);
			vdev_trap(dev);
			vdev_ring(dev);
		}
	}
	return got;
}

TEST_F(rate, of_what_is_received)
{
	struct vdev *dev = &self->dev;
	struct vdev from;

	ASSERT_EQ(0, vdev_new(&from, 0xa1));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&from));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_EQ(FRAMES, from_other(&from, dev));
	/* 33 in a burst; all take 1.6 s at that rate. */
	ASSERT_EQ(0, vdev_set(dev->uuid, "rx_max_mbps", "1"));
	EXPECT_EQ(1, value(dev, "rx_max_mbps"));
	EXPECT_LE(33, from_other(&from, dev));
	EXPECT_LT(0, vdev_drops(dev->uuid, "rx_rate"));
	/* Other limits leave it as it is, and it is not one of the sender. */
	ASSERT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "1000"));
	EXPECT_EQ(1, value(dev, "rx_max_mbps"));
	EXPECT_EQ(0, vdev_drops(from.uuid, "rx_rate"));
	ASSERT_EQ(0, vdev_set(dev->uuid, "rx_max_mbps", "0"));
	EXPECT_EQ(FRAMES, from_other(&from, dev));
	EXPECT_EQ(0, vdev_delete(&from));
}

TEST_F(rate, is_checked)
{
	static const char * const names[] = {
		"tx_max_mbps", "tx_min_mbps", "storm_fps", "rx_max_mbps",
	};
	const char *uuid = self->dev.uuid;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		EXPECT_EQ(0, value(&self->dev, names[i]));
		EXPECT_EQ(-EINVAL, vdev_set(uuid, names[i], "much"));
		EXPECT_EQ(-EINVAL, vdev_set(uuid, names[i], "-1"));
		EXPECT_EQ(-EINVAL, vdev_set(uuid, names[i], "4000000000"));
		EXPECT_EQ(-ERANGE, vdev_set(uuid, names[i], "4294967296"));
		EXPECT_EQ(0, value(&self->dev, names[i]));
	}
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "tx_max_mbps", "200001"));
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "rx_max_mbps", "200001"));
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "storm_fps", "1000001"));
	EXPECT_EQ(0, vdev_set(uuid, "storm_fps", "1000000"));
	/* A minimum above the maximum, from either side */
	EXPECT_EQ(0, vdev_set(uuid, "tx_max_mbps", "100"));
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "tx_min_mbps", "101"));
	EXPECT_EQ(0, vdev_set(uuid, "tx_min_mbps", "100"));
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "tx_max_mbps", "99"));
	EXPECT_EQ(0, vdev_set(uuid, "tx_max_mbps", "0"));
	EXPECT_EQ(100, value(&self->dev, "tx_min_mbps"));
}

/* All contexts together can count on what the wire carries, at most. */
TEST_F(rate, is_not_promised_twice)
{
	char other[40], text[16];
	long speed;

	speed = vdev_read(&self->dev, CDNA_VREG_SPEED);
	if (!speed)
		SKIP(return, "the NIC does not know the speed of its wire");
	vdev_uuid(other, 0xa1);
	ASSERT_EQ(0, vdev_create(other));
	snprintf(text, sizeof(text), "%ld", speed - 10);
	EXPECT_EQ(0, vdev_set(other, "tx_min_mbps", text));
	EXPECT_EQ(0, vdev_set(self->dev.uuid, "tx_min_mbps", "10"));
	EXPECT_EQ(-EINVAL, vdev_set(self->dev.uuid, "tx_min_mbps", "11"));
	EXPECT_EQ(10, value(&self->dev, "tx_min_mbps"));
	/* What others count on shrinks by less, and by the end of the device. */
	snprintf(text, sizeof(text), "%ld", speed - 11);
	EXPECT_EQ(0, vdev_set(other, "tx_min_mbps", text));
	EXPECT_EQ(0, vdev_set(self->dev.uuid, "tx_min_mbps", "11"));
	EXPECT_EQ(0, vdev_remove(other));
	snprintf(text, sizeof(text), "%ld", speed);
	EXPECT_EQ(0, vdev_set(self->dev.uuid, "tx_min_mbps", text));
}

TEST_HARNESS_MAIN
