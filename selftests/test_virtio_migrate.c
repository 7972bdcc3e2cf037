// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card moves: its driver does not notice. What was posted is sent once, what
 * is posted for receiving is used, and what commands have set is as it was.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio_mig.h"

#define ANNOUNCES \
	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_STATUS) | \
	 FEATURE(VIRTIO_NET_F_GUEST_ANNOUNCE))
#define BURST		32
#define PAYLOAD		1300
#define ROUNDS		12
#define MIG_GENERATION	(256 + 8 + 4 + 4 + 2 + 2 + 1)	/* in a body */
#define MIG_ISR		(MIG_GENERATION + 1)

FIXTURE(virtio_migrate) {
	struct virtio virtio;
	struct vdev *dev;
	uint8_t peer[ETH_ALEN];
	char uuid[40];
};

FIXTURE_SETUP(virtio_migrate)
{
	struct virtio *virtio = &self->virtio;

	self->dev = &virtio->dev;
	ASSERT_EQ(0, virtio_new(virtio, 0xdb));
	memcpy(self->uuid, self->dev->uuid, sizeof(self->uuid));
	ASSERT_EQ(0, virtio_start(virtio, ANNOUNCES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
}

FIXTURE_TEARDOWN(virtio_migrate)
{
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "faults"));
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

static void forget_interrupts(struct virtio *virtio)
{
	int i;

	for (i = 0; i < VIRTIO_VECTORS; i++)
		while (vdev_interrupted(&virtio->dev, i, 0))
			;
}

/* The driver goes on with the same rings, and finds all interrupts pending. */
TEST_F(virtio_migrate, goes_on)
{
	struct virtio *virtio = &self->virtio;
	uint64_t offered = virtio_offered(virtio);
	uint16_t seen, round;
	uint8_t generation;

	for (round = 0; round < 3; round++) {
		generation = virtio_get(virtio, config_generation);
		seen = virtio->queue[VIRTIO_TX].seen;
		ASSERT_EQ(0, virtio_move(virtio, self->uuid));
		EXPECT_NE(0, generation ^ virtio_get(virtio, config_generation));
		EXPECT_EQ(offered, virtio_offered(virtio));
		EXPECT_FALSE(virtio_needs_reset(virtio));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR_CONFIG,
					     2000));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR(0), 2000));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR(1), 2000));
		EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR(2), 2000));
		EXPECT_TRUE(virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG,
					offsetof(struct virtio_net_config,
						 status), 2) &
			    VIRTIO_NET_S_ANNOUNCE);
		EXPECT_TRUE(virtio_ping(virtio, self->peer, round, 100));
		EXPECT_EQ((uint16_t)(seen + 1), virtio->queue[VIRTIO_TX].seen);
		EXPECT_EQ(VIRTIO_NET_OK,
			  virtio_command(virtio, VIRTIO_NET_CTRL_ANNOUNCE,
					 VIRTIO_NET_CTRL_ANNOUNCE_ACK, "", 0));
	}
}

/* The bridge of a softnic forwards some time after the device has gone on, and what is sent
 * before is lost there.
 */
static uint8_t at_least(void)
{
	return vdev_is_soft() ? 0 : 1;
}

/* How often each echo request was answered, by its number */
static void count_replies(struct virtio *virtio, uint8_t *times, size_t all)
{
	const uint8_t *got;
	size_t len;
	uint16_t seq;

	while ((got = virtio_receive(virtio, &len, 200))) {
		if (len < 42 || got[12] != 8 || got[13] || got[23] != 1 ||
		    got[34] || got[38] != 0xcd || got[39] != 0x0a)
			continue;
		seq = got[40] << 8 | got[41];
		if (seq < all)
			times[seq]++;
	}
}

/* In the middle of a burst. What was not reported as sent before is sent afterwards, and nothing
 * is sent twice; on a NIC, a rate limit has some of it wait there.
 */
TEST_F_TIMEOUT(virtio_migrate, each_frame_once, 200)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	uint8_t times[ROUNDS * BURST] = {};
	uint32_t round, i, sent, waited = 0;
	uint16_t before;

	if (!vdev_is_soft())
		ASSERT_EQ(0, vdev_set(self->uuid, "tx_max_mbps", "1"));
	for (round = 0; round < ROUNDS; round++) {
		before = tx->prod;
		for (i = 0; i < BURST; i++)
			virtio_send(virtio, frame_ping(self->dev, self->peer,
						       virtio_frame(virtio),
						       round * BURST + i,
						       PAYLOAD));
		usleep(round * 700);
		ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
		sent = (uint16_t)(tx->used->idx - before);
		ASSERT_GE(BURST, sent);
		waited += BURST - sent;
		ASSERT_EQ(0, virtio_move(virtio, self->uuid));
		ASSERT_TRUE(virtio_sent(virtio, 2000));
		count_replies(virtio, times, sizeof(times));
		for (i = 0; i < BURST; i++)
			EXPECT_GE(1, times[round * BURST + i]);
		for (i = sent; i < BURST; i++)
			EXPECT_LE(at_least(), times[round * BURST + i]);
	}
	TH_LOG("%u of %u were sent elsewhere", waited, ROUNDS * BURST);
	if (!vdev_is_soft())
		EXPECT_LT(ROUNDS, waited);
}

/* While it is stopped, with a command that waits */
TEST_F(virtio_migrate, what_is_posted_meanwhile)
{
	struct virtio *virtio = &self->virtio;
	uint8_t times[BURST] = {};
	struct virtq *ctrl = &virtio->queue[virtio->ctrl];
	struct vring_used_elem elem;
	uint8_t *mem;
	int i;

	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	for (i = 0; i < BURST; i++)
		virtio_send(virtio, frame_ping(self->dev, self->peer,
					       virtio_frame(virtio), i, 100));
	mem = self->dev->mem + MEM_CONTROL + 16;
	mem[0] = VIRTIO_NET_CTRL_ANNOUNCE;
	mem[1] = VIRTIO_NET_CTRL_ANNOUNCE_ACK;
	virtio_command_at(virtio, 0, mem,
			  self->dev->iova + MEM_CONTROL + 16, 2);
	virtq_offer(ctrl, 0);
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	EXPECT_TRUE(virtio_sent(virtio, 2000));
	EXPECT_TRUE(virtq_used(ctrl, &elem, 2000));
	EXPECT_EQ(VIRTIO_NET_OK, self->dev->mem[MEM_CONTROL + 15]);
	count_replies(virtio, times, sizeof(times));
	for (i = 0; i < BURST; i++) {
		EXPECT_LE(at_least(), times[i]);
		EXPECT_GE(1, times[i]);
	}
}

/* Interrupts come as the driver asked for them, not more. */
TEST_F(virtio_migrate, events_as_negotiated)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	int i;

	virtq_used_event(tx, tx->prod + 3);
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	forget_interrupts(virtio);
	for (i = 0; i < 4; i++) {
		EXPECT_FALSE(vdev_interrupted(self->dev, VIRTIO_VECTOR(1), 50));
		virtio_send(virtio, frame_arp(self->dev, virtio_frame(virtio),
					      PEER_IP));
		EXPECT_TRUE(virtio_sent(virtio, 2000));
	}
	EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR(1), 2000));
}

/* What a device is before its driver is ready, and where it moves before it has gone on */
TEST_F(virtio_migrate, in_any_state)
{
	uint8_t first[MIG_VIRTIO], again[MIG_VIRTIO];
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(MIG_VIRTIO, mig_save(self->dev, first, MIG_VIRTIO));
	ASSERT_EQ(0, virtio_arrive(virtio, self->uuid, first));
	ASSERT_EQ(MIG_VIRTIO, mig_save(self->dev, again, MIG_VIRTIO));
	EXPECT_EQ(0, memcmp(first, again, MIG_VIRTIO));
	ASSERT_EQ(0, virtio_arrive(virtio, self->uuid, again));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));

	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	EXPECT_EQ(0, virtio_get(virtio, device_status));
	ASSERT_TRUE(virtio_negotiate(virtio, ANNOUNCES));
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	ASSERT_EQ(0, virtio_start(virtio, ANNOUNCES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 2, 100));
}

#define COMMANDED \
	(ANNOUNCES | FEATURE(VIRTIO_NET_F_CTRL_RX) | \
	 FEATURE(VIRTIO_NET_F_CTRL_RX_EXTRA) | \
	 FEATURE(VIRTIO_NET_F_CTRL_MAC_ADDR) | FEATURE(VIRTIO_NET_F_MQ) | \
	 FEATURE(VIRTIO_NET_F_RSS) | FEATURE(VIRTIO_NET_F_NOTF_COAL))
#define TABLE	128	/* entries */
#define KEY	40	/* bytes */

static int scale(struct virtio *virtio)
{
	uint8_t data[8 + 2 * TABLE + 3 + KEY] = { 0x3f, 0, 0, 0, TABLE - 1 };
	int i;

	for (i = 0; i < TABLE; i++)
		data[8 + 2 * i] = i % virtio->most;
	data[8 + 2 * TABLE] = 1;
	data[8 + 2 * TABLE + 2] = KEY;
	memset(data + 8 + 2 * TABLE + 3, 0x5a, KEY);
	return virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
			      VIRTIO_NET_CTRL_MQ_RSS_CONFIG, data, sizeof(data));
}

/* All that commands can set, in two steps, as the second of one excludes the first */
static void command_all(struct __test_metadata *_metadata,
			struct virtio *virtio, int step)
{
	const uint8_t mac[ETH_ALEN] = { 0x52, 0x54, 0, 0xa1, 0xb2, 0xc3 };
	const struct virtio_net_ctrl_coal coal = { 10 + step, 50 + step };
	const uint8_t on = 1, off = 0;
	const uint16_t pairs = virtio->most;

	EXPECT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_RX,
				 VIRTIO_NET_CTRL_RX_PROMISC, &off, 1));
	EXPECT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_RX,
				 VIRTIO_NET_CTRL_RX_ALLMULTI, &on, 1));
	EXPECT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_NOTF_COAL,
				 VIRTIO_NET_CTRL_NOTF_COAL_RX_SET, &coal,
				 sizeof(coal)));
	EXPECT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
				 VIRTIO_NET_CTRL_MAC_ADDR_SET, mac, ETH_ALEN));
	if (step) {
		EXPECT_EQ(VIRTIO_NET_OK, scale(virtio));
		return;
	}
	EXPECT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
				 VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, &pairs, 2));
}

/* What differs in a device that has gone on: news of its configuration */
static void forget_news(uint8_t *stream)
{
	stream[MIG_HEADER + MIG_GENERATION] = 0;
	stream[MIG_HEADER + MIG_ISR] = 0;
}

TEST_F(virtio_migrate, what_commands_have_set)
{
	uint8_t here[MIG_VIRTIO], there[MIG_VIRTIO];
	struct virtio *virtio = &self->virtio;
	int step;

	vdev_close(self->dev);
	ASSERT_EQ(0, vdev_set(self->uuid, "guest_mac", "on"));
	ASSERT_EQ(0, virtio_open_in(virtio, self->uuid, -1));
	for (step = 0; step < 2; step++) {
		ASSERT_EQ(0, virtio_start(virtio, COMMANDED));
		virtio_fill(virtio, VIRTIO_SIZE / 2);
		command_all(_metadata, virtio, step);
		ASSERT_EQ(MIG_VIRTIO, mig_save(self->dev, here, MIG_VIRTIO));
		ASSERT_EQ(0, virtio_arrive(virtio, self->uuid, here));
		ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
		EXPECT_FALSE(virtio_needs_reset(virtio));
		EXPECT_EQ(0x52, virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG,
					    0, 1));
		ASSERT_EQ(MIG_VIRTIO, mig_save(self->dev, there, MIG_VIRTIO));
		ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
		forget_news(here);
		forget_news(there);
		EXPECT_EQ(0, memcmp(here, there, MIG_VIRTIO));
		command_all(_metadata, virtio, 1 - step);
	}
	/* Where a guest may not choose, one that has does not arrive. */
	vdev_close(self->dev);
	ASSERT_EQ(0, vdev_set(self->uuid, "guest_mac", "off"));
	ASSERT_EQ(0, virtio_open_in(virtio, self->uuid, -1));
	EXPECT_EQ(-EOPNOTSUPP, mig_load(self->dev, here, MIG_HEADER, MIG_HEADER));
	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_RESET));
}

/* Its driver may be waiting for an answer. */
TEST_F(virtio_migrate, that_needs_a_reset)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "revoked"));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "configured"));
	ASSERT_EQ(0, virtio_move(virtio, self->uuid));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_TRUE(vdev_interrupted(self->dev, VIRTIO_VECTOR_CONFIG, 2000));
	EXPECT_EQ(VIRTIO_NET_ERR,
		  virtio_command(virtio, VIRTIO_NET_CTRL_ANNOUNCE,
				 VIRTIO_NET_CTRL_ANNOUNCE_ACK, "", 0));
	ASSERT_EQ(0, virtio_start(virtio, ANNOUNCES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

/* From a softnic to a NIC and back */
TEST_F(virtio_migrate, to_another_provider)
{
	struct virtio *virtio = &self->virtio;
	char mac[32], there[40];

	if (!vdev_is_soft())
		SKIP(return, "there is one provider only");
	ASSERT_EQ(0, vdev_attr(self->uuid, "mac_address", mac, sizeof(mac)));
	vdev_uuid(there, 0xdc);
	ASSERT_EQ(0, unsetenv("PROVIDER"));
	ASSERT_EQ(0, vdev_create_virtio(there));
	ASSERT_EQ(0, vdev_set(there, "mac_address", mac));
	EXPECT_EQ(0, virtio_move(virtio, there));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	/* Another wire: nobody answers who has the address of this peer. */
	virtio_send(virtio, frame_arp(self->dev, virtio_frame(virtio), PEER_IP));
	EXPECT_TRUE(virtio_sent(virtio, 2000));
	ASSERT_EQ(0, setenv("PROVIDER", "softnic", 1));
	EXPECT_EQ(0, virtio_move(virtio, self->uuid));
	EXPECT_EQ(0, vdev_remove(there));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
