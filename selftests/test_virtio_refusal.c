// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC that does not do what the host asks it for about a virtio network card, and is not
 * dead: the guest's driver gets its answers. cdna_refuser.ko makes the NIC refuse.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "mig.h"
#include "nic.h"
#include "virtio.h"

FIXTURE(refusal) {
	struct virtio virtio;
	struct vdev *dev;
	char nic[64];
	uint8_t peer[6];
};

static int start(struct virtio *virtio, uint64_t features)
{
	int ret = virtio_start(virtio, features);

	if (!ret)
		virtio_fill(virtio, VIRTIO_SIZE / 2);
	return ret;
}

FIXTURE_SETUP(refusal)
{
	ASSERT_EQ(0, nic_load_refuser());
	ASSERT_EQ(0, nic_refuse(0));
	nic_name(self->nic, sizeof(self->nic));
	self->dev = &self->virtio.dev;
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xdc));
	ASSERT_EQ(0, start(&self->virtio, VIRTIO_CONTROLLED));
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

/* The NIC has only refused, and the device works once it was reset. */
FIXTURE_TEARDOWN(refusal)
{
	EXPECT_EQ(0, nic_refuse(0));
	EXPECT_TRUE(nic_is(self->nic, "alive"));
	EXPECT_EQ(0, start(&self->virtio, VIRTIO_CONTROLLED));
	EXPECT_TRUE(virtio_ping(&self->virtio, self->peer, 1, 100));
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev->uuid));
}

/* A command that may have been given before, which a driver waits for without end */
static void expect_answers(struct __test_metadata *_metadata,
			   struct virtio *virtio, const uint8_t *waiting)
{
	struct virtq *ctrl = &virtio->queue[virtio->ctrl];
	struct vring_used_elem elem;

	EXPECT_TRUE(virtio_needs_reset(virtio));
	ASSERT_TRUE(virtq_used(ctrl, &elem, 2000));
	EXPECT_EQ(VIRTIO_NET_ERR, waiting[-1]);
	EXPECT_EQ(VIRTIO_NET_ERR,
		  virtio_command(virtio, VIRTIO_NET_CTRL_RX,
				 VIRTIO_NET_CTRL_RX_PROMISC, "\1", 1));
}

/* Return: a command, which was given and nobody has answered */
static const uint8_t *give_command(struct virtio *virtio)
{
	struct virtq *ctrl = &virtio->queue[virtio->ctrl];
	uint8_t *mem = virtio->dev.mem + MEM_CONTROL + 16;

	mem[0] = VIRTIO_NET_CTRL_RX;
	mem[1] = VIRTIO_NET_CTRL_RX_PROMISC;
	mem[2] = 1;
	virtio_command_at(virtio, 0, mem, virtio->dev.iova + MEM_CONTROL + 16,
			  3);
	virtq_offer(ctrl, 0);
	virtq_notify(virtio, ctrl);
	return mem;
}

TEST_F(refusal, of_a_pause)
{
	const uint8_t *waiting;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_QUIESCE));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	waiting = give_command(&self->virtio);
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	expect_answers(_metadata, &self->virtio, waiting);
}

TEST_F(refusal, to_go_on)
{
	const uint8_t *waiting;

	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_RESUME));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	waiting = give_command(&self->virtio);
	EXPECT_FALSE(virtio_needs_reset(&self->virtio));
	ASSERT_EQ(0, mig_go(self->dev, MIG_RUNNING, NULL));
	expect_answers(_metadata, &self->virtio, waiting);
}

TEST_HARNESS_MAIN
