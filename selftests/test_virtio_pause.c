// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card whose machine is stopped: it does nothing, goes on where it was,
 * and then has its driver announce the machine's addresses, if that can.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "klog.h"
#include "mig.h"
#include "virtio.h"

#define ANNOUNCES \
	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_STATUS) | \
	 FEATURE(VIRTIO_NET_F_GUEST_ANNOUNCE))
#define BURST		32
#define ROUNDS		40
#define QUIET_MS	100	/* in which a device that runs would have done it */

FIXTURE(pause) {
	struct virtio virtio;
	struct vdev *dev;
	uint8_t peer[ETH_ALEN];
};

static int start(struct virtio *virtio, uint64_t features)
{
	int ret = virtio_start(virtio, features);

	if (!ret)
		virtio_fill(virtio, VIRTIO_SIZE / 2);
	return ret;
}

/* The bridge of a softnic may be about to say that it has a carrier. */
static void forget_events(struct virtio *virtio)
{
	while (vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG, QUIET_MS))
		;
	virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1);
}

FIXTURE_SETUP(pause)
{
	struct virtio *virtio = &self->virtio;

	self->dev = &virtio->dev;
	ASSERT_EQ(0, virtio_new(virtio, 0xda));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	forget_events(virtio);
}

FIXTURE_TEARDOWN(pause)
{
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev->uuid));
}

static uint16_t status(struct virtio *virtio)
{
	return virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG,
			   offsetof(struct virtio_net_config, status), 2);
}

static bool is_asked(struct virtio *virtio)
{
	return status(virtio) & VIRTIO_NET_S_ANNOUNCE;
}

static int acknowledge(struct virtio *virtio)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_ANNOUNCE,
			      VIRTIO_NET_CTRL_ANNOUNCE_ACK, "", 0);
}

/* Stop the machine, and have it go on. */
static int blink(struct vdev *dev)
{
	int ret = mig_go(dev, MIG_STOP, NULL);

	return ret ? ret : mig_go(dev, MIG_RUNNING, NULL);
}

TEST_F(pause, asks_for_announcements)
{
	struct virtio *virtio = &self->virtio;
	uint8_t generation;
	int round;

	EXPECT_EQ(VIRTIO_NET_S_LINK_UP, status(virtio));
	for (round = 0; round < 3; round++) {
		generation = virtio_get(virtio, config_generation);
		ASSERT_EQ(0, mig_go(self->dev, round ? MIG_P2P : MIG_STOP, NULL));
		EXPECT_FALSE(is_asked(virtio));
		EXPECT_FALSE(vdev_interrupted(self->dev, VIRTIO_VECTOR_CONFIG,
					      0));
		ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
		EXPECT_EQ(VIRTIO_NET_S_LINK_UP | VIRTIO_NET_S_ANNOUNCE,
			  status(virtio));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR_CONFIG,
					     2000));
		EXPECT_EQ(VIRTIO_PCI_ISR_CONFIG,
			  virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1));
		EXPECT_NE(generation, virtio_get(virtio, config_generation));
		EXPECT_TRUE(virtio_ping(virtio, self->peer, round, 100));
		EXPECT_TRUE(is_asked(virtio));
		EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
		EXPECT_EQ(VIRTIO_NET_S_LINK_UP, status(virtio));
	}
	/* However often it was stopped meanwhile */
	ASSERT_EQ(0, blink(self->dev));
	ASSERT_EQ(0, blink(self->dev));
	EXPECT_TRUE(is_asked(virtio));
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "faults"));
}

TEST_F(pause, wrong_acknowledgements)
{
	struct virtio *virtio = &self->virtio;
	const uint8_t data[16] = {};
	size_t i;

	ASSERT_EQ(0, blink(self->dev));
	for (i = 1; i < sizeof(data); i++)
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_ANNOUNCE,
					 VIRTIO_NET_CTRL_ANNOUNCE_ACK, data, i));
	for (i = 1; i < 256; i++)
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_ANNOUNCE, i,
					 "", 0));
	EXPECT_TRUE(is_asked(virtio));
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
}

/* What the driver has not read, it does not acknowledge; other fields do not count. */
TEST_F(pause, is_read_before)
{
	const uint32_t at = offsetof(struct virtio_net_config, status);
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, blink(self->dev));
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, 0, 4);
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, at - 2, 2);
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, at + 1, 1);
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, at + 2, 2);
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_TRUE(is_asked(virtio));
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
	/* By its byte, and with the field before */
	ASSERT_EQ(0, blink(self->dev));
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, at, 1);
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
	ASSERT_EQ(0, blink(self->dev));
	virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, at - 2, 4);
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
}

/* Its machine is stopped and goes on. Return: whether it works, and hears nothing of that */
static bool is_left_alone(struct virtio *virtio, const uint8_t *peer)
{
	forget_events(virtio);
	return !blink(&virtio->dev) && !is_asked(virtio) &&
	       !vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG,
				 QUIET_MS) &&
	       virtio_ping(virtio, peer, 1, 100);
}

/* A driver that cannot is not disturbed. */
TEST_F(pause, without_the_feature)
{
	struct virtio *virtio = &self->virtio;

	EXPECT_TRUE(virtio_offered(virtio) &
		    FEATURE(VIRTIO_NET_F_GUEST_ANNOUNCE));
	ASSERT_EQ(0, start(virtio, VIRTIO_CONTROLLED));
	EXPECT_TRUE(is_left_alone(virtio, self->peer));
	EXPECT_EQ(VIRTIO_NET_ERR, acknowledge(virtio));
	/* It has no field in which it could read it. */
	ASSERT_EQ(0, start(virtio, ANNOUNCES & ~FEATURE(VIRTIO_NET_F_STATUS)));
	EXPECT_TRUE(is_left_alone(virtio, self->peer));
	/* Nobody could acknowledge it. */
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_FALSE(virtio_negotiate(virtio, ANNOUNCES &
				      ~FEATURE(VIRTIO_NET_F_CTRL_VQ)));
}

TEST_F(pause, reset_forgets_it)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, blink(self->dev));
	EXPECT_TRUE(is_asked(virtio));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_FALSE(is_asked(virtio));
	/* Before it has a driver */
	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_TRUE(virtio_negotiate(virtio, ANNOUNCES));
	ASSERT_EQ(0, blink(self->dev));
	EXPECT_FALSE(is_asked(virtio));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

/* A machine that is stopped does not do this; its monitor could. */
TEST_F(pause, reset_while_stopped)
{
	struct virtio *virtio = &self->virtio;
	int log = klog_open();

	ASSERT_LE(0, log);
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	EXPECT_EQ(-EIO, virtio_start(virtio, ANNOUNCES));
	EXPECT_EQ(1, klog_lines(log, "cannot be used: its machine is stopped"));
	close(log);
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_FALSE(is_asked(virtio));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));

	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(MIG_RUNNING, mig_state(self->dev));
	vdev_master(self->dev, true);
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 2, 100));
}

/* A migration that ends in any state, and leaves the machine here */
TEST_F(pause, migration_that_fails)
{
	static const uint32_t states[] = {
		MIG_PRE, MIG_PRE_P2P, MIG_STOP_COPY,
	};
	struct virtio *virtio = &self->virtio;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_EQ(0, mig_go(self->dev, states[i], NULL));
		EXPECT_EQ(states[i], mig_state(self->dev));
		ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
		EXPECT_TRUE(virtio_ping(virtio, self->peer, i, 100));
	}
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

/* Nothing is done, and no memory of the guest is written, before it goes on. */
TEST_F(pause, what_is_posted_meanwhile_waits)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *ctrl = &virtio->queue[virtio->ctrl];
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	uint8_t *mem = virtio->dev.mem + MEM_CONTROL + 16;
	struct vring_used_elem elem;
	uint16_t sent;
	int round;

	for (round = 0; round < 4; round++) {
		ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
		sent = tx->used->idx;
		virtio_send(virtio, frame_arp(self->dev, virtio_frame(virtio),
					      PEER_IP));
		virtq_notify(virtio, tx);
		mem[0] = VIRTIO_NET_CTRL_ANNOUNCE;
		mem[1] = VIRTIO_NET_CTRL_ANNOUNCE_ACK;
		virtio_command_at(virtio, 0, mem,
				  virtio->dev.iova + MEM_CONTROL + 16, 2);
		virtq_offer(ctrl, 0);
		virtq_notify(virtio, ctrl);
		EXPECT_FALSE(virtq_used(ctrl, &elem, QUIET_MS));
		EXPECT_EQ(0xff, mem[-1]);
		EXPECT_EQ(sent, tx->used->idx);
		ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
		ASSERT_TRUE(virtq_used(ctrl, &elem, 2000));
		EXPECT_EQ(VIRTIO_NET_OK, mem[-1]);
		/* It is not about the announcement that is due since. */
		EXPECT_TRUE(is_asked(virtio));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR_CONFIG,
					     2000));
		EXPECT_TRUE(virtio_sent(virtio, 2000));
		EXPECT_TRUE(virtio_ping(virtio, self->peer, round, 100));
	}
	EXPECT_EQ(VIRTIO_NET_OK, acknowledge(virtio));
	EXPECT_FALSE(is_asked(virtio));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "faults"));
}

/* Return: how many answers to echo requests have come, in order, each once; or -1 */
static int take_replies(struct virtio *virtio, uint16_t first)
{
	uint16_t next = first, seq;
	const uint8_t *got;
	int n = 0;
	size_t len;

	while ((got = virtio_receive(virtio, &len, n < BURST ? 100 : 0))) {
		if (len < 42 || got[12] != 8 || got[13] || got[23] != 1 ||
		    got[34] || got[38] != 0xcd || got[39] != 0x0a)
			continue;
		seq = got[40] << 8 | got[41];
		if ((uint16_t)(seq - next) >= BURST)
			return -1;
		next = seq + 1;
		n++;
	}
	return n;
}

/* Each frame is sent, and its buffer used, whenever the machine stops. What the peer answers
 * meanwhile may be dropped.
 */
TEST_F_TIMEOUT(pause, what_was_posted_is_sent, 120)
{
	struct virtio *virtio = &self->virtio;
	uint32_t round, i;
	int n, all = 0;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < BURST; i++)
			virtio_send(virtio, frame_ping(self->dev, self->peer,
						       virtio_frame(virtio),
						       round * BURST + i, 100));
		usleep(round * 50);
		ASSERT_EQ(0, blink(self->dev));
		ASSERT_TRUE(virtio_sent(virtio, 2000));
		n = take_replies(virtio, round * BURST);
		ASSERT_LE(0, n);
		all += n;
	}
	TH_LOG("%d of %u were answered", all, ROUNDS * BURST);
	EXPECT_LT(0, all);
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "faults"));
}

/* A device that needs a reset cannot send anything, either. */
TEST_F(pause, revoked_meanwhile)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, blink(self->dev));
	EXPECT_TRUE(is_asked(virtio));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	ASSERT_EQ(0, vdev_set(self->dev->uuid, "state", "revoked"));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, status(virtio));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	ASSERT_EQ(0, vdev_set(self->dev->uuid, "state", "configured"));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_FALSE(is_asked(virtio));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

TEST_F(pause, memory_taken_away_meanwhile)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, blink(self->dev));
	EXPECT_TRUE(is_asked(virtio));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	EXPECT_EQ(0, vdev_unmap(self->dev, VDEV_IOVA, VDEV_MEMORY));
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	ASSERT_EQ(0, vdev_map(self->dev, self->dev->mem, VDEV_IOVA, VDEV_MEMORY,
			      VFIO_DMA_MAP_FLAG_READ |
			      VFIO_DMA_MAP_FLAG_WRITE));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_FALSE(is_asked(virtio));
	ASSERT_EQ(0, start(virtio, ANNOUNCES));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
