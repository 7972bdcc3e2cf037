// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC that refuses to stop: nobody knows what it still uses, so it is declared
 * dead and cut off before a page is unpinned. cdna_refuser.ko makes it refuse.
 */
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "mig.h"
#include "nic.h"
#include "trace.h"
#include "vdev.h"

#define REASON	"dead: it refuses to stop a queue or a context"
#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

FIXTURE(refusal) {
	struct vdev dev;
	char nic[64];
	uint8_t peer[6];
};

FIXTURE_SETUP(refusal)
{
	ASSERT_EQ(0, nic_load_refuser());
	ASSERT_EQ(0, nic_refuse(0));
	nic_name(self->nic, sizeof(self->nic));
	ASSERT_EQ(0, vdev_new(&self->dev, 0x90));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	ASSERT_EQ(0, trace_clear());
	ASSERT_EQ(0, trace_put("events/cdna/cdna_death/enable", "1"));
	ASSERT_EQ(0, trace_put("events/cdna/cdna_unpin/enable", "1"));
}

/* The driver makes a NIC that only refused as good as new. */
FIXTURE_TEARDOWN(refusal)
{
	uint8_t peer[6];

	trace_put("events/cdna/enable", "0");
	EXPECT_EQ(0, nic_refuse(0));
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
	EXPECT_EQ(0, nic_rebind(self->nic));
	EXPECT_TRUE(nic_is(self->nic, "alive"));
	ASSERT_EQ(0, vdev_new(&self->dev, 0x90));
	EXPECT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	EXPECT_TRUE(vdev_peer_mac(&self->dev, peer));
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

/* No page was unpinned before the NIC was cut off. */
static void expect_death(struct __test_metadata *_metadata, const char *nic,
			 struct vdev *dev)
{
	const char *text, *death, *unpin;
	char state[16];

	EXPECT_TRUE(nic_is(nic, REASON));
	EXPECT_EQ(0, vdev_attr(dev->uuid, "state", state, sizeof(state)));
	EXPECT_STREQ("dead", state);
	vdev_close(dev);
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	text = trace_read();
	ASSERT_NE(NULL, text);
	death = strstr(text, "cdna_death: ");
	unpin = strstr(text, "cdna_unpin: ");
	ASSERT_NE(NULL, death);
	ASSERT_NE(NULL, unpin);
	EXPECT_LT(death, unpin);
}

TEST_F(refusal, of_a_destroy)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_QUEUE_DESTROY));
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, TX);
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	expect_death(_metadata, self->nic, dev);
}

TEST_F(refusal, of_a_destroy_by_unmap)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_QUEUE_DESTROY));
	EXPECT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	expect_death(_metadata, self->nic, dev);
}

TEST_F(refusal, of_a_reset)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_RESET));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	expect_death(_metadata, self->nic, dev);
}

TEST_F(refusal, of_a_revoke)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_REVOKE));
	EXPECT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	expect_death(_metadata, self->nic, dev);
}

/* What the last guest stored into its page would be left to the next. */
TEST_F(refusal, of_a_release)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_RELEASE));
	vdev_close(dev);
	EXPECT_TRUE(nic_is(self->nic, REASON));
}

/* Then the NIC does not keep a status page that the host has unpinned. */
TEST_F(refusal, of_the_filter_of_a_new_context)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(0, nic_refuse(CDNA_CMD_SET_FILTER));
	EXPECT_EQ(CDNA_VRES_NIC, vdev_start(dev));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_TRUE(nic_is(self->nic, "alive"));
	/* To the NIC it is not active either. */
	ASSERT_EQ(0, nic_refuse(0));
	EXPECT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

/* What the queues had is released without the guest: nobody else uses it. */
static void expect_stopped(struct __test_metadata *_metadata, const char *nic,
			   struct vdev *dev)
{
	int tries = 150;

	EXPECT_EQ(CDNA_CTX_FAULTED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	while (vdev_stat(dev->uuid, "pins_now") && --tries)
		usleep(100000);
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	EXPECT_TRUE(nic_is(nic, "alive"));
	ASSERT_EQ(0, nic_refuse(0));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_OK, vdev_start(dev));
}

TEST_F(refusal, of_a_pause)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_QUIESCE));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	expect_stopped(_metadata, self->nic, dev);
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_F(refusal, to_go_on)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_RESUME));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	expect_stopped(_metadata, self->nic, dev);
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
