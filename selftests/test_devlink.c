// SPDX-License-Identifier: GPL-2.0-only
/*
 * What administrators see and do with devlink: information, a port for each
 * context, and the health of protection.
 */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cdna/version.h>

#include "kselftest_harness.h"
#include "run_devlink.h"
#include "vdev.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

FIXTURE(devlink) {
	struct vdev dev;	/* created, not opened */
	char nic[64];		/* its NIC, as devlink names it */
	char port[80];
	char text[8192];
	bool is_open;
};

FIXTURE_SETUP(devlink)
{
	char path[PATH_MAX], real[PATH_MAX], context[16];

	vdev_uuid(self->dev.uuid, 0x60);
	ASSERT_EQ(0, vdev_create(self->dev.uuid));
	self->is_open = false;
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s",
		 self->dev.uuid);
	ASSERT_NE(NULL, realpath(path, real));
	snprintf(self->nic, sizeof(self->nic), "pci/%s",
		 basename(dirname(real)));
	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "context", context,
			       sizeof(context)));
	snprintf(self->port, sizeof(self->port), "%s/%s", self->nic, context);
}

FIXTURE_TEARDOWN(devlink)
{
	if (self->is_open)
		vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static int open_it(struct vdev *dev, bool *is_open)
{
	char uuid[sizeof(dev->uuid)];
	int ret;

	memcpy(uuid, dev->uuid, sizeof(uuid));
	ret = vdev_open(dev, uuid);
	*is_open = !ret;
	return ret;
}

TEST_F(devlink, information)
{
	ASSERT_EQ(0, DEVLINK("-j dev info %s", self->nic));
	EXPECT_TRUE(SAYS("\"driver\":\"cdna_mdev\""));
	EXPECT_TRUE(SAYS("\"fw\":\"" CDNA_VERSION "\""));
	EXPECT_TRUE(SAYS("\"fw.mgmt.api\":\"1."));
}

TEST(module_version)
{
	char version[32] = "";
	FILE *file = fopen("/sys/module/cdna_mdev/version", "r");

	ASSERT_NE(NULL, file);
	EXPECT_EQ(1, fscanf(file, "%31s", version));
	fclose(file);
	EXPECT_STREQ(CDNA_VERSION, version);
}

TEST_F(devlink, port_comes_and_goes)
{
	char mac[32];

	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "mac_address", mac,
			       sizeof(mac)));
	ASSERT_EQ(0, DEVLINK("port show %s", self->port));
	EXPECT_TRUE(SAYS("flavour pcisf"));
	EXPECT_TRUE(SAYS(mac));
	EXPECT_TRUE(SAYS("state active opstate detached"));

	ASSERT_EQ(0, open_it(&self->dev, &self->is_open));
	ASSERT_EQ(0, DEVLINK("port show %s", self->port));
	EXPECT_TRUE(SAYS("state active opstate attached"));
	vdev_close(&self->dev);
	self->is_open = false;

	ASSERT_EQ(0, vdev_remove(self->dev.uuid));
	EXPECT_NE(0, DEVLINK("port show %s", self->port));
	ASSERT_EQ(0, vdev_create(self->dev.uuid));
	EXPECT_EQ(0, DEVLINK("port show %s", self->port));
}

TEST_F(devlink, address_is_set)
{
	char mac[32];

	EXPECT_EQ(0, DEVLINK("port function set %s hw_addr 02:11:22:33:44:55",
			     self->port));
	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "mac_address", mac,
			       sizeof(mac)));
	EXPECT_STREQ("02:11:22:33:44:55", mac);
	ASSERT_EQ(0, DEVLINK("port show %s", self->port));
	EXPECT_TRUE(SAYS("hw_addr 02:11:22:33:44:55"));
	/* The guest sees it too. */
	ASSERT_EQ(0, open_it(&self->dev, &self->is_open));
	EXPECT_EQ(0x33221102, vdev_read(&self->dev, CDNA_VREG_MAC_LO));
	EXPECT_EQ(0x5544, vdev_read(&self->dev, CDNA_VREG_MAC_HI));
}

TEST_F(devlink, address_is_refused)
{
	char other[40], mac[32];

	EXPECT_NE(0, DEVLINK("port function set %s hw_addr 01:00:5e:00:00:01",
			     self->port));
	EXPECT_TRUE(SAYS("Give a unicast MAC address"));
	EXPECT_NE(0, DEVLINK("port function set %s hw_addr 00:00:00:00:00:00",
			     self->port));
	EXPECT_TRUE(SAYS("Give a unicast MAC address"));

	vdev_uuid(other, 0x61);
	ASSERT_EQ(0, vdev_create(other));
	EXPECT_EQ(0, vdev_attr(other, "mac_address", mac, sizeof(mac)));
	EXPECT_NE(0, DEVLINK("port function set %s hw_addr %s", self->port,
			     mac));
	EXPECT_TRUE(SAYS("choose another"));
	EXPECT_EQ(0, vdev_remove(other));

	ASSERT_EQ(0, open_it(&self->dev, &self->is_open));
	EXPECT_NE(0, DEVLINK("port function set %s hw_addr 02:11:22:33:44:56",
			     self->port));
	EXPECT_TRUE(SAYS("A guest uses the context"));
}

static long rate(struct vdev *dev, const char *name)
{
	char text[32];

	return vdev_attr(dev->uuid, name, text, sizeof(text)) ? -1 : atol(text);
}

/* The same numbers from both sides */
TEST_F(devlink, rates_are_those_of_the_attributes)
{
	struct vdev *dev = &self->dev;

	EXPECT_EQ(0, DEVLINK("port function rate set %s tx_max 100mbit tx_share 20mbit",
			     self->port));
	EXPECT_EQ(100, rate(dev, "tx_max_mbps"));
	EXPECT_EQ(20, rate(dev, "tx_min_mbps"));
	EXPECT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "50"));
	EXPECT_EQ(0, vdev_set(dev->uuid, "tx_min_mbps", "30"));
	ASSERT_EQ(0, DEVLINK("port function rate show %s", self->port));
	EXPECT_TRUE(SAYS("tx_share 30Mbit"));
	EXPECT_TRUE(SAYS("tx_max 50Mbit"));
	EXPECT_EQ(0, DEVLINK("port function rate set %s tx_share 0",
			     self->port));
	EXPECT_EQ(0, rate(dev, "tx_min_mbps"));
}

TEST_F(devlink, rates_are_refused)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, vdev_set(dev->uuid, "tx_max_mbps", "50"));
	EXPECT_NE(0, DEVLINK("port function rate set %s tx_max 1500kbit",
			     self->port));
	EXPECT_TRUE(SAYS("in whole Mb/s"));
	EXPECT_NE(0, DEVLINK("port function rate set %s tx_max 300gbit",
			     self->port));
	EXPECT_TRUE(SAYS("no maximum that high"));
	EXPECT_NE(0, DEVLINK("port function rate set %s tx_share 51mbit",
			     self->port));
	/* iproute2 refuses that itself, the kernel what comes from others. */
	EXPECT_TRUE(SAYS("tx_share"));
	EXPECT_EQ(50, rate(dev, "tx_max_mbps"));
	EXPECT_EQ(0, rate(dev, "tx_min_mbps"));
	ASSERT_EQ(0, DEVLINK("port function rate show %s", self->port));
	EXPECT_TRUE(SAYS("tx_max 50Mbit"));
}

/* I6, through devlink */
TEST_F(devlink, state_revokes_and_restores)
{
	struct vdev *dev = &self->dev;
	uint8_t peer[6];

	ASSERT_EQ(0, open_it(dev, &self->is_open));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_TRUE(vdev_peer_mac(dev, peer));

	ASSERT_EQ(0, DEVLINK("port function set %s state inactive",
			     self->port));
	EXPECT_EQ(CDNA_CTX_REVOKED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	ASSERT_EQ(0, DEVLINK("port show %s", self->port));
	EXPECT_TRUE(SAYS("state inactive opstate attached"));
	EXPECT_EQ(0, DEVLINK("port function set %s state inactive",
			     self->port));
	EXPECT_NE(CDNA_VRES_OK, vdev_start(dev));

	ASSERT_EQ(0, DEVLINK("port function set %s state active", self->port));
	EXPECT_EQ(0, DEVLINK("port function set %s state active", self->port));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
}

TEST_F(devlink, revoked_context_keeps_its_address)
{
	ASSERT_EQ(0, DEVLINK("port function set %s state inactive",
			     self->port));
	EXPECT_NE(0, DEVLINK("port function set %s hw_addr 02:11:22:33:44:57",
			     self->port));
	EXPECT_TRUE(SAYS("set its state to active first"));
	/* Two requests: in one, devlink sets the address before the state. */
	EXPECT_EQ(0, DEVLINK("port function set %s state active", self->port));
	EXPECT_EQ(0, DEVLINK("port function set %s hw_addr 02:11:22:33:44:57",
			     self->port));
}

/* Errors that the reporter has counted; its state goes to @state (16 bytes) */
static long errors_of(const char *nic, char *state)
{
	char text[1024], *at;
	long errors = -1;

	*state = '\0';
	if (run_devlink(text, sizeof(text),
			"health show %s reporter protection", nic))
		return -1;
	at = strstr(text, "state ");
	if (at)
		sscanf(at, "state %15s error %ld", state, &errors);
	return errors;
}

static bool health_becomes(const char *nic, const char *wanted)
{
	char state[16];
	int tries;

	for (tries = 0; tries < 50; tries++) {
		errors_of(nic, state);
		if (!strcmp(state, wanted))
			return true;
		usleep(100000);
	}
	return false;
}

TEST_F(devlink, firmware_is_alive)
{
	ASSERT_EQ(0, DEVLINK("-j health diagnose %s reporter firmware",
			     self->nic));
	EXPECT_TRUE(SAYS("\"state\":\"alive\""));
}

/* The reporter names context, queue, index, sequence numbers and reason. */
TEST_F(devlink, fault_is_reported)
{
	struct vdev *dev = &self->dev;
	char state[16], want[160];
	long before;

	ASSERT_TRUE(health_becomes(self->nic, "healthy"));
	before = errors_of(self->nic, state);
	ASSERT_LE(0, before);
	DEVLINK("health dump clear %s reporter protection", self->nic);

	ASSERT_EQ(0, open_it(dev, &self->is_open));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = dev->tx_prod + 1;
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(dev, TX, CDNA_QUEUE_FAULTED, 2000));
	EXPECT_TRUE(health_becomes(self->nic, "error"));
	EXPECT_LT(before, errors_of(self->nic, state));

	ASSERT_EQ(0, DEVLINK("-j health dump show %s reporter protection",
			     self->nic));
	snprintf(want, sizeof(want),
		 "\"context\":%s,\"queue_pair\":0,\"direction\":\"tx\",\"reason\":\"nic_sequence\",\"index\":%u,\"expected\":%u,\"seen\":0,\"count\":1",
		 strrchr(self->port, '/') + 1, dev->tx_prod, dev->tx_prod + 1);
	EXPECT_TRUE(SAYS(want));
	ASSERT_EQ(0, DEVLINK("-j health diagnose %s reporter protection",
			     self->nic));
	EXPECT_TRUE(SAYS("\"queues_stopped\":1"));

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_TRUE(health_becomes(self->nic, "healthy"));
	ASSERT_EQ(0, DEVLINK("-j health diagnose %s reporter protection",
			     self->nic));
	EXPECT_TRUE(SAYS("\"queues_stopped\":0"));
}

/* Faults as often as a guest can are counted, but rarely reported (I8). */
TEST_F(devlink, faults_do_not_flood)
{
	struct vdev *dev = &self->dev;
	char state[16];
	long before;
	int i;

	ASSERT_TRUE(health_becomes(self->nic, "healthy"));
	before = errors_of(self->nic, state);
	ASSERT_EQ(0, open_it(dev, &self->is_open));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
		((struct cdna_tail_page *)(dev->mem + MEM_TAILS))->tail[TX] =
			dev->tx_prod + VDEV_SLOTS + 1;
		vdev_trap(dev);
		ASSERT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, TX).state);
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	}
	EXPECT_EQ(100, vdev_stat(dev->uuid, "faults"));
	ASSERT_EQ(0, DEVLINK("-j health diagnose %s reporter protection",
			     self->nic));
	EXPECT_TRUE(SAYS("\"reason\":\"tail\""));
	EXPECT_TRUE(SAYS("\"count\":100"));
	sleep(2);
	EXPECT_LT(before, errors_of(self->nic, state));
	EXPECT_GT(before + 50, errors_of(self->nic, state));
}

TEST_HARNESS_MAIN
