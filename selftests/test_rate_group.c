// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate groups, as an administrator makes them with devlink: what contexts transmit
 * together, whatever becomes of them. How exactly is the firmware's test.
 */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cdna/admin_group.h>

#include "kselftest_harness.h"
#include "nic.h"
#include "run_devlink.h"
#include "vdev.h"

#define MEMBERS		2
#define FRAMES		200
#define BYTES		1014
/* At 10 Mb/s FRAMES of all members take 324 ms, but for what gathers before. */
#define AT_LEAST_US	240000
/* FRAMES of one member alone, the same way */
#define ALONE_US	95000

FIXTURE(rate_group) {
	struct vdev dev[MEMBERS];
	char nic[64];		/* as devlink names it */
	char port[MEMBERS][80];
	char text[8192];
};

/* The context of a device as devlink names it */
static int find_port(struct vdev *dev, char *nic, size_t size, char *port,
		     size_t port_size)
{
	char path[PATH_MAX], real[PATH_MAX], context[16];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", dev->uuid);
	if (!realpath(path, real) ||
	    vdev_attr(dev->uuid, "context", context, sizeof(context)))
		return -1;
	snprintf(nic, size, "%s/%s", vdev_is_soft() ? "platform" : "pci",
		 basename(dirname(real)));
	snprintf(port, port_size, "%s/%s", nic, context);
	return 0;
}

FIXTURE_SETUP(rate_group)
{
	int i;

	for (i = 0; i < MEMBERS; i++) {
		ASSERT_EQ(0, vdev_new(&self->dev[i], 0xb0 + i));
		ASSERT_EQ(0, find_port(&self->dev[i], self->nic,
				       sizeof(self->nic), self->port[i],
				       sizeof(self->port[i])));
	}
	if (vdev_is_soft())
		return;
	ASSERT_EQ(0, DEVLINK("port function rate add %s/acme tx_max 10mbit",
			     self->nic));
	for (i = 0; i < MEMBERS; i++)
		ASSERT_EQ(0, DEVLINK("port function rate set %s parent acme",
				     self->port[i]));
}

/* A device that ends is a member no longer. */
FIXTURE_TEARDOWN(rate_group)
{
	int i;

	for (i = 0; i < MEMBERS; i++)
		EXPECT_EQ(0, vdev_delete(&self->dev[i]));
	if (!vdev_is_soft())
		EXPECT_EQ(0, DEVLINK("port function rate del %s/acme",
				     self->nic));
}

/* All at a time, to nobody. Return: microseconds until all have left, or -1 */
static long send_all(struct vdev *dev)
{
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xb0, 0xff, 0xff, 0xff };
	long began = vdev_now_us();
	int i, n;

	for (n = 0; n < MEMBERS; n++) {
		frame_ping(&dev[n], nobody, dev[n].mem + MEM_TX_BUF, 1, 16);
		for (i = 0; i < FRAMES; i++)
			vdev_post_tx(&dev[n], VDEV_IOVA + MEM_TX_BUF, BYTES,
				     CDNA_DESC_EOP);
		vdev_trap(&dev[n]);
		vdev_ring(&dev[n]);
	}
	for (n = 0; n < MEMBERS; n++)
		if (!vdev_tx_done(&dev[n], 20000))
			return -1;
	return vdev_now_us() - began;
}

/* After a run that took so long. A busy machine may take longer, but not each time. */
static bool sends_within(struct vdev *dev, long us, long took)
{
	int tries;

	for (tries = 0; took >= us && tries < 10; tries++)
		took = send_all(dev);
	return took >= 0 && took < us;
}

static bool start_all(struct vdev *dev)
{
	int n;

	for (n = 0; n < MEMBERS; n++)
		if (vdev_start(&dev[n]) != CDNA_VRES_OK)
			return false;
	return true;
}

#define SKIP_SOFT()							\
	do {								\
		if (vdev_is_soft())					\
			SKIP(return, "a softnic has no rate groups");	\
	} while (0)

TEST_F(rate_group, is_kept)
{
	struct vdev *dev = self->dev;
	char uuid[sizeof(dev->uuid)];

	SKIP_SOFT();
	ASSERT_EQ(0, DEVLINK("port function rate show %s/acme", self->nic));
	EXPECT_TRUE(SAYS("tx_max 10Mbit"));
	ASSERT_EQ(0, DEVLINK("port function rate show %s", self->port[0]));
	EXPECT_TRUE(SAYS("parent acme"));
	ASSERT_TRUE(start_all(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
	/* The next driver of that guest; and revoked, and restored */
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&dev[0], CDNA_VCMD_RESET));
	ASSERT_EQ(0, vdev_set(dev[1].uuid, "state", "revoked"));
	ASSERT_EQ(0, vdev_set(dev[1].uuid, "state", "configured"));
	ASSERT_TRUE(start_all(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
	/* The next guest */
	memcpy(uuid, dev[0].uuid, sizeof(uuid));
	vdev_close(&dev[0]);
	ASSERT_EQ(0, vdev_open(&dev[0], uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&dev[1], CDNA_VCMD_RESET));
	ASSERT_TRUE(start_all(dev));
	EXPECT_LE(AT_LEAST_US, send_all(dev));
}

/* While guests send: for what waits already, too */
TEST_F(rate_group, changes_under_traffic)
{
	struct vdev *dev = self->dev;
	long limited, alone, free;
	int i;

	SKIP_SOFT();
	ASSERT_TRUE(start_all(dev));
	for (i = 0; i < 3; i++) {
		limited = send_all(dev);
		EXPECT_LE(AT_LEAST_US, limited);
		ASSERT_EQ(0, DEVLINK("port function rate set %s noparent",
				     self->port[i % MEMBERS]));
		alone = send_all(dev);
		EXPECT_LE(ALONE_US, alone);
		EXPECT_TRUE(sends_within(dev, AT_LEAST_US, alone));
		ASSERT_EQ(0, DEVLINK("port function rate set %s parent acme",
				     self->port[i % MEMBERS]));
		ASSERT_EQ(0, DEVLINK("port function rate set %s/acme tx_max 0",
				     self->nic));
		free = send_all(dev);
		EXPECT_TRUE(sends_within(dev, ALONE_US, free));
		TH_LOG("%ld us at 10 Mb/s, %ld us of one member, %ld us without",
		       limited, alone, free);
		ASSERT_EQ(0, DEVLINK("port function rate set %s/acme tx_max 10mbit",
				     self->nic));
	}
}

TEST_F(rate_group, is_checked)
{
	SKIP_SOFT();
	/* devlink deletes no node with leaves, and has a name once. */
	EXPECT_NE(0, DEVLINK("port function rate del %s/acme", self->nic));
	EXPECT_NE(0, DEVLINK("port function rate add %s/acme", self->nic));
	EXPECT_NE(0, DEVLINK("port function rate set %s parent other",
			     self->port[0]));
	EXPECT_NE(0, DEVLINK("port function rate set %s/acme tx_max 1500kbit",
			     self->nic));
	EXPECT_TRUE(SAYS("in whole Mb/s"));
	EXPECT_NE(0, DEVLINK("port function rate set %s/acme tx_max 300gbit",
			     self->nic));
	EXPECT_TRUE(SAYS("no maximum that high"));
	/* What is refused leaves nothing behind. */
	EXPECT_NE(0, DEVLINK("port function rate add %s/more tx_max 300gbit",
			     self->nic));
	EXPECT_NE(0, DEVLINK("port function rate show %s/more", self->nic));
	ASSERT_EQ(0, DEVLINK("port function rate show %s/acme", self->nic));
	EXPECT_TRUE(SAYS("tx_max 10Mbit"));
	ASSERT_EQ(0, DEVLINK("port function rate show %s", self->port[1]));
	EXPECT_TRUE(SAYS("parent acme"));
}

TEST_F(rate_group, numbers_have_an_end)
{
	int i, made;

	SKIP_SOFT();
	for (made = 0; made < CDNA_MAX_GROUPS; made++)
		if (DEVLINK("port function rate add %s/g%d", self->nic, made))
			break;
	EXPECT_TRUE(SAYS("All rate groups of the NIC are in use"));
	EXPECT_EQ(CDNA_MAX_GROUPS - 1, made);
	for (i = 0; i < made; i++)
		EXPECT_EQ(0, DEVLINK("port function rate del %s/g%d", self->nic,
				     i));
}

/* What contexts of a group can count on, its maximum has to leave them. */
TEST_F(rate_group, has_room_for_its_minima)
{
	const char *uuid = self->dev[0].uuid, *other = self->dev[1].uuid;

	SKIP_SOFT();
	/* devlink's program does not send that, either. */
	EXPECT_NE(0, DEVLINK("port function rate set %s/acme tx_share 11mbit",
			     self->nic));
	EXPECT_EQ(-EINVAL, vdev_set(uuid, "tx_min_mbps", "11"));
	EXPECT_EQ(0, vdev_set(uuid, "tx_min_mbps", "6"));
	EXPECT_EQ(-EINVAL, vdev_set(other, "tx_min_mbps", "5"));
	EXPECT_EQ(0, vdev_set(other, "tx_min_mbps", "4"));
	EXPECT_NE(0, DEVLINK("port function rate set %s/acme tx_max 9mbit",
			     self->nic));
	EXPECT_TRUE(SAYS("below the minima of its contexts"));
	/* One that comes brings its own. */
	ASSERT_EQ(0, DEVLINK("port function rate set %s noparent",
			     self->port[1]));
	EXPECT_EQ(0, vdev_set(other, "tx_min_mbps", "5"));
	EXPECT_NE(0, DEVLINK("port function rate set %s parent acme",
			     self->port[1]));
	EXPECT_TRUE(SAYS("below the minima of its contexts"));
	ASSERT_EQ(0, DEVLINK("port function rate show %s", self->port[1]));
	EXPECT_EQ(NULL, strstr(self->text, "parent"));
	/* Without a maximum there is room. */
	ASSERT_EQ(0, DEVLINK("port function rate set %s/acme tx_max 0",
			     self->nic));
	EXPECT_EQ(0, DEVLINK("port function rate set %s parent acme",
			     self->port[1]));
}

/* What a group and its contexts can count on, the wire has to carry once. */
TEST_F(rate_group, is_not_promised_twice)
{
	struct vdev *dev = self->dev;
	long speed;

	SKIP_SOFT();
	speed = vdev_read(&dev[0], CDNA_VREG_SPEED);
	if (!speed)
		SKIP(return, "the NIC does not know the speed of its wire");
	ASSERT_EQ(0, DEVLINK("port function rate set %s noparent",
			     self->port[1]));
	/* iproute2 sends the minimum first. */
	ASSERT_EQ(0, DEVLINK("port function rate set %s/acme tx_max %ldmbit",
			     self->nic, speed));
	ASSERT_EQ(0, DEVLINK("port function rate set %s/acme tx_share %ldmbit",
			     self->nic, speed - 10));
	EXPECT_EQ(0, vdev_set(dev[0].uuid, "tx_min_mbps", "20"));
	EXPECT_EQ(0, vdev_set(dev[1].uuid, "tx_min_mbps", "10"));
	EXPECT_EQ(-EINVAL, vdev_set(dev[1].uuid, "tx_min_mbps", "11"));
	/* Outside of the group, its minimum would come on top. */
	EXPECT_NE(0, DEVLINK("port function rate set %s noparent",
			     self->port[0]));
	EXPECT_TRUE(SAYS("cannot keep all minima"));
	EXPECT_EQ(0, vdev_set(dev[0].uuid, "tx_min_mbps", "0"));
	EXPECT_EQ(0, DEVLINK("port function rate set %s noparent",
			     self->port[0]));
}

/* As after a death: with the driver, groups end, and contexts. */
TEST_F(rate_group, ends_with_the_driver)
{
	char nic[32];
	int i;

	SKIP_SOFT();
	nic_name(nic, sizeof(nic));
	for (i = 0; i < MEMBERS; i++)
		ASSERT_EQ(0, vdev_delete(&self->dev[i]));
	ASSERT_EQ(0, DEVLINK("port function rate add %s/more tx_max 5mbit",
			     self->nic));
	ASSERT_EQ(0, nic_rebind(nic));
	EXPECT_NE(0, DEVLINK("port function rate show %s/acme", self->nic));
	EXPECT_NE(0, DEVLINK("port function rate show %s/more", self->nic));
	/* The NIC has forgotten them as well, and starts over. */
	EXPECT_EQ(0, DEVLINK("port function rate add %s/acme", self->nic));
	for (i = 0; i < MEMBERS; i++)
		ASSERT_EQ(0, vdev_new(&self->dev[i], 0xb0 + i));
	ASSERT_TRUE(start_all(self->dev));
	EXPECT_TRUE(sends_within(self->dev, ALONE_US, send_all(self->dev)));
}

TEST_F(rate_group, a_softnic_says_why_not)
{
	if (!vdev_is_soft())
		SKIP(return, "for a softnic");
	EXPECT_NE(0, DEVLINK("port function rate add %s/acme", self->nic));
	EXPECT_TRUE(SAYS("no scheduler for groups"));
	EXPECT_NE(0, DEVLINK("port function rate add %s/acme tx_max 10mbit",
			     self->nic));
	EXPECT_TRUE(SAYS("no scheduler for groups"));
	EXPECT_NE(0, DEVLINK("port function rate add %s/acme tx_share 10mbit",
			     self->nic));
	EXPECT_TRUE(SAYS("no scheduler for groups"));
	EXPECT_NE(0, DEVLINK("port function rate show %s/acme", self->nic));
}

TEST_HARNESS_MAIN
