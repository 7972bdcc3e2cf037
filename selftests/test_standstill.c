// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device whose machine is stopped is paused, and goes on where it was: nothing
 * that it had accepted is lost, and no memory of the guest is written meanwhile.
 */
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "mig.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX	CDNA_VQUEUE(0, CDNA_DIR_RX)

FIXTURE(standstill) {
	struct vdev dev;
	uint8_t peer[6];
};

FIXTURE_SETUP(standstill)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xd0));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
}

FIXTURE_TEARDOWN(standstill)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

/* Post an echo request, whose answer will come to buffer @seq. */
static void post_ping(struct vdev *dev, const uint8_t *peer, uint16_t seq)
{
	size_t at = MEM_TX_BUF + seq % 64 * MEM_BUF;
	size_t len = frame_ping(dev, peer, dev->mem + at, seq, 100);

	vdev_post_tx(dev, VDEV_IOVA + at, len, CDNA_DESC_EOP);
}

/* Answers to requests from @first on, in order, each once. Return: how many */
static uint32_t take_replies(struct vdev *dev, uint16_t first, uint16_t count,
			     int ms)
{
	struct cdna_rx_completion comp;
	uint16_t next = first;
	const uint8_t *got;
	uint32_t n = 0;
	uint16_t seq;

	while (n < count && vdev_rx_next(dev, &comp, ms)) {
		got = vdev_rx_buf(dev, comp.index);
		seq = got[40] << 8 | got[41];
		if (comp.len >= 42 && got[12] == 8 && !got[13] &&
		    got[23] == 1 && !got[34] && got[38] == 0xcd &&
		    got[39] == 0x0a) {
			if ((uint16_t)(seq - next) >= count)
				return ~0u;
			next = seq + 1;
			n++;
		}
		vdev_repost(dev);
	}
	return n;
}

TEST_F(standstill, all_states_there_are)
{
	static const uint32_t way[] = {
		MIG_P2P, MIG_RUNNING, MIG_STOP, MIG_P2P, MIG_PRE_P2P, MIG_PRE,
		MIG_PRE_P2P, MIG_STOP_COPY, MIG_STOP, MIG_STOP_COPY,
		MIG_RUNNING, MIG_PRE, MIG_STOP_COPY, MIG_RUNNING, MIG_PRE_P2P,
		MIG_RUNNING,
	};
	struct vdev *dev = &self->dev;
	size_t i;

	EXPECT_EQ(VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P |
		  VFIO_MIGRATION_PRE_COPY, mig_flags(dev));
	EXPECT_EQ(MIG_RUNNING, mig_state(dev));
	for (i = 0; i < ARRAY_SIZE(way); i++) {
		ASSERT_EQ(0, mig_go(dev, way[i], NULL)) {
			TH_LOG("step %zu", i);
		}
		EXPECT_EQ(way[i], mig_state(dev));
	}
	EXPECT_NE(0, mig_go(dev, VFIO_DEVICE_STATE_ERROR, NULL));
	EXPECT_NE(0, mig_go(dev, 1000, NULL));
	EXPECT_EQ(MIG_RUNNING, mig_state(dev));
	EXPECT_EQ(CDNA_CTX_ACTIVE, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

/* By the trap, the mailbox, or neither: it has no effect before the device goes on. */
TEST_F(standstill, what_is_posted_meanwhile_waits)
{
	struct vdev *dev = &self->dev;
	struct cdna_qp_status status;
	uint32_t accepted, round;

	for (round = 0; round < 6; round++) {
		ASSERT_TRUE(vdev_ping(dev, self->peer, round, 64));
		ASSERT_EQ(0, mig_go(dev, round & 1 ? MIG_STOP : MIG_P2P, NULL));
		accepted = vdev_report(dev, TX).accepted;
		memcpy(&status, vdev_status(dev), sizeof(status));
		post_ping(dev, self->peer, 1000 + round);
		if (round % 3)
			vdev_trap(dev);
		if (round % 3 == 2)
			vdev_ring(dev);
		usleep(100000);
		EXPECT_EQ(accepted, vdev_report(dev, TX).accepted);
		EXPECT_EQ(0, memcmp(&status, vdev_status(dev), sizeof(status)));

		ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
		EXPECT_EQ(accepted + 1, vdev_report(dev, TX).accepted);
		if (round % 3 != 2)
			vdev_ring(dev);
		EXPECT_EQ(1, take_replies(dev, 1000 + round, 1, 2000));
		vdev_trap(dev);
		vdev_ring(dev);
	}
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* What was posted before is sent, once and in order, whenever the machine stops. What
 * the peer answers then may be dropped: a ring that is paused takes nothing.
 */
TEST_F(standstill, what_was_posted_is_sent)
{
	struct vdev *dev = &self->dev;
	uint32_t round, i, n, all = 0;

	for (round = 0; round < 40; round++) {
		for (i = 0; i < 32; i++)
			post_ping(dev, self->peer, i);
		vdev_trap(dev);
		vdev_ring(dev);
		usleep(round * 100);
		ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
		ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
		ASSERT_TRUE(vdev_tx_done(dev, 2000));
		n = take_replies(dev, 0, 32, 200);
		ASSERT_GE(32, n);
		all += n;
		vdev_trap(dev);
		vdev_ring(dev);
	}
	EXPECT_LT(0, all);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, RX).state);
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

TEST_F(standstill, commands_wait_but_for_a_reset)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, RX);
	EXPECT_EQ(CDNA_VRES_BAD_STATE,
		  vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_command(dev, CDNA_VCMD_FILTER));
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, vdev_activate(dev));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_F(standstill, revoked_meanwhile)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_CTX_REVOKED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

/* I9 holds whether it runs or not. */
TEST_F(standstill, memory_taken_away_meanwhile)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	EXPECT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	ASSERT_EQ(0, vdev_map(dev, dev->mem, VDEV_IOVA, VDEV_MEMORY,
			      VFIO_DMA_MAP_FLAG_READ |
			      VFIO_DMA_MAP_FLAG_WRITE));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_CTX_FAULTED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

static void *unmap_all(void *arg)
{
	return (void *)(long)vdev_unmap(arg, VDEV_IOVA, VDEV_MEMORY);
}

/* The thread that unmaps does not wait for ever for those that trap. */
TEST_F(standstill, memory_taken_away_as_it_goes_on)
{
	struct vdev *dev = &self->dev;
	pthread_t thread;
	void *ret;
	int round, i;

	for (round = 0; round < 40; round++) {
		ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
		ASSERT_EQ(0, pthread_create(&thread, NULL, unmap_all, dev));
		EXPECT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
		for (i = 0; i < 20; i++)
			vdev_trap(dev);
		ASSERT_EQ(0, pthread_join(thread, &ret));
		EXPECT_EQ(NULL, ret);
		EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
		EXPECT_EQ(CDNA_CTX_FAULTED, vdev_read(dev, CDNA_VREG_STATE));
		ASSERT_EQ(0, vdev_map(dev, dev->mem, VDEV_IOVA, VDEV_MEMORY,
				      VFIO_DMA_MAP_FLAG_READ |
				      VFIO_DMA_MAP_FLAG_WRITE));
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	}
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_F(standstill, reset_and_closed_meanwhile)
{
	struct vdev *dev = &self->dev;
	char uuid[40];

	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(MIG_RUNNING, mig_state(dev));
	vdev_master(dev, true);
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));

	memcpy(uuid, dev->uuid, sizeof(uuid));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_EQ(MIG_RUNNING, mig_state(dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 2, 100));
}

TEST_F(standstill, without_queues)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(0, mig_go(dev, MIG_STOP, NULL));
	ASSERT_EQ(0, mig_go(dev, MIG_RUNNING, NULL));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_ping(dev, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
