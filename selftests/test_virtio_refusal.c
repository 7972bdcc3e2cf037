// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC that does not do what the host asks it for about a virtio network card, and is not
 * dead: the guest's driver gets its answers. cdna_refuser.ko makes the NIC refuse.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "mig.h"
#include "nic.h"
#include "trace.h"
#include "virtio.h"

/* In a trace; one that is refused has another opcode. */
#define SET_COALESCE	" opcode 0x50 "

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
	trace_put("events/cdna/enable", "0");
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

static int moderate(struct virtio *virtio, uint8_t command, uint32_t frames)
{
	const struct virtio_net_ctrl_coal coal = { frames, 1000 };

	return virtio_command(virtio, VIRTIO_NET_CTRL_NOTF_COAL, command, &coal,
			      sizeof(coal));
}

/* What the guest of a virtio device reads, and how many commands the NIC got for it */
static int moderate_tx(struct virtio *virtio, uint32_t frames, int *commands)
{
	const char *at;
	int ret;

	*commands = -1;
	if (trace_clear())
		return -1;
	ret = moderate(virtio, VIRTIO_NET_CTRL_NOTF_COAL_TX_SET, frames);
	at = trace_read();
	if (!at)
		return -1;
	for (*commands = 0; (at = strstr(at, SET_COALESCE)); at++)
		++*commands;
	return ret;
}

/* Each pair has its own, which is changed, and is changed back if another one could not be.
 * The NIC gets no command for what it has.
 */
TEST_F(refusal, of_one_pairs_moderation)
{
	struct virtio *virtio = &self->virtio;
	int n;

	if (virtio->most < 2)
		SKIP(return, "the NIC has one queue pair in each context");
	ASSERT_EQ(0, start(virtio, VIRTIO_CONTROLLED |
				   FEATURE(VIRTIO_NET_F_MQ) |
				   FEATURE(VIRTIO_NET_F_NOTF_COAL)));
	ASSERT_EQ(0, trace_put("events/cdna/cdna_command/enable", "1"));
	ASSERT_EQ(VIRTIO_NET_OK,
		  moderate(virtio, VIRTIO_NET_CTRL_NOTF_COAL_RX_SET, 32));
	EXPECT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 8, &n));
	EXPECT_EQ(virtio->most, n);
	EXPECT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 8, &n));
	EXPECT_EQ(0, n);

	ASSERT_EQ(0, nic_refuse_some(CDNA_CMD_SET_COALESCE, 1, 1));
	EXPECT_EQ(VIRTIO_NET_ERR, moderate_tx(virtio, 4, &n));
	EXPECT_EQ(2, n);
	EXPECT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 8, &n));
	EXPECT_EQ(0, n);

	/* It refuses to change back. */
	ASSERT_EQ(0, nic_refuse_some(CDNA_CMD_SET_COALESCE, 1, 2));
	EXPECT_EQ(VIRTIO_NET_ERR, moderate_tx(virtio, 4, &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 8, &n));
	EXPECT_EQ(1, n);
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

TEST_HARNESS_MAIN
